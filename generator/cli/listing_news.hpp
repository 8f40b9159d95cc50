// What is said while a runner lists its tests, which may take long.
#pragma once

#include "base/terminal.hpp"

#include <cstddef>

namespace ctest_matrix {

/// Says it on standard error: on a terminal in a line that is gone at the end, elsewhere once, of many files.
class ListingNews {
public:
  ListingNews();
  ListingNews(const ListingNews&) = delete;
  ListingNews& operator=(const ListingNews&) = delete;
  ~ListingNews();

  void operator()(std::size_t files);

private:
  Terminal m_terminal;
  std::size_t m_asked = 0;
};

} // namespace ctest_matrix
