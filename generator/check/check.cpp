#include "check/check.hpp"

#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/expected_tests.hpp"
#include "check/labels.hpp"
#include "check/mocha_options.hpp"
#include "check/packages.hpp"
#include "check/reach.hpp"
#include "check/renames.hpp"
#include "check/scope_depth.hpp"
#include "matrix/row_globs.hpp"
#include "plan/worktree.hpp"
#include "progress/document.hpp"
#include "progress/rename_rows.hpp"
#include "progress/sources.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

std::string describe(const Fix& fix) {
  switch (fix.kind) {
  case Fix::Kind::replace:
    return fmt::format("now '{}'", fix.text);
  case Fix::Kind::remove:
    return "row removed";
  case Fix::Kind::append:
    return fmt::format("row added behind it: {}", fix.text);
  }
  return "";
}

std::set<std::string> progress_files(const Matrix& matrix) {
  std::set<std::string> files{matrix.progress};
  for (const Profile& profile : matrix.profiles) {
    files.insert(profile.progress.empty() ? matrix.progress : profile.progress);
  }
  return files;
}

} // namespace

Result<std::string> write_fixes(const std::vector<Fix>& fixes, const ReadLog& read) {
  std::set<std::string> files;
  for (const Fix& fix : fixes) {
    files.insert(fix.place.file);
  }
  std::string said;
  for (const std::string& file : files) {
    TRY_ASSIGN(const WatchedFile watched, WatchedFile::read(file));
    TRY_ASSIGN(const std::string text, read_file(file));
    const Fixed fixed = apply_fixes(file, text, fixes);
    TRY_ASSIGN(const Edited edited,
               read.has_read(file, text) ? watched.replace(fixed.text) : Result<Edited>(Edited::overtaken));
    if (edited == Edited::overtaken) {
      return Error{ExitCode::input,
                   fmt::format("{}{}: somebody has changed it since it was compared with the suite; it was "
                               "left as it is, say `check --fix` again",
                               said, file)};
    }
    for (const Fix& fix : fixed.done) {
      said += fmt::format("{}:{}: {}\n", file, fix.place.line, describe(fix));
    }
    for (const Fix& fix : fixed.left) {
      said += fmt::format("{}:{}: not done, because of how it is written: {}\n", file, fix.place.line,
                          describe(fix));
    }
  }
  return said;
}

Result<void> move_ticks(const Project& project, const std::vector<Fix>& fixes) {
  RowNames renamed;
  for (const Fix& fix : fixes) {
    const auto& rows = project.matrix.rows;
    if (!fix.row.empty() && std::ranges::find(rows, fix.text, &Row::name) != rows.end()) {
      renamed.emplace_back(fix.row, fix.text);
    }
  }
  for (const std::string& progress : progress_files(project.matrix)) {
    std::error_code ignored;
    const std::filesystem::path path = project.places.root / with_worktree(project.places.root, progress);
    if (!renamed.empty() && std::filesystem::exists(path, ignored)) {
      TRY(rename_rows(path, project.places.evidence_or_state(), renamed));
    }
  }
  return {};
}

namespace {

/// Where the files lie that ticks rest on, where that is not the whole checkout.
std::vector<std::string> source_notes(const CommonPlan& common) {
  if (are_unlisted(common)) {
    return {fmt::format(
        "git lists no files in {} (it is not there, refuses a checkout of another user, or ignores the "
        "directory): every tick counts as old; `inputs` names what the tests read, or `git config "
        "--global --add safe.directory {}` lets git look",
        common.directory.string(), common.places.root.string())};
  }
  const std::string below = common.directory.lexically_relative(common.places.root).generic_string();
  if (!common.sources || below == "." || below.empty() || find_checkout(common.directory).empty()) {
    return {};
  }
  std::vector<std::string> directories{below};
  for (const std::string& package : linked_packages(common)) {
    directories.push_back((std::filesystem::path(below) / package).lexically_normal().generic_string());
  }
  return {fmt::format("ticks rest on what git knows below {}; `inputs` names what else the tests read",
                      join(directories, ", "))};
}

/// What is odd about the progress file, and what the next run will do to its columns.
std::vector<std::string> progress_notes(const Plan& plan) {
  const auto text = read_file(plan.common.progress);
  const Document document = Document::parse(text ? *text : "");
  const auto missing = document.missing_columns(plan);
  const auto unknown = document.unknown_columns(plan);
  std::vector<std::string> notes;
  if (const auto below = plan.common.progress.lexically_relative(plan.common.places.root);
      below.empty() || *below.begin() == "..") {
    notes.push_back(fmt::format("the progress file lies outside of the checkout, for all that name it: {}",
                                plan.common.progress.string()));
  }
  if (document.columns().empty()) {
    return notes;
  }
  for (const DocumentProblem& problem : document.problems(plan)) {
    notes.push_back(problem_text(plan.common.progress, problem));
  }
  if (missing.size() == plan.common.columns.size()) {
    notes.push_back(fmt::format("{} has boxes for other columns altogether ({}): `run` refuses it until it "
                                "is moved away or a column has a name that it has",
                                plan.common.progress.string(), join(document.columns(), ", ")));
    return notes;
  }
  if (!missing.empty()) {
    notes.push_back(
        fmt::format("{} gets empty boxes for: {}", plan.common.progress.string(), join(missing, ", ")));
  }
  if (!unknown.empty()) {
    notes.push_back(fmt::format("{} keeps the boxes of columns that the matrix does not have: {}",
                                plan.common.progress.string(), join(unknown, ", ")));
  }
  return notes;
}

} // namespace

namespace {

/// The cells whose tests the runner can be asked for.
std::vector<BoundCell> listed_cells(const Plan& plan) {
  std::vector<BoundCell> cells;
  for (const Cell& cell : plan.cells) {
    if (!plan.common.listing || cell.row->is_excluded()) {
      continue;
    }
    std::error_code ignored;
    BoundCell bound = bind(plan.common, cell);
    if (bound.file.empty() || std::filesystem::is_regular_file(bound.file, ignored)) {
      cells.push_back(std::move(bound));
    }
  }
  return cells;
}

} // namespace

Compared compare_with_suite(const Project& project, Diagnostics& diagnostics, const OnListing& on_listing) {
  check_label_parts(project, diagnostics);
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  check_reach(project, plan, diagnostics);
  SuiteOnDisk suite;
  const auto everywhere = all_rows_on_disk(project.matrix, project.places.root);
  std::ranges::set_union(everywhere, project.on_disk, std::back_inserter(suite.files));
  suite.renamed = find_renames(project, suite.files);
  Compared compared;
  std::map<std::string, Result<Listing>> asked;
  std::set<std::string> files;
  std::set<std::pair<std::string, std::string>> tests;
  const std::vector<BoundCell> bound = listed_cells(plan);
  std::vector<const BoundCell*> cells;
  for (const BoundCell& cell : bound) {
    const auto program = listing_program(plan.common, cell);
    if (program && is_unbuilt(plan.common, *program)) {
      suite.unbuilt.emplace_back(&cell, *program);
    } else {
      cells.push_back(&cell);
    }
  }
  ask_listings(plan.common, cells, on_listing);
  for (const BoundCell* cell : cells) {
    const std::string id = listing_id(plan.common, *cell);
    auto listing = asked.find(id);
    if (listing == asked.end()) {
      listing = asked.emplace(id, ask_listing(plan.common, *cell, ListingUse::remembered, on_listing)).first;
    }
    if (!listing->second) {
      suite.mute.emplace_back(cell, listing->second.error().message);
      continue;
    }
    const std::string whose =
        cell->file.empty() ? "" : cell->row->name; // rows of one program share its tests
    files.insert(whose);
    suite.listings.push_back({cell, in_own_file(plan.common, *cell, *listing->second)});
    for (const ListedTest& test : suite.listings.back().tests) {
      tests.emplace(whose, test.name);
    }
  }
  compared.fixes = report_drift(project, suite, diagnostics);
  std::ranges::move(check_packages(project, plan, diagnostics), std::back_inserter(compared.fixes));
  check_scope_depth(project, suite, diagnostics);
  check_mocha_options(plan, project.matrix.rows_place, diagnostics);
  compared.notes = source_notes(plan.common);
  std::ranges::move(progress_notes(plan), std::back_inserter(compared.notes));
  compared.files = files.size();
  compared.tests = tests.size();
  compared.is_whole = suite.unbuilt.empty();
  return compared;
}

} // namespace ctest_matrix
