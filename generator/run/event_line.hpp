// The events of a run, for programs: one JSON object in each line.
#pragma once

#include "base/json.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// An event with its fields, an object, behind `version` and `event`; with a newline.
std::string event_line(std::string_view event, Json fields);

} // namespace ctest_matrix
