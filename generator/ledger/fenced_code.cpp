#include "ledger/fenced_code.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <iterator>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shortest_fence = 3;

} // namespace

FencedCode::FencedCode(std::string_view text, const std::function<bool(std::string_view)>& is_flat) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const bool in_code = m_open.length > 0;
    if (!in_code && is_flat(text.substr(begin, end - begin))) {
      read_flat_line(text, begin, end);
    } else {
      read_line(text, begin, end);
    }
    begin = end + 1;
  }
  give_up();
}

bool FencedCode::contains(std::size_t byte) const {
  const auto behind = std::ranges::upper_bound(m_blocks, byte, {}, &Block::begin);
  return behind != m_blocks.begin() && byte < std::prev(behind)->end;
}

FencedCode::Fence FencedCode::fence_at(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view rest = text.substr(begin, end - begin);
  if (rest.empty() || (rest.front() != '`' && rest.front() != '~')) {
    return {};
  }
  const std::size_t length = std::min(rest.find_first_not_of(rest.front()), rest.size());
  const std::string_view words = rest.substr(length);
  if (length < k_shortest_fence || (rest.front() == '`' && words.find('`') != std::string_view::npos)) {
    return {};
  }
  return {.begin = begin, .mark = rest.front(), .length = length, .is_bare = trim(words).empty()};
}

void FencedCode::read_line(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t first = text.substr(0, end).find_first_not_of(" \t", begin);
  if (first != std::string_view::npos) {
    meet(fence_at(text, first, end));
  }
}

void FencedCode::read_flat_line(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t word = begin; word < end;) {
    const std::size_t behind = std::min(text.find(' ', word), end);
    meet(fence_at(text, word, behind));
    word = behind + 1;
  }
  give_up();
}

void FencedCode::meet(const Fence& fence) {
  if (fence.length == 0) {
    return;
  }
  const bool is_open = m_open.length > 0;
  const bool fits = is_open && fence.mark == m_open.mark && fence.length >= m_open.length;
  if (fits && fence.is_bare) {
    m_blocks.push_back({m_open.begin, fence.begin + fence.length});
    m_open = {};
  } else if (fits || !is_open) {
    give_up();
    m_open = fence;
  }
}

void FencedCode::give_up() {
  if (m_open.length > 0) {
    m_unclosed.push_back(m_open.begin);
    m_open = {};
  }
}

} // namespace ctest_matrix
