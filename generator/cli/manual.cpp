#include "cli/manual.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

/// A text as roff takes it for nothing else.
std::string roff(std::string_view text) {
  std::string escaped = replace_all(replace_all(std::string(text), "\\", "\\e"), "-", "\\-");
  escaped = replace_all(std::move(escaped), "…", "\\&...");
  return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string shown(const VerbOption& option) {
  const bool is_flag = std::holds_alternative<bool*>(option.target) ||
                       std::holds_alternative<std::function<void()>>(option.target);
  std::string text = fmt::format("\\fB{}\\fR", roff(replace_all(option.names, ",", ", ")));
  if (!is_flag && option.names.starts_with('-')) {
    text += fmt::format(" \\fI{}\\fR", roff(option.value_name.empty() ? "VALUE" : option.value_name));
  }
  return text;
}

void add_section(std::string& page, const Verb& verb, const std::string& above) {
  if (verb.hidden) {
    return;
  }
  const std::string name = above + verb.name;
  if (!verb.verbs.empty()) {
    for (const Verb& below : verb.verbs) {
      add_section(page, below, name + " ");
    }
    return;
  }
  std::string arguments;
  for (const VerbOption& option : verb.options) {
    if (!option.names.starts_with('-')) {
      const std::string argument = fmt::format("\\fI{}\\fR", roff(option.names));
      arguments += option.required ? " " + argument : " [" + argument + "]";
    }
  }
  page += fmt::format(".SS \"{}\"\n\\fBctest\\-matrix {}\\fR [\\fIOPTIONS\\fR]{}\n.PP\n{}.\n", roff(name),
                      roff(name), arguments, roff(verb.help));
  for (const VerbOption& option : verb.options) {
    if (!option.hidden) {
      page += fmt::format(".TP\n{}\n{}\n", shown(option), roff(option.help));
    }
  }
  page += fmt::format(".PP\nExample: \\fBctest\\-matrix {}\\fR\n", roff(verb.example));
}

} // namespace

std::string manual_page(const std::vector<Verb>& verbs, const std::string& version) {
  std::string page = fmt::format(R"(.TH CTEST\-MATRIX 1 "" "ctest-matrix {}" "User Commands"
.SH NAME
ctest\-matrix \- one CTest test per test file and runtime of an outside test suite
.SH SYNOPSIS
\fBctest\-matrix\fR \fIVERB\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]
.SH DESCRIPTION
Runs one test suite of an outside test runner over a matrix of runtimes, as one CTest test per test file and runtime.
\fBctest\-matrix init\fR writes a matrix for the suite of a checkout, \fBctest\-matrix run\fR runs it, \fBctest\-matrix
help\fR has the reference.
.SH VERBS
)",
                                 roff(version));
  for (const Verb& verb : verbs) {
    add_section(page, verb, "");
  }
  return page + R"(.SH EXIT STATUS
.TP
.B 0
fine
.TP
.B 1
a bug, or output that could not be written
.TP
.B 2
wrong usage
.TP
.B 3
bad input: a matrix, results, a progress file
.TP
.B 4
a cell failed
.TP
.B 5
a set\-up failed, or nothing can be said
.TP
.B 77
skipped
.TP
.B 130
interrupted
.SH SEE ALSO
.BR ctest (1),
.BR cmake (1),
.BR ninja (1)
)";
}

} // namespace ctest_matrix
