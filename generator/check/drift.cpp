#include "check/drift.hpp"

#include "base/text.hpp"
#include "base/without_word.hpp"
#include "check/axis_rules.hpp"
#include "matrix/row_globs.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_most_names = 6;

std::string some_of(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), k_most_names);
  const std::string more = names.size() > shown ? fmt::format(", and {} more", names.size() - shown) : "";
  return join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ") + more;
}

class Drift {
public:
  Drift(const Project& project, const SuiteOnDisk& suite, Diagnostics& diagnostics)
      : m_project(project), m_matrix(project.matrix), m_suite(suite), m_diagnostics(diagnostics) {}

  std::vector<Fix> report() {
    unnamed_files();
    mute_rows();
    unbuilt_rows();
    for (const Row& row : m_matrix.rows) {
      this->row(row);
    }
    tests_of_no_row();
    if (m_matrix.runner.scope) {
      unknown_titles();
      if (m_suite.mute.empty() && m_suite.unbuilt.empty() && !m_suite.listings.empty()) {
        lost_values();
      }
    }
    return std::move(m_fixes);
  }

private:
  const Row& row_of(const BoundCell& cell) const {
    return *std::find_if(m_matrix.rows.begin(), m_matrix.rows.end(),
                         [&](const Row& row) { return row.name == cell.row->name; });
  }

  /// Rows whose tests could not be listed: the same reason once.
  void mute_rows() {
    std::map<std::string, std::vector<const BoundCell*>> by_reason; // without the names of rows and columns
    std::vector<std::pair<std::string, std::string>> reasons;       // as they come, and in full
    for (const auto& [cell, why] : m_suite.mute) {
      const std::string reason =
          without_word(without_word(why, cell->row->name, "{row}"), cell->variant->column, "{column}");
      std::vector<const BoundCell*>& cells = by_reason[reason];
      if (cells.empty()) {
        reasons.emplace_back(reason, why);
      }
      if (std::ranges::none_of(cells,
                               [&](const BoundCell* known) { return known->row->name == cell->row->name; })) {
        cells.push_back(cell);
      }
    }
    for (const auto& [reason, why] : reasons) {
      const std::vector<const BoundCell*>& cells = by_reason[reason];
      const std::string more =
          cells.size() == 1 ? "" : fmt::format(" and {}", plural(cells.size() - 1, "more row"));
      m_diagnostics.error("M036", row_of(*cells.front()).location,
                          fmt::format("row '{}'{}: {}", cells.front()->row->name, more, why));
    }
  }

  /// Rows whose tests a program lists that is not built yet, once for each artifact.
  void unbuilt_rows() {
    std::map<std::string, std::vector<std::string>> rows; // by artifact
    for (const auto& [cell, program] : m_suite.unbuilt) {
      add_once(rows[program.artifact->name], cell->row->name);
    }
    for (const auto& [name, own] : rows) {
      const auto first = std::ranges::find_if(m_suite.unbuilt, [&, wanted = name](const auto& entry) {
        return entry.second.artifact->name == wanted;
      });
      m_diagnostics.warning(
          "M036", first->second.artifact->location,
          fmt::format("artifact '{}': {} is not built yet, so that no test of {} could be listed with it; "
                      "`run` builds it",
                      name, first->second.path.lexically_relative(m_project.places.root).string(),
                      own.size() == 1 ? fmt::format("'{}'", own.front()) : plural(own.size(), "row")));
    }
  }

  /// Test files without a row; a pattern of rows says in its `except` which ones are to have none.
  void unnamed_files() {
    std::vector<std::string> unnamed;
    std::set<std::string_view> named;
    for (const Row& row : m_matrix.rows) {
      named.insert(row.name);
    }
    for (const std::string& name : m_suite.files) {
      if (named.contains(name) || is_left_out(m_matrix, name)) {
        continue;
      }
      const std::string file = m_matrix.runner.file->path_of(name).value_or(name);
      if (!is_row_name(name)) {
        m_diagnostics.error(
            "M030", m_matrix.rows_place,
            fmt::format("rows: no row can name the test file {}: {}", file, expected_row_name(name)));
        m_unnameable = true;
        continue;
      }
      m_diagnostics.error("M030", m_matrix.rows_place,
                          fmt::format("rows: no row names the test file {}; expected a row '{}', in the "
                                      "section 'excluded' if it is not to run",
                                      file, name));
      unnamed.push_back(name);
    }
    rows_without_file(unnamed);
    const auto last = std::find_if(m_matrix.rows.rbegin(), m_matrix.rows.rend(), [&](const Row& row) {
      return (has_file(row) || m_suite.renamed.contains(row.name)) &&
             row.label == m_matrix.labels.front().name;
    });
    for (const std::string& name : unnamed) {
      if (last != m_matrix.rows.rend()) {
        m_fixes.push_back({Fix::Kind::append, last->location, yaml_scalar(name) + ":"});
      }
    }
  }

  bool has_file(const Row& row) const { return std::ranges::binary_search(m_suite.files, row.name); }

  /// The row without a name that a file was renamed to: one whose name is near, or the only one of the same
  /// name in another directory; empty: none.
  static std::string successor_of(const std::string& row, const std::vector<std::string>& unnamed) {
    const auto last = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
    std::vector<std::string> moved;
    std::ranges::copy_if(unnamed, std::back_inserter(moved),
                         [&](const std::string& name) { return last(name) == last(row); });
    return moved.size() == 1 ? moved.front() : nearest(row, unnamed);
  }

  /// Takes a row whose file is gone for renamed to the file that git says, else to the nearest file without a
  /// row, which leaves `unnamed`, or for removed.
  void rows_without_file(std::vector<std::string>& unnamed) {
    if (!m_matrix.runner.file) {
      return;
    }
    std::erase_if(unnamed, [&](const std::string& name) {
      return std::ranges::any_of(m_suite.renamed, [&](const auto& entry) { return entry.second == name; });
    });
    for (const Row& row : m_matrix.rows) {
      if (has_file(row)) {
        continue;
      }
      const auto known = m_suite.renamed.find(row.name);
      const std::string near =
          known != m_suite.renamed.end() ? known->second : successor_of(row.name, unnamed);
      std::erase(unnamed, near);
      if (!near.empty()) {
        m_fixes.push_back({Fix::Kind::replace, row.location, near, row.name});
      } else if (!m_unnameable) { // else that may be what became of the row's file
        m_fixes.push_back({Fix::Kind::remove, row.location, ""});
      }
    }
  }

  /// The axis that `{tz}` or `{tz.name}` stands for, or null, and its value with this text or name.
  std::pair<const Axis*, std::string> value_behind(const std::string& placeholder,
                                                   const std::string& text) const {
    if (const Axis* axis = m_matrix.find_axis(placeholder)) {
      const auto value = std::ranges::find(axis->settings, text, &ValueSettings::text);
      return {axis, value == axis->settings.end()
                        ? text
                        : axis->values[static_cast<std::size_t>(value - axis->settings.begin())]};
    }
    const Axis* const by_name =
        placeholder.ends_with(k_of_name)
            ? m_matrix.find_axis(placeholder.substr(0, placeholder.size() - k_of_name.size()))
            : nullptr;
    return {by_name, text};
  }

  /// The axis values in a title that is one of the suite's scopes.
  std::optional<Assignment> values_in(const std::string& title) const {
    const auto found = m_matrix.runner.scope->match(title);
    if (!found) {
      return std::nullopt;
    }
    Assignment axes;
    for (const auto& [placeholder, text] : *found) {
      const auto [axis, value] = value_behind(placeholder, text);
      if (axis == nullptr) {
        continue;
      }
      const std::string* known = value_of(axes, axis->name);
      if (known != nullptr && *known != value) {
        return std::nullopt;
      }
      if (known == nullptr) {
        axes.emplace_back(axis->name, value);
      }
    }
    return axes;
  }

  void row(const Row& row) {
    std::vector<const CellListing*> own;
    for (const CellListing& listing : m_suite.listings) {
      if (listing.cell->row->name == row.name) {
        own.push_back(&listing);
      }
    }
    if (own.empty()) {
      return;
    }
    std::vector<std::string> blocks;
    std::vector<std::string> inner; // titles below a scope
    bool described = false;
    std::set<std::string> outside;
    for (const CellListing* listing : own) {
      for (const ListedTest& test : listing->tests) {
        described = described || lies_below(test, row.suite);
        bool scoped = !m_matrix.runner.scope;
        std::vector<std::string> titles = split_titles(test.name);
        titles.pop_back(); // the test's own
        for (const std::string& title : titles) {
          const auto values = m_matrix.runner.scope ? values_in(title) : std::nullopt;
          if (values) {
            scoped = true;
            m_titles.emplace(title, std::pair(*values, row.location));
          } else {
            add_once(blocks, title);
            if (scoped) {
              add_once(inner, title);
            }
          }
        }
        if (!scoped) {
          outside.insert(test.name);
        }
      }
    }
    const SourceLocation suite_place = row.place_of("suite");
    if (suite_place.line > 0 && !described && !blocks.empty()) {
      m_diagnostics.error("M031", suite_place,
                          fmt::format("row '{}': no block of {} is named '{}'{}", row.name,
                                      own.front()->cell->file.filename().string(), row.suite,
                                      among(row.suite, blocks)));
      if (const std::string near = nearest(row.suite, blocks); !near.empty() || inner.size() == 1) {
        m_fixes.push_back({Fix::Kind::replace, suite_place, near.empty() ? inner.front() : near});
      }
    }
    if (!outside.empty()) {
      m_diagnostics.error(
          "M035", row.location,
          fmt::format("row '{}': no cell runs {} of its file, because no title above {} is '{}': {}",
                      row.name, plural(outside.size(), "test"), outside.size() == 1 ? "it" : "them",
                      m_matrix.runner.scope->source(), some_of({outside.begin(), outside.end()})));
    }
    cells(row, own);
  }

  /// Tests of a program whose suites are the rows that no cell of any profile runs, each once.
  void tests_of_no_row() {
    std::set<std::string> scopes;
    std::set<std::string> uncovered;
    for (const Profile& profile : m_matrix.profiles) {
      Diagnostics ignored;
      const auto expansion = expand(m_matrix, profile.name, {}, ignored);
      const Plan plan = expansion ? make_plan(m_matrix, *expansion, m_project.places) : Plan();
      for (const Cell& cell : plan.cells) {
        scopes.insert(bind(plan.common, cell).scope);
      }
    }
    for (const CellListing& listing : m_suite.listings) {
      for (const ListedTest& test : listing.cell->file.empty() ? listing.tests : Listing()) {
        if (std::ranges::none_of(scopes, [&](const std::string& scope) { return lies_below(test, scope); })) {
          uncovered.insert(test.name);
        }
      }
    }
    if (uncovered.empty()) {
      return;
    }
    m_diagnostics.error("M041", m_matrix.rows_place,
                        fmt::format("rows: no row runs {} that the program lists: {}",
                                    plural(uncovered.size(), "test"),
                                    some_of({uncovered.begin(), uncovered.end()})));
    add_suites(uncovered);
  }

  /// Where a scope is just the row, or its description, the suites of tests become rows.
  void add_suites(const std::set<std::string>& tests) {
    const std::string scope = m_matrix.runner.scope ? m_matrix.runner.scope->source() : "";
    std::set<std::string> suites;
    for (const std::string& test : tests) {
      suites.insert(split_titles(test).front());
    }
    for (const std::string& suite : suites) {
      if ((scope == "{suite}" || scope == "{file}") && is_row_name(suite)) {
        m_fixes.push_back({Fix::Kind::append, m_matrix.rows.back().location, yaml_scalar(suite) + ":"});
      }
    }
  }

  static void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }

  static std::string among(const std::string& word, const std::vector<std::string>& names) {
    const std::string near = nearest(word, names);
    return near.empty() ? fmt::format("; it has: {}", some_of(names))
                        : fmt::format(", did you mean '{}'?", near);
  }

  /// Cells that nothing is listed for, in one message per row and set of cells.
  void cells(const Row& row, const std::vector<const CellListing*>& own) {
    std::vector<std::string> empty;
    for (const CellListing* listing : own) {
      const BoundCell& cell = *listing->cell;
      const bool listed = std::any_of(listing->tests.begin(), listing->tests.end(),
                                      [&](const ListedTest& test) { return lies_below(test, cell.scope); });
      if (!listed && cell.skip_reason.empty()) {
        empty.push_back(cell.name);
      }
    }
    if (!empty.empty()) {
      m_diagnostics.error(
          "M033", row.location,
          fmt::format("row '{}': the suite lists no test for {}{}", row.name, some_of(empty),
                      "; expected one that is not skipped statically, or a skip with a reason"));
    }
  }

  void lost_values() {
    for (const Axis& axis : m_matrix.axes) {
      const auto names = m_matrix.runner.scope->placeholders();
      if (std::none_of(names.begin(), names.end(),
                       [&](const auto& entry) { return value_behind(entry.first, "").first == &axis; })) {
        continue;
      }
      std::set<std::string> offered;
      for (const auto& [title, found] : m_titles) {
        if (const std::string* value = value_of(found.first, axis.name)) {
          offered.insert(*value);
        }
      }
      for (std::size_t i = 0; i < axis.values.size(); ++i) {
        if (!offered.contains(axis.values[i])) {
          m_diagnostics.error(
              "M032", axis.places[i],
              fmt::format("axis '{}': the suite no longer offers '{}'{}", axis.name, axis.values[i],
                          offered.empty() ? ""
                                          : "; it offers " + join({offered.begin(), offered.end()}, ", ")));
        }
      }
    }
  }

  /// Titles that look like a scope, with values that no profile's cells have and no rule forbids.
  void unknown_titles() {
    std::vector<Assignment> run;
    for (const Profile& profile : m_matrix.profiles) {
      Diagnostics ignored;
      if (const auto expansion = expand(m_matrix, profile.name, {}, ignored)) {
        for_each_cell(m_matrix.rows, expansion->columns,
                      [&](const Row& /*row*/, const Variant& variant) { run.push_back(variant.axes); });
      }
    }
    for (const auto& [title, found] : m_titles) {
      const auto& [axes, place] = found;
      const auto unknown = std::find_if(axes.begin(), axes.end(), [&](const auto& entry) {
        const auto& values = m_matrix.find_axis(entry.first)->values;
        return std::find(values.begin(), values.end(), entry.second) == values.end();
      });
      if (unknown != axes.end()) {
        const Axis& axis = *m_matrix.find_axis(unknown->first);
        m_diagnostics.error(
            "M034", axis.location,
            fmt::format("axis '{}': the suite lists tests for '{}' (in '{}'), which is none of its "
                        "values{}",
                        axis.name, unknown->second, title, suggestion(unknown->second, axis.values)));
      } else if (rule_against(m_matrix, axes) == nullptr &&
                 std::none_of(run.begin(), run.end(),
                              [&, wanted = axes](const Assignment& cell) { return matches(wanted, cell); })) {
        m_diagnostics.error(
            "M034", m_matrix.columns.front().location,
            fmt::format("columns: the suite lists tests for {}; no profile runs them and no rule "
                        "forbids them",
                        pairs(axes)));
      }
    }
  }

  const Project& m_project;
  const Matrix& m_matrix;
  const SuiteOnDisk& m_suite;
  Diagnostics& m_diagnostics;
  std::vector<Fix> m_fixes;
  bool m_unnameable = false; ///< there is a test file that no row can name
  /// Every title that is a scope, with the values in it and the row that has it first.
  std::map<std::string, std::pair<Assignment, SourceLocation>> m_titles;
};

} // namespace

std::vector<Fix> report_drift(const Project& project, const SuiteOnDisk& suite, Diagnostics& diagnostics) {
  return Drift(project, suite, diagnostics).report();
}

} // namespace ctest_matrix
