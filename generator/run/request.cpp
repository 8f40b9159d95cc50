#include "run/request.hpp"

#include "base/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ctest_matrix {

namespace {

Error misused(const std::string& what) {
  return {
      ExitCode::usage,
      fmt::format("run: {}\n  expected: reset, resume, only FILE, from FILE, skip FILE, or an axis and its "
                  "value (runtime wasm, runtime both)",
                  what)};
}

} // namespace

Result<void> read_words(const std::vector<std::string>& words, RunRequest& request) {
  std::optional<std::string> start;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "reset" || word == "resume") {
      if (start && *start != word) {
        return misused("'reset' and 'resume' contradict each other");
      }
      start = word;
      request.start = word == "reset" ? RunStart::reset : RunStart::resume;
      continue;
    }
    if (i + 1 == words.size()) {
      const std::string near = nearest(word, {k_run_words.begin(), k_run_words.end()});
      return misused(
          fmt::format("'{}' has no value{}", word,
                      near.empty() || near == word ? "" : fmt::format(", did you mean '{}'?", near)));
    }
    const std::string& value = words[++i];
    if (word == "only" || word == "from") {
      std::string& row = word == "only" ? request.only : request.from;
      if (!row.empty() && row != value) {
        return misused(fmt::format("'{}' is there twice, with '{}' and '{}'", word, row, value));
      }
      row = value;
    } else if (word == "skip") {
      request.skip.push_back(value);
    } else {
      request.axes.emplace_back(word, value);
    }
  }
  if (!request.only.empty() && !request.from.empty()) {
    return misused("'only' and 'from' contradict each other");
  }
  if (!request.only.empty() && std::ranges::find(request.skip, request.only) != request.skip.end()) {
    return misused(fmt::format("'only {0}' and 'skip {0}' contradict each other", request.only));
  }
  return {};
}

Result<void> check_request(const RunRequest& request) {
  for (const auto& [axis, value] : request.axes) {
    const auto first = std::ranges::find(request.axes, axis, &std::pair<std::string, std::string>::first);
    if (first->second != value) {
      return misused(fmt::format("'{}' is there twice, with '{}' and '{}'", axis, first->second, value));
    }
  }
  if (request.start == RunStart::reset && request.scope == RunScope::failed) {
    return misused("'reset' forgets what failed, which --failed and --failed-of ask for");
  }
  return {};
}

} // namespace ctest_matrix
