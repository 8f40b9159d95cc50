#include "cell/agreements.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::uintmax_t k_most_bytes = 64 << 20;

/// A value and the line that holds it.
struct Found {
  std::string value;
  int line = 0;
};

/// The value in a line that holds the pattern anywhere: the shortest one that what follows {value} allows.
std::optional<std::string> value_in(const TextTemplate& pattern, const std::string& line) {
  const std::string before = *pattern.render([](std::string_view) { return "\n"; });
  const std::size_t value = before.find('\n');
  const std::string_view head = std::string_view(before).substr(0, value);
  const std::string_view tail = std::string_view(before).substr(value + 1);
  const std::size_t at = line.find(head);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const std::size_t begin = at + head.size();
  const std::size_t end = tail.empty() ? line.size() : line.find(tail, begin);
  const std::string found =
      end == std::string::npos ? "" : std::string(trim(line.substr(begin, end - begin)));
  return found.empty() ? std::nullopt : std::optional(found);
}

/// Error (setup): unreadable, no such line, or several of different values.
Result<Found> find_value(const std::filesystem::path& path, const TextTemplate& pattern) {
  const auto text = read_regular_file(path, k_most_bytes);
  if (!text) {
    return Error{ExitCode::setup, fmt::format("{}: error: {}", path.string(), text.error().message)};
  }
  Found found;
  int number = 0;
  for (const std::string& line : split_lines(*text)) {
    ++number;
    const auto value = value_in(pattern, line);
    if (!value) {
      continue;
    }
    if (found.line > 0 && found.value != *value) {
      return Error{ExitCode::setup,
                   fmt::format("{}:{}: error: {} stands for '{}' here and for '{}' in line {}", path.string(),
                               number, pattern.source(), clean_text(*value), clean_text(found.value),
                               found.line)};
    }
    if (found.line == 0) {
      found = {*value, number};
    }
  }
  if (found.line == 0) {
    return Error{ExitCode::setup, fmt::format("{}: error: no line has {}", path.string(), pattern.source())};
  }
  return found;
}

} // namespace

Result<std::string> check_agreement(const CommonPlan& common, const std::string& name) {
  std::vector<std::string> names;
  for (const Agreement& agreement : common.agreements) {
    names.push_back(agreement.name);
    if (agreement.name != name) {
      continue;
    }
    std::set<std::string> values;
    std::string said;
    bool bad = false;
    for (const AgreementPlace& place : agreement.places) {
      const auto path = (common.places.root / place.file).lexically_normal();
      const auto found = find_value(path, place.pattern);
      bad = bad || !found;
      if (found) {
        values.insert(found->value);
      }
      said += found ? fmt::format("{}:{}: error: {} is '{}' here\n", path.string(), found->line, name,
                                  clean_text(found->value))
                    : found.error().message + "\n";
    }
    if (bad || values.size() != 1) {
      return Error{ExitCode::setup, fmt::format("{}{}: the places do not agree", said, name)};
    }
    return *values.begin();
  }
  return Error{ExitCode::input, fmt::format("the matrix {} has no agreement '{}'{}", common.name, name,
                                            suggestion(name, names))};
}

} // namespace ctest_matrix
