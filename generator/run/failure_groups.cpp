#include "run/failure_groups.hpp"

#include "base/text.hpp"
#include "base/without_word.hpp"
#include "ledger/normalise.hpp"
#include "plan/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string failure_key(const Record& record) {
  std::string text = fmt::format("{}\n", verdict_name(record.verdict));
  for (const Failure& failure : record.failures) {
    text += fmt::format("{}: {}\n", failure.test, normalise_message(failure.message, Numbers::kept));
  }
  if (record.verdict != Verdict::fail || record.failures.empty()) {
    text += record.brief;
  }
  return without_word(without_word(std::move(text), record.row, "{row}"), record.column, "{column}");
}

std::vector<FailureGroup> group_failures(std::span<const Record> failed) {
  std::vector<FailureGroup> groups;
  std::vector<std::string> keys;
  for (const Record& record : failed) {
    const std::string key = failure_key(record);
    const auto known = std::ranges::find(keys, key);
    if (known == keys.end()) {
      keys.push_back(key);
      groups.push_back({.first = &record});
    } else {
      groups[static_cast<std::size_t>(known - keys.begin())].others.push_back(record.cell);
    }
  }
  return groups;
}

std::string others_line(const FailureGroup& group) {
  constexpr std::size_t k_named = 8;
  if (group.others.empty()) {
    return "";
  }
  std::vector<std::string> names = group.others;
  if (names.size() > k_named + 1) {
    names.resize(k_named);
    names.push_back(fmt::format("and {} more", group.others.size() - k_named));
  }
  return fmt::format("the same in {}: {}\n", plural(group.others.size(), "more cell"), join(names, ", "));
}

} // namespace ctest_matrix
