#include "progress/config_line.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

/// The parts of `registry (static), runtimes (native, wasm)`, split at the commas outside of parentheses.
std::vector<std::string> config_parts(std::string_view config) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : config) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    const bool space = c == ' ' || c == '\t';
    if (c == ',' && depth <= 0) {
      parts.emplace_back();
    } else if (!space) {
      parts.back() += c;
    } else if (!parts.back().empty() && parts.back().back() != ' ') {
      parts.back() += ' ';
    }
  }
  for (std::string& part : parts) {
    part = trim(part);
  }
  std::erase(parts, "");
  return parts;
}

std::string_view name_of(std::string_view part) {
  return trim(part.substr(0, part.find('(')));
}

bool is_runtimes_part(std::string_view part) {
  return name_of(part) == "runtimes" || name_of(part) == "runtime";
}

/// The names in the parentheses of a part.
std::vector<std::string> names_in(std::string_view part) {
  const std::size_t open = part.find('(');
  if (open == std::string::npos || !part.ends_with(')')) {
    return {};
  }
  std::vector<std::string> names = split(part.substr(open + 1, part.size() - open - 2), ',');
  std::ranges::transform(names, names.begin(),
                         [](const std::string& name) { return std::string(trim(name)); });
  return names;
}

/// Leaves out the columns, `pythons (python3, dev)`, and what says no more than they do: of a single column
/// of an axis, `python (python3)`.
void leave_out_columns(std::vector<std::string>& parts, std::string_view columns) {
  const auto own = std::ranges::find(parts, columns, name_of);
  if (own == parts.end()) {
    return;
  }
  const std::vector<std::string> names = names_in(*own);
  parts.erase(own);
  std::erase_if(parts, [&](const std::string& part) {
    return name_of(part) == columns.substr(0, columns.size() - 1) && names_in(part) == names;
  });
}

} // namespace

std::vector<std::string> config_runtimes(std::string_view config) {
  for (const std::string& part : config_parts(config)) {
    if (std::vector<std::string> names = names_in(part); is_runtimes_part(part) && !names.empty()) {
      return names;
    }
  }
  return {};
}

bool same_config(std::string_view of_file, std::string_view of_plan) {
  const std::vector<std::string> planned = config_parts(of_plan);
  const std::string columns(planned.empty() ? "" : name_of(planned.back()));
  const auto comparable = [&](std::string_view config) {
    std::vector<std::string> parts = config_parts(config);
    if (columns.ends_with('s')) {
      leave_out_columns(parts, columns);
    }
    std::erase_if(parts, [](const std::string& part) { return is_runtimes_part(part); });
    std::ranges::sort(parts);
    return parts;
  };
  return comparable(of_file) == comparable(of_plan);
}

} // namespace ctest_matrix
