#include "plan/share_name.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_by = " by ";

} // namespace

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<SharePosition> parse_position(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto index = whole_number(text.substr(0, slash));
  const auto count = whole_number(text.substr(slash + 1));
  return index && count ? std::optional(SharePosition{*index, *count}) : std::nullopt;
}

bool is_share(const SharePosition& position) {
  return position.count > 0 && position.count <= k_most_shares && position.index > 0 &&
         position.index <= position.count;
}

std::string share_name(const SharePosition& position, const std::string& by) {
  return fmt::format("{}/{}{}{}", position.index, position.count, by.empty() ? "" : k_by, by);
}

std::optional<ShareName> parse_share_name(std::string_view text) {
  const std::size_t by = text.find(k_by);
  const auto position = parse_position(text.substr(0, by));
  if (!position || !is_share(*position)) {
    return std::nullopt;
  }
  return ShareName{.position = *position,
                   .by = std::string(by == std::string_view::npos ? "" : text.substr(by + k_by.size()))};
}

} // namespace ctest_matrix
