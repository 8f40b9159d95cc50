// How long cells and set-ups take, as far as it is known: out of a file that all machines have, or for people
// out of this checkout. What is not known is guessed from cells of the same label and column.
//
// Format of a file of durations, for people to commit: `{"version": 1, "matrix": "demo", "profiles":
// {"default": {"cells": {"actor-conn.native": 31200}, "set_ups": {"artifact napi": 9000}}}}`, milliseconds.
#pragma once

#include "base/clock.hpp"
#include "base/read_log.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

/// By name.
using Lengths = std::map<std::string, Milliseconds, std::less<>>;

struct KnownLengths {
  Lengths cells{};      ///< by the name of the cell
  Lengths set_ups{};    ///< `artifact napi`, `service engine`
  std::string source{}; ///< for people: `durations.json (digest 0123abcd)`; empty: nothing is known
};

/// What the cells of a plan take.
struct CellLengths {
  std::vector<Milliseconds> cells; ///< of each cell of the plan
  std::size_t known = 0;           ///< of these, how many are not guessed
};

/// The file that is read where none is named: `durations.json` beside the matrix.
std::filesystem::path usual_lengths_file(const CommonPlan& common);

/// What a file says: one of durations, a journal or a progress file, told apart by what is in it. Where none
/// is named, that of `usual_lengths_file`; where that is not there, nothing is known. Error (input): it
/// cannot be read, or is none of these; of another matrix.
Result<KnownLengths> read_lengths(const Plan& plan, const std::filesystem::path& file, ReadLog& log);

/// What the journal and the progress file of this checkout say.
KnownLengths lengths_here(const Plan& plan);

/// The text of a file of durations: what `existing` (empty: none) says of other profiles stays. Error
/// (input): `existing` is no such file of this matrix.
Result<std::string> lengths_text(const Plan& plan, const KnownLengths& known, const std::string& existing);

/// The known ones, and for the others the median of those with the same label and column, else of those with
/// the same label, the same column, or of all, in relation to their time-outs; of none, the time-outs.
CellLengths cell_lengths(const Plan& plan, const Lengths& known);

} // namespace ctest_matrix
