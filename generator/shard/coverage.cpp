#include "shard/coverage.hpp"

#include "base/text.hpp"
#include "progress/disagreement.hpp"
#include "progress/share_run.hpp"
#include "progress/summary.hpp"
#include "shard/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_named_cells = 20; // in a line
constexpr std::size_t k_short_hash = 12;

std::string listed(std::vector<std::string> names) {
  const std::size_t count = names.size();
  if (count > k_named_cells) {
    names.resize(k_named_cells);
    names.push_back(fmt::format("and {} more", count - k_named_cells));
  }
  return join(names, ", ");
}

std::string short_hash(const std::string& hash) {
  return printable(hash).substr(0, k_short_hash);
}

std::string has_or_have(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "has" : "have");
}

class Findings {
public:
  Findings(const Plan& plan, std::span<const Record> journal, const Variable& variable)
      : m_plan(plan), m_variable(variable), m_results(results_by_cell(journal, plan)),
        m_run(newest_share_run(m_results)) {
    for (const Record& record : journal) {
      const auto share = told_share(record);
      if (m_run && share && record.verdict == Verdict::interrupted && record.run == m_run->id &&
          share->position.count == m_run->count && share->by == m_run->by && !is_before(record, *m_run)) {
        m_interrupted.insert(share->position.index);
      }
    }
  }

  std::vector<std::string> lines() {
    if (!m_run) {
      return {};
    }
    missing();
    others();
    commits();
    return std::move(m_lines);
  }

private:
  /// The split as the run had it; nothing where other shares come out here, and then why.
  std::optional<Shares> shares_here(std::string& why) const {
    ShareRequest request = share_request(m_run->count, m_variable);
    request.by = m_run->by;
    ReadLog unused;
    const auto is_the_same = [&](const Result<Shares>& shares) {
      return shares && (m_run->split.empty() || shares->digest == m_run->split);
    };
    auto shares = make_shares(m_plan, request, {}, unused);
    if (shares && !is_the_same(shares)) { // it may have had excluded rows, too
      shares = make_shares(m_plan, request, excluded_with_results(), unused);
    }
    if (is_the_same(shares)) {
      return *std::move(shares);
    }
    why = shares
              ? fmt::format("split {} there, {} here", short_hash(m_run->split), short_hash(shares->digest))
              : shares.error().message;
    return std::nullopt;
  }

  std::set<std::string> excluded_with_results() const {
    std::set<std::string> rows;
    for (const Cell& cell : m_plan.cells) {
      if (cell.row->is_excluded() && m_results.contains(cell.name)) {
        rows.insert(cell.row->name);
      }
    }
    return rows;
  }

  void missing() {
    std::string why;
    const auto shares = shares_here(why);
    if (!shares) {
      without_members(why);
      return;
    }
    for (std::size_t i = 0; i < m_run->count; ++i) {
      const std::string lacks = lacking(shares->shares[i].cells);
      if (!lacks.empty()) {
        m_lines.push_back(fmt::format("share {}{}{}{}", share_name({i + 1, m_run->count}, m_run->by),
                                      of_run(), what_came_of(i + 1), lacks));
      }
    }
  }

  bool is_lost(std::size_t share) const {
    return !m_run->came_back.contains(share) && !m_interrupted.contains(share);
  }

  std::string_view what_came_of(std::size_t share) const {
    return is_lost(share)                  ? " never came back; of its "
           : m_interrupted.contains(share) ? " was interrupted; of its "
                                           : ": of its ";
  }

  std::string of_run() const { return m_run->id.empty() ? "" : fmt::format(" of run {}", m_run->id); }

  /// `3 cells, 1 has never run: a; 2 have results of before alone: b, c`; empty where nothing is lacking.
  std::string lacking(const std::vector<const Cell*>& cells) const {
    std::vector<std::string> never;
    std::vector<std::string> old;
    for (const Cell* cell : cells) {
      const auto results = m_results.find(cell->name);
      if (results == m_results.end()) {
        never.push_back(cell->name);
      } else if (is_before(*results->second.back(), *m_run)) {
        old.push_back(cell->name);
      }
    }
    std::vector<std::string> words;
    if (!never.empty()) {
      words.push_back(fmt::format("{} never run: {}", has_or_have(never.size()), listed(never)));
    }
    if (!old.empty()) {
      words.push_back(fmt::format("{} results of before alone: {}", has_or_have(old.size()), listed(old)));
    }
    return words.empty() ? "" : fmt::format("{}, {}", plural(cells.size(), "cell"), join(words, "; "));
  }

  bool lacks_any() const {
    return std::ranges::any_of(m_plan.cells, [&](const Cell& cell) {
      const auto results = m_results.find(cell.name);
      return !cell.row->is_excluded() &&
             (results == m_results.end() || is_before(*results->second.back(), *m_run));
    });
  }

  /// Which cells a share should have had is not known here.
  void without_members(const std::string& why) {
    std::vector<std::string> lost;
    for (std::size_t i = 1; i <= m_run->count && lacks_any(); ++i) {
      if (is_lost(i)) {
        lost.push_back(fmt::format("{}/{}", i, m_run->count));
      }
    }
    m_lines.push_back(
        fmt::format("the shares{} were split otherwise than here ({}), so that it is not known of which "
                    "share a cell is; with CTEST_MATRIX_DURATIONS and the matrix as there it is{}",
                    of_run(), why, lost.empty() ? "" : "; never came back: " + listed(lost)));
  }

  /// The newest results that are of a share, and of which one.
  std::vector<std::pair<const Record*, ShareName>> newest_told() const {
    std::vector<std::pair<const Record*, ShareName>> told;
    for (const auto& [cell, records] : m_results) {
      if (auto share = told_share(*records.back())) {
        told.emplace_back(records.back(), *std::move(share));
      }
    }
    return told;
  }

  void others() {
    std::set<std::string> lines;
    for (const auto& [record, share] : newest_told()) {
      const bool same = share.position.count == m_run->count && share.by == m_run->by &&
                        (record->split.empty() || record->split == m_run->split);
      if (record->run == m_run->id && !same) {
        lines.insert(
            fmt::format("share {} was split otherwise than the others (split {}, that of the others {})",
                        record->share, short_hash(record->split), short_hash(m_run->split)));
      }
    }
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
  }

  void commits() {
    std::map<std::pair<std::string, std::string>, std::size_t> cells; // by share and commit
    for (const auto& [record, share] : newest_told()) {
      if (const auto commit = other_commit(*record)) {
        ++cells[{record->share, *commit}];
      }
    }
    for (const auto& [key, count] : cells) {
      m_lines.push_back(fmt::format(
          "share {} is of another commit, {}: {} of other sources", key.first, short_hash(key.second),
          count == 1 ? "1 result counts as one" : fmt::format("{} results count as ones", count)));
    }
  }

  const Plan& m_plan;
  const Variable& m_variable;
  CellResults m_results;
  std::optional<ShareRun> m_run;
  std::set<std::size_t> m_interrupted; ///< shares, from 1, that were stopped in the middle of a cell
  std::vector<std::string> m_lines;
};

} // namespace

std::vector<std::string> share_findings(const Plan& plan, std::span<const Record> journal,
                                        const Variable& variable) {
  return Findings(plan, journal, variable).lines();
}

} // namespace ctest_matrix
