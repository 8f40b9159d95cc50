#include "base/formats.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

#if defined(__x86_64__)
constexpr std::string_view k_cpu = "x64";
#elif defined(__aarch64__)
constexpr std::string_view k_cpu = "arm64";
#else
constexpr std::string_view k_cpu = "other";
#endif

#ifdef CTEST_MATRIX_SHARED
constexpr std::string_view k_linked = "shared";
#else
constexpr std::string_view k_linked = "static";
#endif

std::string_view without_space(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

/// What is behind `begin` and the white space before and after it; nothing when the text begins otherwise.
std::optional<std::string_view> behind(std::string_view text, std::string_view begin) {
  text = without_space(text);
  return text.starts_with(begin) ? std::optional(without_space(text.substr(begin.size()))) : std::nullopt;
}

} // namespace

std::string_view program_version() {
  return CTEST_MATRIX_VERSION;
}

std::string version_json() {
  return Json::object({{"name", "ctest-matrix"},
                       {"version", program_version()},
                       {"formats", Json::object({{"matrix", k_matrix_format},
                                                 {"journal", k_journal_format},
                                                 {"state", k_state_format},
                                                 {"plan", k_plan_format},
                                                 {"passes", k_passes_format},
                                                 {"service", k_service_format},
                                                 {"report", k_report_format},
                                                 {"events", k_event_format}})},
                       {"platform", Json::object({{"os", "linux"}, {"cpu", k_cpu}, {"linked", k_linked}})}})
      .dump();
}

std::optional<int> format_of(std::string_view json) {
  for (const std::string_view part : {"{", "\"version\"", ":"}) {
    const auto rest = behind(json, part);
    if (!rest) {
      return std::nullopt;
    }
    json = *rest;
  }
  int number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

Result<void> check_format(const fs::path& file, std::string_view text, int known, std::string_view without) {
  const auto found = format_of(text);
  if (!found || *found <= known) {
    return {};
  }
  return Error{
      ExitCode::input,
      fmt::format(
          "{} was written by a later ctest-matrix: expected format {} or an earlier one, got {}; this is "
          "version {}\n"
          "  ways to go on:\n"
          "    {}\n"
          "    mv {} {}.later   # {}",
          file.string(), known, *found, program_version(), upgrade_line(), file.string(), file.string(),
          without)};
}

std::string upgrade_line() {
  if (std::getenv("CTEST_MATRIX_LAUNCHER") != nullptr) { // of the npm package
    return "npm install --save-dev ctest-matrix@latest";
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (program == "/usr/bin/ctest-matrix") {
    return "apt-get install --only-upgrade ctest-matrix";
  }
  return fmt::format("put the later program in the place of {}", error ? "this one" : program.string());
}

} // namespace ctest_matrix
