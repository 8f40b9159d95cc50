#include "runners/titles.hpp"

#include "base/text.hpp"

namespace ctest_matrix {

std::string join_titles(const std::vector<std::string>& titles) {
  return join(titles, k_between_titles);
}

std::vector<std::string> split_titles(std::string_view text, std::string_view separator) {
  std::vector<std::string> titles;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    titles.emplace_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  titles.emplace_back(text);
  return titles;
}

} // namespace ctest_matrix
