#include "report/page_html.hpp"

#include "base/templates.hpp"
#include "base/text.hpp"
#include "report/grid.hpp"

#include <map>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_most_divided = 64;

/// Replaces each `@NAME@` of the template once, in one go: what is put in is not looked at again.
std::string fill_in(std::string_view page, const std::map<std::string_view, std::string>& values) {
  std::string text;
  while (!page.empty()) {
    const std::size_t begin = page.find('@');
    const std::size_t end = begin == std::string_view::npos ? begin : page.find('@', begin + 1);
    if (end == std::string_view::npos) {
      break;
    }
    const auto value = values.find(page.substr(begin + 1, end - begin - 1));
    if (value == values.end()) {
      text += page.substr(0, begin + 1); // no name, such as @media
      page.remove_prefix(begin + 1);
    } else {
      text += page.substr(0, begin);
      text += value->second;
      page.remove_prefix(end + 1);
    }
  }
  return text.append(page);
}

/// For a reader without scripts.
std::string as_text(const ProgressReport& report) {
  const Terminal terminal{0, false, true};
  return render_grid(report.standings, report.columns, terminal) + "\n" + render_summary(report.summary);
}

} // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text)) {
    switch (c) {
    case '&':
      escaped += "&amp;";
      break;
    case '<':
      escaped += "&lt;";
      break;
    case '>':
      escaped += "&gt;";
      break;
    case '"':
      escaped += "&quot;";
      break;
    case '\'':
      escaped += "&#39;";
      break;
    default:
      escaped += c;
    }
  }
  return escaped;
}

std::string render_report_html(const PageInput& input, std::string_view nonce) {
  std::map<std::string_view, std::string> values{{"TITLE", escape_html(input.report.title)},
                                                 {"NONCE", std::string(nonce)},
                                                 {"TEXT", escape_html(as_text(input.report))}};
  std::string page;
  for (std::size_t divisor = 1; divisor <= k_most_divided; divisor *= 2) {
    if (divisor < k_most_divided && least_size(input, PageLimits().divided_by(divisor)) > k_page_bytes) {
      continue;
    }
    // `<` can end the element that holds the data; within JSON it is only in texts.
    values["DATA"] = replace_all(page_json(input, PageLimits().divided_by(divisor)), "<", "\\u003c");
    page = fill_in(find_template("report.html"), values);
    if (page.size() <= k_page_bytes) {
      break;
    }
  }
  return page;
}

} // namespace ctest_matrix
