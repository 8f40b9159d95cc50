// The titles of a JUnit report's tests, and the files that they are in, as each dialect tells them.
#pragma once

#include "base/xml.hpp"
#include "runners/dialects.hpp"
#include "runners/runner_report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The suites around a test.
struct JunitScope {
  std::vector<std::string> titles;
  std::string file;
  std::string suite; ///< name of the innermost one
};

class JunitTitles {
public:
  JunitTitles(const XmlElement& root, const Dialect& dialect);

  /// What a `<testsuite>` adds for the tests in it.
  void enter(const XmlElement& suite, JunitScope& scope) const;

  /// Gives a test its titles and its file.
  void name(const XmlElement& element, const JunitScope& scope, TestCase& test) const;

private:
  void name_jest(const XmlElement& element, const JunitScope& scope, TestCase& test) const;
  void name_mocha(const XmlElement& element, const JunitScope& scope, TestCase& test) const;
  void name_by_class(const XmlElement& element, const JunitScope& scope, TestCase& test) const;

  const Dialect& m_dialect;
  std::string_view m_jest_separator = " "; ///< `ancestorSeparator`, as far as the report shows it
};

} // namespace ctest_matrix
