// How long each cell took when it ran last, from the journal and from the log of the progress file.
#pragma once

#include "base/clock.hpp"
#include "progress/boxes.hpp"
#include "progress/journal.hpp"

#include <map>
#include <span>
#include <string>

namespace ctest_matrix {

/// By cell name: of the newest record of a cell whose runner ran to an end or to its time-out; else of the
/// newest line of the log that tells a duration. Cells of which nothing is known are left out.
std::map<std::string, Milliseconds, std::less<>>
cell_durations(const Plan& plan, std::span<const Record> records, std::span<const std::string> log);

/// The same of a plan's journal and progress file, by the name of the test: with the prefix.
std::map<std::string, Milliseconds, std::less<>> test_durations(const Plan& plan);

} // namespace ctest_matrix
