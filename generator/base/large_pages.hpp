// The heap of a process that is about to hold much.
#pragma once

namespace ctest_matrix {

/// Lets the heap grow in pages of 2 MB where the kernel gives such on request (madvise(2), MADV_HUGEPAGE) and
/// keeps what is freed: to fault in 10,000 cells page by page takes as long as to make them. Memory that is
/// never touched takes none. To be called once, before there is much on the heap; where it cannot be had,
/// nothing changes.
void use_large_pages();

} // namespace ctest_matrix
