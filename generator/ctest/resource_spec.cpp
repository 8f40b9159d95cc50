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

std::filesystem::path resource_spec_path(const SuitePlan& suite) {
  return suite.places.state.parent_path() / "resources.json";
}

std::string merge_resource_spec(std::string_view existing, const SuitePlan& suite) {
  const Result<Json> before = parse_json(existing, {.twice = JsonRules::Twice::last_counts});
  Json pools = before && (*before)["local"][0].is_object() ? (*before)["local"][0] : Json::object();
  for (const Service& service : suite.services) {
    const std::string type = resource_type(suite, service);
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

Result<void> write_resource_spec(const SuitePlan& suite) {
  const std::filesystem::path path = resource_spec_path(suite);
  const auto existing = read_file(path);
  if (!existing && std::none_of(suite.services.begin(), suite.services.end(), is_pool)) {
    return {};
  }
  return write_file_if_changed(path, merge_resource_spec(existing ? *existing : "", suite));
}

} // namespace ctest_matrix
