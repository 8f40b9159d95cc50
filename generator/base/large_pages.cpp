#include "base/large_pages.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <limits>

namespace ctest_matrix {

#ifdef __GLIBC__

namespace {

constexpr int k_usual_pad = 128 * 1024;         // bytes: glibc's own
constexpr int k_heap = 64 * 1024 * 1024;        // bytes of address space
constexpr int k_most_mapped = 32 * 1024 * 1024; // bytes: the largest that glibc takes
constexpr std::uintptr_t k_page = 2 * 1024 * 1024;

void* volatile below_large_pages = nullptr; ///< kept, and never read: a plain one would be left out

} // namespace

void use_large_pages() {
  mallopt(M_MMAP_THRESHOLD, k_most_mapped);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, k_heap);
  void* const grown = std::malloc(2 * k_usual_pad); // more than what is left of the first piece of heap
  mallopt(M_TOP_PAD, k_usual_pad);
  const auto first = reinterpret_cast<std::uintptr_t>(grown);
  const auto begin = (first + k_page - 1) / k_page * k_page;
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0)) / k_page * k_page;
  std::free(grown);
  if (grown != nullptr && begin < end) {
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
    below_large_pages = std::malloc(begin - first); // so that all that follows lies in them
  }
}

#else

void use_large_pages() {}

#endif

} // namespace ctest_matrix
