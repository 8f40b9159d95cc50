#include "runners/written_titles.hpp"

#include "base/text.hpp"
#include "runners/titles.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace ctest_matrix {

namespace {

bool in_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_identifier(std::string_view title) {
  constexpr std::size_t k_shortest = 3; // shorter ones stand anywhere
  return title.size() >= k_shortest && std::isdigit(static_cast<unsigned char>(title.front())) == 0 &&
         std::ranges::all_of(title, in_identifier);
}

bool stands_in(std::string_view source, std::string_view title) {
  constexpr std::string_view k_quotes = "\"'`";
  const bool is_name = is_identifier(title);
  for (std::size_t at = source.find(title); !title.empty() && at != std::string_view::npos;
       at = source.find(title, at + 1)) {
    const char before = at == 0 ? '\n' : source[at - 1];
    const std::string_view behind = source.substr(at + title.size());
    const char after = behind.empty() ? '\n' : behind.front();
    const bool quoted = before == after && k_quotes.find(before) != std::string_view::npos;
    if (quoted || (is_name && !in_identifier(before) && !in_identifier(after))) {
      return true;
    }
  }
  return false;
}

} // namespace

bool is_written_in(std::string_view source, std::string_view test, std::string_view stem) {
  std::vector<std::string> titles = split_titles(std::string(test));
  if (titles.size() > 1) {
    std::vector<std::string> modules = split(titles.front(), '.');
    if (const auto own = std::ranges::find(modules, stem); own != modules.end()) {
      modules.erase(modules.begin(), own + 1); // classes are left
      titles.erase(titles.begin());
      titles.insert(titles.begin(), modules.begin(), modules.end());
    }
  }
  return std::ranges::all_of(titles, [&](const std::string& title) {
    const std::size_t bracket = title.find('[');
    const bool has_parameter = bracket != std::string::npos && title.ends_with(']');
    const std::string_view name = std::string_view(title).substr(0, bracket);
    return stands_in(source, title) ||
           (has_parameter && is_identifier(name) && stands_in(source, name) &&
            stands_in(source, std::string_view(title).substr(bracket + 1, title.size() - bracket - 2)));
  });
}

} // namespace ctest_matrix
