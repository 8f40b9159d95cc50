// What a run says of its failures besides: what the ledger knows of them, where they were seen before, and
// what of the ledger passes again.
#pragma once

#include "run/suite_run.hpp"

#include <span>
#include <string>

namespace ctest_matrix {

/// As lines, with a blank one before them; empty where neither the ledger nor the friction log says anything.
std::string known_words(const Run& run, std::span<const Record> failed, std::span<const Record> journal);

} // namespace ctest_matrix
