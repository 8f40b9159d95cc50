#include "cli/listing_news.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <string>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_many = 10; // files

} // namespace

ListingNews::ListingNews() : m_terminal(terminal_of(STDERR_FILENO)) {}

ListingNews::~ListingNews() {
  if (m_terminal.moving && m_asked > 0) {
    fmt::print(stderr, "\r\x1b[K");
  }
}

void ListingNews::operator()(std::size_t files) {
  ++m_asked;
  const std::string what =
      files > 1 ? fmt::format("asking the runner for the tests of {} ...", plural(files, "file"))
                : "asking the runner for its tests ...";
  if (m_terminal.moving) {
    fmt::print(stderr, "\r\x1b[K{}",
               files == 1 && m_asked > 1 ? fmt::format("{} ({})", what, m_asked) : what);
  } else if (m_asked == 1 && files >= k_many) {
    fmt::print(stderr, "{}\n", what);
  }
}

} // namespace ctest_matrix
