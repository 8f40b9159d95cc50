// The process that started this one, from the first instruction on.
#pragma once

namespace ctest_matrix {

/// Remembers the parent. To be called first of all; again in a forked process that goes on by itself.
void note_parent();

/// Whether the parent that was noted has ended.
bool parent_is_gone();

/// The signal that tells of its end, once `watch_parent` was called: one that also wakes a stopped process,
/// and that does nothing where nobody listens. It comes as well when only the thread of the parent ends that
/// started this process, and for other reasons.
int parent_signal();
void watch_parent();

/// This process ends at once when its parent does, but for a run of `supervise`, which is ended first.
void end_with_parent();

} // namespace ctest_matrix
