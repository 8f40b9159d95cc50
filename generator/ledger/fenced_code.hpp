// Where code stands between fences (``` or ~~~) in Markdown, also in Markdown of which some lines hold what
// were many. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace ctest_matrix {

class FencedCode {
public:
  /// Of a line that `is_flat`, each word may be a fence. A fence that is not closed before another one opens,
  /// or before the text or the flat line ends, begins no code.
  FencedCode(std::string_view text, const std::function<bool(std::string_view)>& is_flat);

  /// Whether a byte is between fences, or of one.
  bool contains(std::size_t byte) const;

  /// The bytes of fences that begin no code, in order.
  const std::vector<std::size_t>& unclosed() const { return m_unclosed; }

private:
  struct Fence {
    std::size_t begin = 0;
    char mark = '`';
    std::size_t length = 0;
    bool is_bare = false; ///< no word stands behind it: it may close
  };

  struct Block {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// A fence at this byte of the text, up to `end`; its length is 0 where there is none.
  static Fence fence_at(std::string_view text, std::size_t begin, std::size_t end);

  void read_line(std::string_view text, std::size_t begin, std::size_t end);
  void read_flat_line(std::string_view text, std::size_t begin, std::size_t end);
  void meet(const Fence& fence);
  void give_up();

  Fence m_open; ///< its length is 0 where none is open
  std::vector<Block> m_blocks;
  std::vector<std::size_t> m_unclosed;
};

} // namespace ctest_matrix
