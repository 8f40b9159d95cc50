// The words of ours that stand where names of the matrix stand, too: as placeholders, as keys beside axes, as
// labels. A name that is one of them would be shadowed, or would shadow it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The label of the cells that `ctest-matrix run` selects; their number and length know no limit that way.
inline constexpr std::string_view k_selected_label = "ctest-matrix-run";

/// The label of the cells that are in the share of this machine (CTEST_MATRIX_SHARD).
inline constexpr std::string_view k_share_label = "shard";

/// What stands for a checkout wherever a command is rendered.
inline constexpr std::array<std::string_view, 3> k_root_placeholders{"root", "worktree", "worktree.number"};

/// What a word means where the name of an axis could stand (`{suite}`, a key of `forbid` or of a profile);
/// empty where it means nothing.
std::string_view reserved_for_axes(std::string_view word);

/// All of those words.
std::vector<std::string> words_reserved_for_axes();

/// The labels that we make ourselves, which tell what becomes of a cell: `todo`, `done`, ...
std::vector<std::string> labels_of_ours();

} // namespace ctest_matrix
