#include "service/state.hpp"

#include "base/directory.hpp"
#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/json_fields.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace ctest_matrix {

namespace fs = std::filesystem;

template <>
inline constexpr std::array<std::pair<std::string_view, ServicePhase>, 7> k_json_names<ServicePhase>{
    {{"starting", ServicePhase::starting},
     {"healthy", ServicePhase::healthy},
     {"failed", ServicePhase::failed},
     {"died", ServicePhase::died},
     {"stopping", ServicePhase::stopping},
     {"stopped", ServicePhase::stopped},
     {"borrowed", ServicePhase::borrowed}}};

template <typename Archive>
void fields(Archive& archive, ServiceState& state) {
  int format = k_service_format;
  archive.may_lack("version", format);
  archive.may_lack("program", state.program);
  archive("phase", state.phase);
  archive("instance", state.instance);
  archive("supervisor", state.supervisor.pid);
  archive("supervisor_start", state.supervisor.start_time);
  archive("values", state.values);
  archive("target", state.target);
  archive("definition", state.definition);
  archive("log", state.log);
  archive("detail", state.detail);
  archive("start_time", state.start_time);
  archive("linger", state.linger);
}

Result<void> ServiceFiles::check_format() const {
  const fs::path file = m_directory / "state.json";
  const auto text = read_file(file);
  return text ? ctest_matrix::check_format(file, *text, k_service_format, "the service runs on, and nobody's")
              : Result<void>();
}

std::optional<ServiceState> ServiceFiles::read() const {
  const auto text = read_file(m_directory / "state.json");
  if (!text) {
    return std::nullopt;
  }
  auto state = from_json<ServiceState>(*text);
  return state ? std::optional(std::move(*state)) : std::nullopt;
}

Result<void> ServiceFiles::write(const ServiceState& state) const {
  return write_file_quickly(m_directory / "state.json", to_json(state, 1) + "\n");
}

Result<void> ServiceFiles::add_lease(const ProcessIdentity& holder) const {
  return write_file_quickly(m_directory / "leases" / fmt::format("{}-{}", holder.pid, holder.start_time), "");
}

void ServiceFiles::remove_lease(const ProcessIdentity& holder) const {
  std::error_code ignored;
  fs::remove(m_directory / "leases" / fmt::format("{}-{}", holder.pid, holder.start_time), ignored);
}

std::vector<ProcessIdentity> ServiceFiles::leases() const {
  std::vector<ProcessIdentity> holders;
  for (const DirectoryEntry& entry : list_directory(m_directory / "leases")) {
    const std::string& name = entry.name;
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
      std::error_code ignored;
      fs::remove(m_directory / "leases" / name, ignored);
    }
  }
  return holders;
}

Result<void> ServiceFiles::request_stop(const std::string& instance) const {
  return write_file_quickly(m_directory / "stop", instance);
}

bool ServiceFiles::stop_requested(const std::string& instance) const {
  const auto text = read_file(m_directory / "stop");
  return text && *text == instance;
}

} // namespace ctest_matrix
