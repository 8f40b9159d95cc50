// The CTest commands of a plan: fixtures first, then one test per cell in the order of the matrix. Pure.
#pragma once

#include "matrix/reserved_words.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

/// What the emission depends on besides the plan.
struct EmitContext {
  std::filesystem::path index; ///< of the plan, in its state; what the launchers read
  std::set<std::pair<std::string, std::string>> ticked; ///< row and column of every ticked box
  std::set<std::string> included;            ///< excluded rows that were asked for, or `k_all_rows`
  std::set<std::string> selected;            ///< CTest's names of the tests that get `k_selected_label`
  std::set<std::string> share{};             ///< the same of those that get `k_share_label`
  bool source_lines = false;                 ///< CTest 3.30 and later know DEF_SOURCE_LINE
  std::map<std::string, std::string> places; ///< <file>:<line> of the cells whose tests were listed
};

/// Instead of the name of a row: all of them. No row can be called so.
constexpr std::string_view k_all_rows = "*";

/// A script for the load-time script (templates/load.cmake.in), which sets _ctest_matrix_tool and, when the
/// tests must not run, _ctest_matrix_not_ready: the set-up that fails is then _ctest_matrix_load, run by
/// _ctest_matrix_cmake.
std::string emit_ctest_script(const Plan& plan, const EmitContext& context);

/// Whether a CTest of this version (3.30.1) knows DEF_SOURCE_LINE.
bool knows_source_lines(std::string_view version);

} // namespace ctest_matrix
