#include "cli/cli.hpp"

#include "base/formats.hpp"
#include "base/large_pages.hpp"
#include "cli/axis_options.hpp"
#include "cli/command_line.hpp"
#include "cli/verbs.hpp"
#include "plan/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace {

std::vector<Verb> all_verbs(MatrixOptions& options) {
  std::vector<Verb> verbs{init_verb()};
  for (auto more : {matrix_verbs, run_verbs, history_verbs, shard_verbs, ctest_verbs}) {
    std::ranges::move(more(options), std::back_inserter(verbs));
  }
  std::ranges::move(help_verbs([&options] { return all_verbs(options); }), std::back_inserter(verbs));
  return verbs;
}

/// CTest 4.4 and later append what follows `ctest ... --` to the command of every test. Ours end in `--`, so
/// that it is known for what it is and reaches nobody.
std::vector<std::string> without_passed_on(std::vector<std::string> words) {
  for (std::size_t end = 2; end < words.size(); ++end) {
    const std::string& option = words[end - 2];
    if (words[end] == "--" && (option == "--index" || option == "--state")) {
      words.resize(end);
    }
  }
  return words;
}

/// Cuts off what stands behind `--`, and gives it to the verb that takes it.
void take_rest(const std::vector<Verb>& verbs, std::vector<std::string>& words) {
  const auto verb = std::ranges::find(verbs, words.empty() ? "" : words.front(), &Verb::name);
  const auto end = std::ranges::find(words, "--");
  if (verb != verbs.end() && verb->rest != nullptr && end != words.end()) {
    verb->rest->assign(end + 1, words.end());
    words.erase(end, words.end());
  }
}

} // namespace

int run_cli(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words == std::vector<std::string>{"--version"}) { // asked by scripts, often
    fmt::print("ctest-matrix {}\n", program_version());
    return 0;
  }
  if (words == std::vector<std::string>{"--version", "--json"}) {
    fmt::print("{}\n", version_json());
    return 0;
  }
  MatrixOptions options;
  const std::vector<Verb> verbs = all_verbs(options);
  words = without_passed_on(std::move(words));
  take_rest(verbs, words);
  words = take_axis_options(
      verbs, words,
      [](const std::string& matrix) {
        return names_in(matrix.empty() ? usual_project().matrix : std::filesystem::path(matrix)).axes;
      },
      options.axis_settings);
  const auto parsed = parse_command_line(verbs, words);
  if (const ExitCode* const code = std::get_if<ExitCode>(&parsed)) {
    return static_cast<int>(*code);
  }
  const Verb& verb = *std::get<const Verb*>(parsed);
  if (!verb.of_one) {
    use_large_pages();
  }
  const auto code = verb.action();
  if (code) {
    return static_cast<int>(*code);
  }
  const std::string& message = code.error().message;
  fmt::print(stderr, "{}{}", message, message.ends_with('\n') ? "" : "\n");
  return static_cast<int>(code.error().code);
}

} // namespace ctest_matrix
