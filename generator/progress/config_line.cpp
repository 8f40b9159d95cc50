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

bool is_runtimes_part(std::string_view part) {
  const std::string_view name = trim(part.substr(0, part.find('(')));
  return name == "runtimes" || name == "runtime";
}

} // namespace

std::vector<std::string> config_runtimes(std::string_view config) {
  for (const std::string& part : config_parts(config)) {
    const std::size_t open = part.find('(');
    if (is_runtimes_part(part) && open != std::string::npos && part.ends_with(')')) {
      std::vector<std::string> names = split(part.substr(open + 1, part.size() - open - 2), ',');
      std::ranges::transform(names, names.begin(),
                             [](const std::string& name) { return std::string(trim(name)); });
      return names;
    }
  }
  return {};
}

bool same_config(std::string_view a, std::string_view b) {
  const auto comparable = [](std::string_view config) {
    std::vector<std::string> parts = config_parts(config);
    std::erase_if(parts, [](const std::string& part) { return is_runtimes_part(part); });
    std::ranges::sort(parts);
    return parts;
  };
  return comparable(a) == comparable(b);
}

} // namespace ctest_matrix
