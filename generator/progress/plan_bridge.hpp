// The progress modules' view of a plan.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "plan/verdict_line.hpp"
#include "progress/boxes.hpp"
#include "progress/document_spec.hpp"
#include "progress/journal.hpp"
#include "progress/store.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

StorePaths store_paths(const SuitePlan& suite);

DocumentSpec document_spec(const DocumentPlan& document);

ColumnPlan column_plan(const SuitePlan& suite, const DocumentPlan& document);

/// Row and column of every ticked box of the progress file; none where there is no (readable) file.
std::set<std::pair<std::string, std::string>> ticked_boxes(const Plan& plan);

/// The newest record of each cell of the plan's profile and configuration since the newest reset, those of
/// interrupted cells apart.
std::vector<Record> latest_records(const Plan& plan, std::span<const Record> journal);

/// How long each test of the plan took last, by its name with the prefix; none where nothing is known.
std::map<std::string, Milliseconds, std::less<>> test_durations(const Plan& plan);

VerdictLine verdict_line_of(const Record& record);

} // namespace ctest_matrix
