// The names of the tests, fixtures and locks that CTest gets: made here and nowhere else.
//
// `matrix` is the name of a plan, which begins with its prefix: `rivetkit`.
#pragma once

#include "plan/places.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// `rivetkit.ready`: the fixture of every cell, and its set-up.
std::string ready_test(std::string_view matrix);

/// `rivetkit.check`: compares the matrix with the suite.
std::string check_test(std::string_view matrix);

/// `rivetkit.agree.version`: a fixture of every cell, and its set-up.
std::string agreement_test(std::string_view matrix, std::string_view agreement);

/// `rivetkit.rule.no-mocks`
std::string rule_test(std::string_view matrix, std::string_view rule);

/// `rivetkit.artifact.napi`: a fixture, and its set-up.
std::string artifact_test(std::string_view matrix, std::string_view artifact);

/// `rivetkit.engine`
std::string service_fixture(std::string_view matrix, std::string_view service);

/// `rivetkit.engine.up`: its set-up.
std::string service_up_test(std::string_view matrix, std::string_view service);

/// `rivetkit.engine.down`: its clean-up.
std::string service_down_test(std::string_view matrix, std::string_view service);

/// `rivetkit.serial`: the RESOURCE_LOCK of cells that run one at a time.
std::string serial_lock(std::string_view matrix);

/// The test of a cell: its name behind the prefix.
std::string cell_test(const Places& places, std::string_view cell);

/// The name that a cell with this test has; nothing where the prefix is another one.
std::optional<std::string> cell_of_test(const Places& places, std::string_view test);

} // namespace ctest_matrix
