#include "runners/selection_variables.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace ctest_matrix {

namespace {

struct Variable {
  std::string_view name;
  std::string_view reader;
};

constexpr Variable k_variables[] = {
    {"PYTEST_ADDOPTS", "pytest"},
    {"GTEST_FILTER", "GoogleTest"},
    {"GTEST_TOTAL_SHARDS", "GoogleTest"},
    {"GTEST_SHARD_INDEX", "GoogleTest"},
    {"GTEST_REPEAT", "GoogleTest"},
    {"GTEST_SHUFFLE", "GoogleTest"},
    {"GTEST_FAIL_FAST", "GoogleTest"},
    {"GTEST_ALSO_RUN_DISABLED_TESTS", "GoogleTest"},
    {"TESTBRIDGE_TEST_ONLY", "GoogleTest, JUnit and others below Bazel"},
    {"TEST_TOTAL_SHARDS", "Catch2 and others below Bazel"},
    {"TEST_SHARD_INDEX", "Catch2 and others below Bazel"},
    {"NODE_TEST_CONTEXT", "node --test"},
    {"MOCHA_OPTIONS", "mocha"},
    {"NEXTEST_PROFILE", "cargo nextest"},
    {"NEXTEST_RETRIES", "cargo nextest"},
    {"NEXTEST_FAIL_FAST", "cargo nextest"},
    {"NEXTEST_MAX_FAIL", "cargo nextest"},
    {"NEXTEST_NO_TESTS", "cargo nextest"},
    {"TAP_ONLY", "node-tap"},
    {"TAP_GREP", "node-tap"},
    {"TAP_INVERT", "node-tap"},
    {"BATS_NO_FAIL_FOCUS_RUN", "bats"},
    {"T2_WORKFLOW", "Test2"},
    {"TEST_METHOD", "Test::Class"},
    {"SPEC_OPTS", "RSpec"},
    {"TESTOPTS", "minitest"},
};

constexpr std::string_view k_node_words[] = {"--test-"};
constexpr std::string_view k_go_words[] = {"-run=",  "-skip=", "--run=",  "--skip=",  "-short",
                                           "-list=", "-exec=", "-count=", "-failfast"};
constexpr std::string_view k_maven_words[] = {"-Dtest=",           "-Dit.test=", "-DskipTests",
                                              "-Dmaven.test.skip", "-Dgroups=",  "-DexcludedGroups="};

/// Options that select, in a variable that holds others, too.
struct Options {
  std::string_view name;
  std::string_view reader;
  std::span<const std::string_view> begins;
};

constexpr Options k_options[] = {
    {"NODE_OPTIONS", "node --test", k_node_words}, {"GOFLAGS", "go test", k_go_words},
    {"MAVEN_ARGS", "Maven", k_maven_words},        {"MAVEN_OPTS", "Maven", k_maven_words},
    {"JAVA_TOOL_OPTIONS", "Maven", k_maven_words},
};

/// Takes the options that select out of the words of a value; gives them. An option whose value is a word of
/// its own takes that along.
std::vector<std::string> take_words(const Options& options, std::string& value) {
  std::vector<std::string> kept;
  std::vector<std::string> taken;
  bool takes_next = false;
  for (const std::string& word : split(value, ' ')) {
    const bool selects =
        std::ranges::any_of(options.begins, [&](std::string_view begin) { return word.starts_with(begin); });
    if (selects || (takes_next && !word.empty() && !word.starts_with('-'))) {
      taken.push_back(word);
    } else {
      kept.push_back(word);
    }
    takes_next = selects && word.find('=') == std::string::npos && word != "--test-only";
  }
  value = join(kept, " ");
  return taken;
}

std::string said(std::string_view name, std::string_view value, std::string_view reader) {
  constexpr std::size_t k_most = 100; // bytes
  return fmt::format("{}={} ({})", name, ellipsis(printable(value), k_most), reader);
}

} // namespace

std::vector<std::string> take_out_selection(std::vector<std::string>& environment) {
  std::vector<std::string> taken;
  std::erase_if(environment, [&](std::string& entry) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string name = entry.substr(0, equals);
    std::string value = entry.substr(std::min(equals + 1, entry.size()));
    if (const auto* const found = std::ranges::find(k_variables, name, &Variable::name);
        found != std::end(k_variables)) {
      taken.push_back(said(name, value, found->reader));
      return true;
    }
    const auto* const options = std::ranges::find(k_options, name, &Options::name);
    if (options != std::end(k_options)) {
      for (const std::string& word : take_words(*options, value)) {
        taken.push_back(said(name, word, options->reader));
      }
      entry = fmt::format("{}={}", name, value);
    }
    return false;
  });
  return taken;
}

} // namespace ctest_matrix
