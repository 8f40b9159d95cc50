// The files in a ZIP archive, such as a CI makes of the artifacts of a job. Pure.
// Format: pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3 (without encryption and ZIP64).
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Whether a text begins as an archive does.
bool is_zip(std::string_view text);

/// The names and contents of the files whose names `wanted` likes, in the order of the archive. Error
/// (input): it is no archive, is cut off or damaged, is of a kind that is not read, or holds more than
/// `limit` bytes of such files.
Result<std::vector<std::pair<std::string, std::string>>>
unzip(std::string_view archive, const std::function<bool(std::string_view name)>& wanted, std::size_t limit);

} // namespace ctest_matrix
