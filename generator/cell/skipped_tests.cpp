#include "cell/skipped_tests.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_most_reasons = 3;
constexpr std::size_t k_most_skips = 20;
constexpr std::size_t k_longest_title = 200; // bytes

struct Reason {
  std::string words;
  std::size_t tests = 0;
};

bool any_told(const std::vector<SkippedTest>& tests) {
  return std::ranges::any_of(tests, [](const SkippedTest& test) { return !test.reason.empty(); });
}

/// In the order in which they come first.
std::vector<Reason> reasons_of(const std::vector<SkippedTest>& tests) {
  std::vector<Reason> reasons;
  for (const SkippedTest& test : tests) {
    auto known = std::ranges::find(reasons, test.reason, &Reason::words);
    if (known == reasons.end()) {
      known = reasons.insert(known, {test.reason, 0});
    }
    ++known->tests;
  }
  return reasons;
}

} // namespace

std::string why_skipped(const std::vector<SkippedTest>& tests) {
  if (!any_told(tests)) {
    return "";
  }
  const std::vector<Reason> reasons = reasons_of(tests);
  std::vector<std::string> words;
  for (const Reason& reason : reasons) {
    if (words.size() == k_most_reasons) {
      words.push_back(fmt::format("and {}", plural(reasons.size() - k_most_reasons, "other reason")));
      break;
    }
    words.push_back(
        fmt::format("{}{}", reason.words.empty() ? "no reason told" : reason.words,
                    reasons.size() == 1 ? "" : fmt::format(" ({})", plural(reason.tests, "test"))));
  }
  return ": " + join(words, ", ");
}

std::vector<std::string> skip_remarks(const std::vector<SkippedTest>& tests) {
  std::vector<std::string> lines;
  if (!any_told(tests)) {
    return lines;
  }
  for (const SkippedTest& test : tests) {
    if (lines.size() == k_most_skips) {
      lines.push_back(fmt::format("skipped: and {}", plural(tests.size() - k_most_skips, "other test")));
      break;
    }
    lines.push_back(fmt::format("skipped: {}: {}", ellipsis(test.title, k_longest_title),
                                test.reason.empty() ? "no reason told" : test.reason));
  }
  return lines;
}

} // namespace ctest_matrix
