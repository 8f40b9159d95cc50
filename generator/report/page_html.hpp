// The report as one HTML page that needs nothing but itself. Returns text, touches no file.
#pragma once

#include "report/page_data.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// A page with more bytes shows less of logs, messages, tests and history.
inline constexpr std::size_t k_page_bytes = 1'000'000;

/// The page, made of templates/report.html. `nonce` is what tells the page's own script and style from
/// anything that might get in otherwise: letters and digits that nobody can foresee.
std::string render_report_html(const PageInput& input, std::string_view nonce);

/// The text as content of an element or of a quoted attribute.
std::string escape_html(std::string_view text);

} // namespace ctest_matrix
