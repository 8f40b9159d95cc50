#include "ctest/caller.hpp"

#include "base/boot.hpp"
#include "base/text.hpp"
#include "process/identity.hpp"
#include "process/parent.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr int k_levels = 4; // of launchers and shells between CTest and a cell

} // namespace

bool writes_dashboard_results(const std::vector<std::string>& arguments) {
  constexpr std::string_view k_modes[] = {"-T",          "-D",
                                          "-M",          "-S",
                                          "-SP",         "--test-action",
                                          "--dashboard", "--test-model",
                                          "--script",    "--script-new-process"};
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return std::find(std::begin(k_modes), std::end(k_modes), argument) != std::end(k_modes);
  });
}

bool below_dashboard_ctest() {
  pid_t process = getppid();
  for (int level = 0; level < k_levels && process > 1; ++level) {
    const std::vector<std::string> arguments = arguments_of(process);
    if (!arguments.empty() &&
        std::filesystem::path(arguments.front()).filename().string().starts_with("ctest")) {
      return writes_dashboard_results(arguments);
    }
    process = parent_of(process).value_or(0);
  }
  return false;
}

std::string caller_note() {
  const ProcessIdentity caller = ProcessIdentity::of(getppid());
  return fmt::format("{} {} {}", caller.pid, caller.start_time, process_place());
}

bool has_ended(const char* note) {
  const std::vector<std::string> words = split(note == nullptr ? "" : note, ' ');
  if (words.size() != 3 || words[2].empty() || words[2] != process_place()) {
    return false;
  }
  ProcessIdentity caller;
  std::from_chars(words[0].data(), words[0].data() + words[0].size(), caller.pid);
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), caller.start_time);
  return caller.start_time > 0 && !caller.alive();
}

Result<void> stay_with_caller(bool test) {
  end_with_parent();
  if (test && has_ended(std::getenv(k_caller_variable))) {
    return Error{ExitCode::interrupted, "the ctest that has started it has ended"};
  }
  return {};
}

std::optional<int> allocated_instance(const std::string& resource_type) {
  std::string name = fmt::format("CTEST_RESOURCE_GROUP_0_{}", resource_type);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) {
    return std::nullopt;
  }
  constexpr std::string_view k_key = "id:";
  std::string_view text = value;
  int number = 0;
  if (!text.starts_with(k_key)) {
    return std::nullopt;
  }
  text.remove_prefix(k_key.size());
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace ctest_matrix
