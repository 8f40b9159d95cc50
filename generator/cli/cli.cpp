#include "cli/cli.hpp"

#include "cli/axis_options.hpp"
#include "cli/command_line.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace {

std::vector<Verb> all_verbs(MatrixOptions& options) {
  std::vector<Verb> verbs{init_verb()};
  for (auto more : {matrix_verbs, run_verbs, ctest_verbs}) {
    std::ranges::move(more(options), std::back_inserter(verbs));
  }
  std::ranges::move(help_verbs([&options] { return all_verbs(options); }), std::back_inserter(verbs));
  return verbs;
}

} // namespace

int run_cli(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words == std::vector<std::string>{"--version"}) { // asked by scripts, often
    fmt::print("ctest-matrix {}\n", CTEST_MATRIX_VERSION);
    return 0;
  }
  MatrixOptions options;
  const std::vector<Verb> verbs = all_verbs(options);
  words = take_axis_options(verbs, words, options.axis_settings);
  const auto parsed = parse_command_line(verbs, words);
  if (const ExitCode* const code = std::get_if<ExitCode>(&parsed)) {
    return static_cast<int>(*code);
  }
  const auto code = std::get<const Verb*>(parsed)->action();
  if (code) {
    return static_cast<int>(*code);
  }
  const std::string& message = code.error().message;
  fmt::print(stderr, "{}{}", message, message.ends_with('\n') ? "" : "\n");
  return static_cast<int>(code.error().code);
}

} // namespace ctest_matrix
