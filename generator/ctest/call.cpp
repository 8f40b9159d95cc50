#include "ctest/call.hpp"

#include "base/text.hpp"
#include "ctest/script.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <string_view>

extern char** environ;

namespace ctest_matrix {

namespace {

constexpr std::string_view k_foreign_settings[] = {
    "CTEST_PARALLEL_LEVEL=", "CTEST_PROGRESS_OUTPUT=", "CTEST_NO_TESTS_ACTION=", "CTEST_OUTPUT_ON_FAILURE=",
    "CTEST_MATRIX_PROFILE=", "CTEST_MATRIX_SET=",      "CTEST_MATRIX_INCLUDE=",  "CTEST_MATRIX_SELECT="};

} // namespace

std::vector<std::string> environment_for_ctest() {
  std::vector<std::string> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (std::ranges::none_of(k_foreign_settings, [&](auto name) { return text.starts_with(name); }) &&
        !hands_on(text)) {
      environment.emplace_back(text);
    }
  }
  return environment;
}

ChildSpec child_of(const CtestCall& call) {
  ChildSpec spec;
  spec.argv = {"ctest",
               "--test-dir",
               call.build_dir.string(),
               "-L",
               fmt::format("^{}$", k_selected_label),
               "--no-tests=error",
               "--no-label-summary",
               "--output-junit",
               call.junit.string(),
               fmt::format("-j{}", call.jobs)};
  if (call.stop_on_failure) {
    spec.argv.emplace_back("--stop-on-failure");
  }
  const std::vector<std::string> handed = variables_of(call.handed);
  std::vector<std::string> settings;
  for (const auto& [axis, value] : call.overrides) {
    settings.push_back(axis + "=" + value);
  }
  spec.environment = environment_for_ctest();
  for (const auto& [name, value] :
       {std::pair("PROFILE", call.profile), std::pair("SET", join(settings, ",")),
        std::pair("INCLUDE", call.include), std::pair("SELECT", call.selection.string())}) {
    spec.environment.push_back(fmt::format("CTEST_MATRIX_{}={}", name, value));
  }
  spec.environment.insert(spec.environment.end(), handed.begin(), handed.end());
  return spec;
}

} // namespace ctest_matrix
