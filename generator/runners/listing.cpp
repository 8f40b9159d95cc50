#include "runners/listing.hpp"

#include "base/input_text.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace ctest_matrix {

/// `vitest list --json`: [{name, file, location: {line}}]
struct VitestPlace {
  int line = 0;
};

struct VitestListed {
  std::string name;
  std::string file;
  VitestPlace location;
};

template <typename Archive>
void fields(Archive& archive, VitestPlace& place) {
  archive.may_lack("line", place.line);
}

template <typename Archive>
void fields(Archive& archive, VitestListed& test) {
  archive("name", test.name);
  archive("file", test.file);
  archive.may_lack("location", test.location);
}

/// GoogleTest: {tests, testsuites: [{name, testsuite: [{name, file, line}]}]}; `tests` counts them all.
struct GoogleListedTest {
  std::string name;
  std::string file;
  int line = 0;
};

struct GoogleListedSuite {
  std::string name;
  std::vector<GoogleListedTest> testsuite;
};

struct GoogleListed {
  std::size_t tests = 0;
  std::vector<GoogleListedSuite> testsuites;
};

template <typename Archive>
void fields(Archive& archive, GoogleListedTest& test) {
  archive("name", test.name);
  archive.may_lack("file", test.file);
  archive.may_lack("line", test.line);
}

template <typename Archive>
void fields(Archive& archive, GoogleListedSuite& suite) {
  archive("name", suite.name);
  archive("testsuite", suite.testsuite);
}

template <typename Archive>
void fields(Archive& archive, GoogleListed& listed) {
  archive("tests", listed.tests);
  archive("testsuites", listed.testsuites);
}

/// jest's JSON report of a run whose pattern matches no test: {testResults: [{name, assertionResults: […]}]}.
struct JestListedTest {
  std::vector<std::string> titles; ///< of the blocks around it
  std::string title;
  std::string status;
  std::optional<VitestPlace> location; ///< with --testLocationInResults
};

struct JestListedFile {
  std::string name;
  std::string message; ///< why it could not be loaded, else empty
  std::vector<JestListedTest> tests;
};

struct JestListed {
  std::vector<JestListedFile> files;
};

template <typename Archive>
void fields(Archive& archive, JestListedTest& test) {
  archive("ancestorTitles", test.titles);
  archive("title", test.title);
  archive("status", test.status);
  archive.may_lack("location", test.location);
}

template <typename Archive>
void fields(Archive& archive, JestListedFile& file) {
  archive("name", file.name);
  archive.may_lack("message", file.message);
  archive("assertionResults", file.tests);
}

template <typename Archive>
void fields(Archive& archive, JestListed& listed) {
  archive("testResults", listed.files);
}

namespace {

constexpr std::string_view k_listing = "listing of the tests";

Result<Listing> read_vitest(std::string_view text) {
  TRY_ASSIGN(const std::vector<VitestListed> tests, from_json<std::vector<VitestListed>>(text));
  Listing listing;
  for (const VitestListed& test : tests) {
    listing.push_back({.file = test.file, .name = test.name, .line = test.location.line});
  }
  return listing;
}

Result<Listing> read_gtest(std::string_view text) {
  TRY_ASSIGN(const GoogleListed listed, from_json<GoogleListed>(text));
  Listing listing;
  for (const GoogleListedSuite& suite : listed.testsuites) {
    for (const GoogleListedTest& test : suite.testsuite) {
      listing.push_back({.file = test.file, .name = join_titles({suite.name, test.name}), .line = test.line});
    }
  }
  if (listed.tests != listing.size()) {
    return Error{ExitCode::input,
                 fmt::format("tests is {}, but {} are listed", listed.tests, listing.size())};
  }
  return listing;
}

Result<Listing> read_jest(std::string_view text) {
  TRY_ASSIGN(const JestListed listed, from_json<JestListed>(text));
  Listing listing;
  for (const JestListedFile& file : listed.files) {
    if (!file.message.empty()) {
      return Error{ExitCode::input, fmt::format("{}: {}", file.name, clean_text(file.message))};
    }
    for (const JestListedTest& test : file.tests) {
      std::vector<std::string> titles = test.titles;
      titles.push_back(test.title);
      const std::string name = join_titles(titles);
      if (test.status != "pending" && test.status != "todo" && test.status != "skipped") {
        return Error{ExitCode::input,
                     fmt::format("'{}' ran ({}); expected a pattern that no test matches, -t "
                                 "'(?!)'",
                                 clean_text(name), clean_text(test.status))};
      }
      listing.push_back({.file = file.name, .name = name, .line = test.location ? test.location->line : 0});
    }
  }
  return listing;
}

Result<Listing> read_json(ListingFormat format, std::string_view text) {
  auto listing = format == ListingFormat::vitest ? read_vitest(text)
                 : format == ListingFormat::jest ? read_jest(text)
                                                 : read_gtest(text);
  return listing ? listing : bad_input(k_listing, listing.error().message);
}

/// `tests/test_a.py::TestX::test_y[1]` has the class name `tests.test_a.TestX` in pytest's JUnit reports.
ListedTest pytest_test(std::string_view id) {
  const std::size_t bracket = std::min(id.find('['), id.size());
  const std::size_t last = id.substr(0, bracket).rfind("::");
  const std::string file(id.substr(0, id.find("::")));
  std::string module = file.ends_with(".py") ? file.substr(0, file.size() - 3) : file;
  std::string path = replace_all(module, "/", ".");
  if (last > file.size()) {
    path += "." + replace_all(std::string(id.substr(file.size() + 2, last - file.size() - 2)), "::", ".");
  }
  return {file, fmt::format("{}{}{}", path, k_between_titles, id.substr(last + 2)), 0};
}

/// Test ids up to the first blank line, then `5 tests collected in 0.01s` or `2/5 tests collected (…)`.
Result<Listing> read_pytest(std::string_view text) {
  Listing listing;
  int said = -1;
  bool ids = true;
  for (const std::string& line : split_lines(text)) {
    ids = ids && !trim(line).empty();
    if (ids && line.find("::") != std::string::npos) {
      listing.push_back(pytest_test(line));
    } else if (const std::size_t at = line.find(" collected"); at != std::string::npos) {
      said = leading_number(line);
    }
  }
  if (said != static_cast<int>(listing.size())) {
    return bad_input(k_listing,
                     said < 0 ? "expected `<n> tests collected` at the end of pytest --collect-only -q"
                              : fmt::format("pytest collected {} tests, but {} are listed; expected the "
                                            "output of --collect-only with a single -q",
                                            said, listing.size()));
  }
  return listing;
}

Listing read_lines(std::string_view text) {
  Listing listing;
  for (const std::string& line : split_lines(text)) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) {
      listing.push_back({line.substr(0, tab), line.substr(tab + 1), 0});
    } else if (!trim(line).empty()) {
      listing.push_back({"", line, 0});
    }
  }
  return listing;
}

} // namespace

Result<Listing> parse_listing(ListingFormat format, std::string_view text) {
  if (format == ListingFormat::lines && trim(text).empty()) {
    return Listing();
  }
  TRY_ASSIGN(const auto checked, checked_text(text, k_listing));
  switch (format) {
  case ListingFormat::vitest:
  case ListingFormat::jest:
  case ListingFormat::gtest:
    return read_json(format, checked);
  case ListingFormat::pytest:
    return read_pytest(checked);
  case ListingFormat::lines:
    break;
  }
  return read_lines(checked);
}

bool lists_itself(ListingFormat format) {
  return format == ListingFormat::gtest;
}

bool names_files(ListingFormat format) {
  return format == ListingFormat::vitest || format == ListingFormat::jest || format == ListingFormat::pytest;
}

std::vector<std::string> usual_inputs(ListingFormat format, const std::filesystem::path& file) {
  if (lists_itself(format) || file.empty() || *file.begin() == "..") {
    return {};
  }
  return {"*.json",
          "*.toml",
          "*.ini",
          "*.cfg",
          "*.yaml",
          "*.lock",
          "*.config.*",
          "conftest.py",
          "!**/__pycache__/**",
          file.has_parent_path() ? (*file.begin() / "**" / "*").string() : "*" + file.extension().string()};
}

bool lies_below(const ListedTest& test, std::string_view title) {
  if (title.empty()) {
    return true;
  }
  const std::string begin = fmt::format("{}{}", title, k_between_titles);
  return test.name.starts_with(begin) ||
         test.name.find(fmt::format("{}{}", k_between_titles, begin)) != std::string::npos;
}

} // namespace ctest_matrix
