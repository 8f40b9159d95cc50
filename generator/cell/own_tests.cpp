#include "cell/own_tests.hpp"

#include "base/text.hpp"
#include "runners/dialects.hpp"
#include "runners/scope_titles.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

namespace ctest_matrix {

namespace {

/// A title in which each number, also a hexadecimal one, is `#`: what a port, a time or an id makes of it
/// differs each time that the titles are made.
std::string without_numbers(std::string_view title) {
  constexpr std::string_view k_digits = "0123456789";
  constexpr std::string_view k_hexadecimal = "0123456789abcdefABCDEF";
  std::string text;
  while (!title.empty()) {
    const std::string_view run = title.substr(0, title.find_first_not_of(k_hexadecimal));
    const bool is_number = run.find_first_of(k_digits) != std::string_view::npos;
    const std::string_view part = run.empty() ? title.substr(0, 1) : run;
    text += is_number ? "#" : part;
    title.remove_prefix(part.size());
  }
  return text;
}

/// The missing tests without those that the report calls by another number; `others` are its tests that are
/// not listed.
std::vector<std::string> without_renumbered(std::vector<std::string> missing,
                                            const std::multiset<std::string>& others) {
  std::multiset<std::string> unlisted;
  std::ranges::transform(others, std::inserter(unlisted, unlisted.end()), without_numbers);
  std::erase_if(missing, [&](const std::string& test) {
    const auto found = unlisted.find(without_numbers(test));
    const bool is_there = found != unlisted.end();
    if (is_there) {
      unlisted.erase(found);
    }
    return is_there;
  });
  return missing;
}

/// The listed tests that are not among those of the report which `counts` takes.
std::vector<std::string> listed_but(const BoundCell& cell, const Evidence& evidence,
                                    const std::function<bool(const TestCase&)>& counts) {
  std::multiset<std::string> reported;
  for (const TestCase& test : (*evidence.report)->tests) {
    if (in_scope(cell, evidence, test) && counts(test)) {
      reported.insert(join_titles(test.titles));
    }
  }
  std::vector<std::string> missing;
  for (const std::string& test : evidence.listed) {
    const auto found = reported.find(test);
    if (found == reported.end()) {
      missing.push_back(test);
    } else {
      reported.erase(found);
    }
  }
  for (const std::string& test : evidence.listed) { // one that stands there twice is no other one
    reported.erase(test);
  }
  return without_renumbered(std::move(missing), reported);
}

} // namespace

bool ends_own_file(const BoundCell& cell, const std::string& file) {
  return cell.file.string().ends_with(fmt::format("/{}", file));
}

bool may_be_own_file(const BoundCell& cell, const Evidence& evidence, const std::string& file) {
  const std::string_view writer = (*evidence.report)->writer;
  return evidence.is_own_file(file) ||
         ((writer == k_playwright || writer == k_libtest) && ends_own_file(cell, file));
}

bool ran(const TestCase& test) {
  return test.status == TestStatus::passed || test.status == TestStatus::failed;
}

bool in_scope(const BoundCell& cell, const Evidence& evidence, const TestCase& test) {
  const bool own_module = test.module.empty() || is_in_file(test.module, cell.file.string());
  const bool own_file =
      cell.file.empty() || (test.file.empty() ? own_module : may_be_own_file(cell, evidence, test.file));
  const bool own_title = cell.scope.empty() || lies_below(test, cell.scope);
  return own_file && own_title;
}

std::vector<std::string> missing_tests(const BoundCell& cell, const Evidence& evidence) {
  if (!evidence.report || !*evidence.report) {
    return {};
  }
  return listed_but(cell, evidence, [](const TestCase& /*any*/) { return true; });
}

std::string why_not_whole(const BoundCell& cell, const Evidence& evidence) {
  if (!evidence.report || !*evidence.report) {
    return "there is no report that says which tests ran";
  }
  if (evidence.listed.empty()) {
    return "it is not known which tests the cell has (runner: list)";
  }
  const std::vector<std::string> left_out = listed_but(cell, evidence, ran);
  return left_out.empty() ? ""
                          : fmt::format("{} of its {} did not run", left_out.size(),
                                        plural(evidence.listed.size(), "test"));
}

} // namespace ctest_matrix
