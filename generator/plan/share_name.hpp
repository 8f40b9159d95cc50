// How a share of the cells is called: `2/5` is the second of five, `2/5 by runtime` one without two runtimes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// More machines than that are a slip.
inline constexpr std::size_t k_most_shares = 10'000;

/// One of so many shares.
struct SharePosition {
  std::size_t index = 1; ///< from 1
  std::size_t count = 1;

  bool operator==(const SharePosition&) const = default;
};

struct ShareName {
  SharePosition position;
  std::string by{}; ///< an axis, or `column`: no share has two of its values; empty: any

  bool operator==(const ShareName&) const = default;
};

/// A number without a sign, and nothing behind it.
std::optional<std::size_t> whole_number(std::string_view text);

/// The numbers of `2/5`, whatever they are; nothing for any other text.
std::optional<SharePosition> parse_position(std::string_view text);

/// Whether there is such a share: the index counts from 1, and the count has its limit.
bool is_share(const SharePosition& position);

/// `2/5`, `2/5 by runtime`: what records say.
std::string share_name(const SharePosition& position, const std::string& by);

/// Reads what `share_name` writes; nothing for any other text, or where there is no such share.
std::optional<ShareName> parse_share_name(std::string_view text);

} // namespace ctest_matrix
