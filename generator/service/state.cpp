#include "service/state.hpp"

#include "base/files.hpp"
#include "process/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <charconv>
#include <csignal>

namespace ctest_matrix {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

NLOHMANN_JSON_SERIALIZE_ENUM(ServicePhase, {{ServicePhase::failed, "failed"},
                                            {ServicePhase::starting, "starting"},
                                            {ServicePhase::healthy, "healthy"},
                                            {ServicePhase::died, "died"},
                                            {ServicePhase::stopping, "stopping"},
                                            {ServicePhase::stopped, "stopped"},
                                            {ServicePhase::borrowed, "borrowed"}})

} // namespace

ProcessIdentity ProcessIdentity::of(pid_t pid) {
  return {pid, ctest_matrix::start_time(pid).value_or(0)};
}

bool ProcessIdentity::alive() const {
  return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM) &&
         ctest_matrix::start_time(pid).value_or(0) == start_time;
}

std::optional<ServiceState> ServiceFiles::read() const {
  const auto text = read_file(m_directory / "state.json");
  if (!text) {
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(*text);
    ServiceState state;
    state.phase = json.at("phase").get<ServicePhase>();
    json.at("instance").get_to(state.instance);
    state.supervisor = {json.at("supervisor").get<pid_t>(), json.at("supervisor_start").get<std::uint64_t>()};
    state.values = json.at("values").get<std::map<std::string, std::string, std::less<>>>();
    json.at("target").get_to(state.target);
    json.at("definition").get_to(state.definition);
    json.at("log").get_to(state.log);
    json.at("detail").get_to(state.detail);
    state.start_time = Milliseconds(json.at("start_time").get<long long>());
    state.linger = Milliseconds(json.at("linger").get<long long>());
    return state;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Result<void> ServiceFiles::write(const ServiceState& state) const {
  const Json json{{"phase", state.phase},
                  {"instance", state.instance},
                  {"supervisor", state.supervisor.pid},
                  {"supervisor_start", state.supervisor.start_time},
                  {"values", state.values},
                  {"target", state.target},
                  {"definition", state.definition},
                  {"log", state.log},
                  {"detail", state.detail},
                  {"start_time", state.start_time.count()},
                  {"linger", state.linger.count()}};
  return write_file_atomic(m_directory / "state.json",
                           json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<void> ServiceFiles::add_lease(const ProcessIdentity& holder) const {
  return write_file_atomic(m_directory / "leases" / fmt::format("{}-{}", holder.pid, holder.start_time), "");
}

void ServiceFiles::remove_lease(const ProcessIdentity& holder) const {
  std::error_code ignored;
  fs::remove(m_directory / "leases" / fmt::format("{}-{}", holder.pid, holder.start_time), ignored);
}

std::vector<ProcessIdentity> ServiceFiles::leases() const {
  std::vector<ProcessIdentity> holders;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(m_directory / "leases", error)) {
    const std::string name = entry.path().filename().string();
    ProcessIdentity holder;
    const char* end = name.data() + name.size();
    const auto pid = std::from_chars(name.data(), end, holder.pid);
    if (pid.ec != std::errc() || pid.ptr == end || *pid.ptr != '-' ||
        std::from_chars(pid.ptr + 1, end, holder.start_time).ptr != end) {
      continue; // a temporary name of an atomic write
    }
    if (holder.alive()) {
      holders.push_back(holder);
    } else {
      fs::remove(entry.path(), error);
    }
  }
  return holders;
}

Result<void> ServiceFiles::request_stop(const std::string& instance) const {
  return write_file_atomic(m_directory / "stop", instance);
}

bool ServiceFiles::stop_requested(const std::string& instance) const {
  const auto text = read_file(m_directory / "stop");
  return text && *text == instance;
}

} // namespace ctest_matrix
