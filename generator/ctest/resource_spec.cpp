#include "ctest/resource_spec.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "ctest/resources.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

bool is_pool(const Service& service) {
  return service.instances > 1;
}

} // namespace

std::filesystem::path resource_spec_path(const CommonPlan& common) {
  return common.places.state.parent_path() / "resources.json";
}

std::string merge_resource_spec(std::string_view existing, const CommonPlan& common) {
  const Result<Json> before = parse_json(existing, {.twice = JsonRules::Twice::last_counts});
  Json pools = before && (*before)["local"][0].is_object() ? (*before)["local"][0] : Json::object();
  for (const Service& service : common.services) {
    const std::string type = resource_type(common, service);
    pools.erase(type);
    if (!is_pool(service)) {
      continue;
    }
    Json ids = Json::array();
    for (int number = 0; number < service.instances; ++number) {
      ids.push_back(Json::object({{"id", std::to_string(number)}}));
    }
    pools.set(type, std::move(ids));
  }
  const Json spec = Json::object(
      {{"version", Json::object({{"major", 1}, {"minor", 0}})}, {"local", Json::array({pools})}});
  return spec.dump(1) + "\n";
}

Result<void> write_resource_spec(const CommonPlan& common) {
  const std::filesystem::path path = resource_spec_path(common);
  const auto existing = read_file(path);
  if (!existing && std::none_of(common.services.begin(), common.services.end(), is_pool)) {
    return {};
  }
  return write_file_if_changed(path, merge_resource_spec(existing ? *existing : "", common));
}

} // namespace ctest_matrix
