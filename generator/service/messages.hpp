// What messages about services say of processes and logs.
#pragma once

#include "matrix/matrix.hpp"
#include "process/listeners.hpp"
#include "service/state.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The last lines of a log, indented, each on a line of its own; empty when there are none.
std::string end_of_log(const std::string& path);

/// `process 4711 of the user postgres: /usr/bin/postgres -D …`; of another user's process often only the user
/// is known.
std::vector<std::string> owners_of(const std::vector<Listener>& listeners);

/// Who listens where `target` points to, one indented line each; empty when nobody is seen.
std::string holders_at(HealthKind kind, const std::string& target);

/// Processes that hold leases, or `nobody`.
std::string held_by(const std::vector<ProcessIdentity>& holders);

/// A warning where one of the listeners belongs to another user or to another ctest-matrix, or all run from
/// somewhere else than this checkout; empty where one of them does not, or nothing can be known.
std::string stranger_warning(const std::filesystem::path& root, const std::vector<Listener>& listeners);

} // namespace ctest_matrix
