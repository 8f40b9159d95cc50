#include "ledger/ledger_files.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/own_files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_new_ledger =
    "# Known failures, for `ctest-matrix known`, `run` and `report`: <cell>: <test>, or <cell>: (<verdict>) "
    "where no\n"
    "# single test is to blame. Details stand below a line, comments above it.\n\n";
static_assert(k_new_ledger.starts_with(k_ledger_mark));
constexpr std::uintmax_t k_ledger_limit = std::uintmax_t{64} * 1024 * 1024; // bytes

/// The name of the matrix, without the prefix that a project gives it.
std::string own_name(const CommonPlan& common) {
  return common.name.substr(std::min(common.places.prefix.size(), common.name.size()));
}

} // namespace

std::string day_of(TimePoint time) {
  return format_timestamp(time).substr(0, std::string_view("2026-02-12").size());
}

Ledger new_ledger(const CommonPlan& common) {
  Diagnostics diagnostics;
  return *parse_ledger("", fmt::format("{}matrix: {}\n\n", k_new_ledger, own_name(common)), diagnostics);
}

Result<std::vector<OtherCell>> other_cells(const Ledger& ledger, const Plan& plan,
                                           const ProjectOptions& project) {
  const bool all_here = std::ranges::all_of(ledger.entries, [&](const LedgerEntry& entry) {
    return entry.axes.empty() && std::ranges::all_of(entry.cells, [&](const std::string& cell) {
             return find_cell(plan, cell) != nullptr;
           });
  });
  std::vector<OtherCell> others;
  if (all_here) {
    return others;
  }
  const auto add = [&](const SharedList<Row>& rows, const std::vector<Column>& columns,
                       const std::string& where) {
    for (Cell& cell : cells_of(rows, columns, plan.common.labels)) {
      others.push_back({where, std::move(cell)});
    }
  };
  add(plan.absent_rows, plan.common.columns, "the test file of its row is not in this checkout");
  TRY_ASSIGN(const Project other, load_project(project));
  for (const Profile& profile : other.matrix.profiles) {
    Diagnostics unsaid;
    if (const auto expansion = expand(other.matrix, profile.name, {}, unsaid)) {
      add(plan.rows, expansion->columns, fmt::format("a cell of the profile {}", profile.name));
    }
  }
  return others;
}

Result<Ledger> read_ledger(const fs::path& file, const CommonPlan& common) {
  const auto text = read_regular_file(file, k_ledger_limit);
  if (!text) {
    return Error{ExitCode::input,
                 text.error().message +
                     "; expected a ledger, as `known add` or `report --write-baseline` writes it"};
  }
  Diagnostics diagnostics;
  auto ledger = parse_ledger(file.string(), *text, diagnostics);
  if (!ledger) {
    return Error{ExitCode::input,
                 fmt::format("{}{} in the ledger", diagnostics.render(),
                             plural(static_cast<std::size_t>(diagnostics.errors()), "error"))};
  }
  const std::string name = own_name(common);
  if (!ledger->matrix.empty() && ledger->matrix != name) {
    return Error{ExitCode::input,
                 fmt::format("{}: this ledger is that of the matrix '{}', expected that of '{}'",
                             file.string(), ledger->matrix, name)};
  }
  return *std::move(ledger);
}

Result<Ledger> read_ledger_if_there(const fs::path& file, const CommonPlan& common) {
  std::error_code ignored;
  return fs::exists(file, ignored) ? read_ledger(file, common) : new_ledger(common);
}

Result<FrictionLog> read_friction_log(const CommonPlan& common) {
  std::error_code ignored;
  if (common.friction.empty() || !fs::exists(common.friction, ignored)) {
    return FrictionLog();
  }
  TRY_ASSIGN(const std::string text, read_regular_file(common.friction, k_ledger_limit));
  Diagnostics unsaid;
  return parse_friction_log(common.friction.string(), text, unsaid);
}

Result<void> check_no_conflict(const CommonPlan& common, const FrictionLog& log) {
  return log.conflict ? Result<void>(Error{
                            ExitCode::input,
                            fmt::format("{}:{}: a conflict of a merge begins here that nobody has resolved; "
                                        "nothing was written",
                                        shown_path(common, common.friction), *log.conflict)})
                      : Result<void>();
}

Result<SeenBefore> seen_before(const CommonPlan& common, const Ledger* ledger, const fs::path& file) {
  SeenBefore seen;
  if (ledger != nullptr) {
    seen.add(*ledger, shown_path(common, file));
  }
  TRY_ASSIGN(const FrictionLog log, read_friction_log(common));
  seen.add(log, shown_path(common, common.friction));
  return seen;
}

std::string shown_path(const CommonPlan& common, const fs::path& path) {
  const fs::path relative = path.lexically_relative(common.places.root);
  return relative.empty() || relative.native().starts_with("..") ? path.string() : relative.string();
}

} // namespace ctest_matrix
