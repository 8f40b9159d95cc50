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
  std::string_view program{}; ///< a name that others use for other things goes only where this is called
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
    {"BOOST_TEST_RUN_FILTERS", "Boost.Test"},
    {"BOOST_TEST_RESULT_CODE", "Boost.Test, which exits with 0"},
    {"BOOST_TEST_LIST_CONTENT", "Boost.Test, which runs nothing"},
    {"PYTHONOPTIMIZE", "Python, which leaves assertions out"},
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
    {"TAP_CHANGED", "node-tap"},
    {"TAP_SNAPSHOT", "node-tap, which writes its snapshots anew"},
    {"BATS_NO_FAIL_FOCUS_RUN", "bats"},
    {"T2_WORKFLOW", "Test2"},
    {"TEST_METHOD", "Test::Class"},
    {"SPEC_OPTS", "RSpec"},
    {"TESTOPTS", "minitest"},
    {"TEST", "rake", "rake"},
    {"N", "minitest below rake", "rake"},
    {"X", "minitest below rake", "rake"},
    {"A", "minitest below rake", "rake"},
};

// As the command line has them, with one spelling for each: see `plain_word`.
constexpr std::string_view k_node_words[] = {"--test-"};
constexpr std::string_view k_bun_words[] = {"-t",      "--test-name-pattern", "--only",    "--todo", "--bail",
                                            "--shard", "--rerun-each",        "--changed", "--retry"};
constexpr std::string_view k_go_words[] = {
    "-run=", "-skip=", "-short", "-list=", "-exec=", "-count=", "-failfast"};
constexpr std::string_view k_maven_words[] = {
    "-Dtest=",   "-Dit.test=",        "-DskipTests",         "-Dmaven.test.skip",
    "-Dgroups=", "-DexcludedGroups=", "-Dsurefire.includes", "-Dsurefire.excludes"};

/// How a runner spells options, beside the usual way.
enum class Spelling {
  usual,
  node,  ///< `_` stands for `-`, too
  go,    ///< `--run=` and `-test.run=` are `-run=`
  maven, ///< `-D test=x`, `--define test=x`
};

/// Options that select, in a variable that holds others, too.
struct Options {
  std::string_view name;
  std::string_view reader;
  std::span<const std::string_view> begins;
  Spelling spelling = Spelling::usual;
};

constexpr Options k_options[] = {
    {"NODE_OPTIONS", "node --test", k_node_words, Spelling::node},
    {"BUN_OPTIONS", "bun test", k_bun_words},
    {"GOFLAGS", "go test", k_go_words, Spelling::go},
    {"MAVEN_ARGS", "Maven", k_maven_words, Spelling::maven},
    {"MAVEN_OPTS", "Maven", k_maven_words, Spelling::maven},
    {"JAVA_TOOL_OPTIONS", "Maven", k_maven_words, Spelling::maven},
    {"JDK_JAVA_OPTIONS", "Maven", k_maven_words, Spelling::maven},
    {"_JAVA_OPTIONS", "Maven", k_maven_words, Spelling::maven},
};

constexpr std::string_view k_blanks = " \t\r\n";
constexpr std::string_view k_quoting = "\"'\\";

/// A word as its reader understands it: without what quotes (who knows which kinds of quotes each version
/// takes), in the one spelling of the tables.
std::string plain_word(Spelling spelling, std::string_view word) {
  std::string plain;
  for (const char c : word) {
    plain += k_quoting.find(c) == std::string_view::npos ? std::string(1, c) : "";
  }
  if (spelling == Spelling::node) {
    const std::size_t name = std::min(plain.find('='), plain.size());
    std::replace(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(name), '_', '-');
  }
  if (spelling == Spelling::go && plain.starts_with("--")) {
    plain.erase(0, 1);
  }
  if (spelling == Spelling::go && plain.starts_with("-test.")) {
    plain.erase(1, 5);
  }
  constexpr std::string_view k_define = "--define";
  if (spelling == Spelling::maven && plain.starts_with(k_define)) {
    plain = "-D" + plain.substr(std::min(plain.size(), k_define.size() + 1));
  }
  return plain;
}

/// Whether the quotes that a text opens are not all closed.
bool is_open(std::string_view text) {
  return std::ranges::count(text, '"') % 2 != 0 || std::ranges::count(text, '\'') % 2 != 0;
}

/// Whether the word behind an option is its value.
bool takes_value(std::string_view plain) {
  constexpr std::string_view k_alone[] = {"--test-only", "--only", "--todo"};
  return plain.find('=') == std::string_view::npos && std::ranges::find(k_alone, plain) == std::end(k_alone);
}

/// The words of a value; quotes do not hold one together, so that none hides in another.
std::vector<std::string> words_of(Spelling spelling, std::string_view value) {
  std::vector<std::string> words;
  for (std::size_t at = value.find_first_not_of(k_blanks); at < value.size();) {
    const std::size_t end = std::min(value.find_first_of(k_blanks, at), value.size());
    const std::string word(value.substr(at, end - at));
    if (!words.empty() && spelling == Spelling::maven && plain_word(spelling, words.back()) == "-D") {
      words.back() += " " + word;
    } else {
      words.push_back(word);
    }
    at = value.find_first_not_of(k_blanks, end);
  }
  return words;
}

/// Takes the options that select out of the words of a value; gives them. An option whose value is a word of
/// its own, or goes on behind a blank in quotes, takes that along.
std::vector<std::string> take_words(const Options& options, std::string& value) {
  std::vector<std::string> kept;
  std::vector<std::string> taken;
  bool takes_next = false;
  for (const std::string& word : words_of(options.spelling, value)) {
    std::string plain = plain_word(options.spelling, word);
    if (options.spelling == Spelling::maven && plain.starts_with("-D ")) {
      plain.erase(2, 1);
    }
    const bool selects =
        std::ranges::any_of(options.begins, [&](std::string_view begin) { return plain.starts_with(begin); });
    const bool goes_on = !taken.empty() && is_open(taken.back());
    if (!selects && goes_on) {
      taken.back() += " " + word;
    } else if (selects || (takes_next && !plain.starts_with('-'))) {
      taken.push_back(word);
    } else {
      kept.push_back(word);
    }
    takes_next = selects && takes_value(plain);
  }
  if (!taken.empty()) {
    value = join(kept, " ");
  }
  return taken;
}

std::string said(std::string_view name, std::string_view value, std::string_view reader) {
  constexpr std::size_t k_most = 100; // bytes
  return fmt::format("{}={} ({})", name, ellipsis(printable(value), k_most), reader);
}

/// Whether one of the words is a program, or a line of a shell that has its name.
bool calls(const std::vector<std::string>& command, std::string_view program) {
  constexpr std::string_view k_between = " \t\n;|&()/'\"";
  return std::ranges::any_of(command, [&](const std::string& word) {
    for (std::size_t at = word.find(program); at != std::string::npos; at = word.find(program, at + 1)) {
      const std::string_view behind = std::string_view(word).substr(at + program.size());
      if ((at == 0 || k_between.find(word[at - 1]) != std::string_view::npos) &&
          (behind.empty() || k_between.find(behind.front()) != std::string_view::npos)) {
        return true;
      }
    }
    return false;
  });
}

} // namespace

std::vector<std::string> take_out_selection(std::vector<std::string>& environment,
                                            const std::vector<std::string>& command) {
  std::vector<std::string> taken;
  std::erase_if(environment, [&](std::string& entry) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string name = entry.substr(0, equals);
    std::string value = entry.substr(std::min(equals + 1, entry.size()));
    if (const auto* const found = std::ranges::find(k_variables, name, &Variable::name);
        found != std::end(k_variables) && (found->program.empty() || calls(command, found->program))) {
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
