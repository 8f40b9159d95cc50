#include "shard/coverage.hpp"

#include "base/text.hpp"
#include "progress/disagreement.hpp"
#include "progress/summary.hpp"
#include "shard/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_named_cells = 20; // in a line
constexpr std::size_t k_short_hash = 12;
constexpr std::string_view k_by = " by ";

/// What a record says of its share.
struct ToldShare {
  SharePosition position;
  std::string by;
  std::string split;

  /// What all shares of a run have in common.
  auto run() const { return std::tuple(position.count, by, split); }
};

std::optional<ToldShare> told_share(const Record& record) {
  const std::size_t by = record.share.find(k_by);
  const auto position = parse_share(record.share.substr(0, by), "");
  if (record.kind != RecordKind::cell || !position) {
    return std::nullopt;
  }
  return ToldShare{.position = *position,
                   .by = by == std::string::npos ? "" : record.share.substr(by + k_by.size()),
                   .split = record.split};
}

std::string listed(std::vector<std::string> names) {
  const std::size_t count = names.size();
  if (count > k_named_cells) {
    names.resize(k_named_cells);
    names.push_back(fmt::format("and {} more", count - k_named_cells));
  }
  return join(names, ", ");
}

class Findings {
public:
  Findings(const Plan& plan, std::span<const Record> journal, const Variable& variable)
      : m_plan(plan), m_variable(variable) {
    for (const auto& [cell, records] : results_by_cell(journal, plan)) {
      m_have_results.insert(cell);
      for (const Record* record : records) {
        if (auto told = told_share(*record)) {
          m_told.emplace_back(record, *std::move(told));
        }
      }
    }
    const bool only_others =
        std::ranges::all_of(m_told, [](const auto& each) { return other_commit(*each.first).has_value(); });
    for (const auto& [record, told] : m_told) {
      if (only_others || !other_commit(*record)) {
        m_runs[told.run()].insert(told.position.index);
      }
    }
    for (const auto& [record, told] : m_told) {
      if (const auto run = m_runs.find(told.run()); run != m_runs.end()) {
        run->second.insert(told.position.index);
      }
    }
  }

  std::vector<std::string> lines() {
    if (m_told.empty()) {
      return {};
    }
    // The run of which most shares came back, of several the one that comes first.
    const auto run =
        std::ranges::max_element(m_runs, {}, [](const auto& each) { return each.second.size(); });
    missing(run->first, run->second);
    others(run->first);
    commits();
    return std::move(m_lines);
  }

private:
  using Run = std::tuple<std::size_t, std::string, std::string>;

  void missing(const Run& run, const std::set<std::size_t>& came_back) {
    const auto& [count, by, split] = run;
    ShareRequest request = share_request(count, m_variable);
    request.by = by;
    ReadLog unused;
    std::set<std::string> included;
    for (const Row& row : m_plan.rows) {
      if (row.is_excluded() && has_result(row.name)) {
        included.insert(row.name);
      }
    }
    auto shares = make_shares(m_plan, request, {}, unused);
    if (shares && shares->digest != split) { // it may have had excluded rows, too
      shares = make_shares(m_plan, request, included, unused);
    }
    if (!shares || shares->digest != split) {
      without_members(
          count, came_back,
          shares ? fmt::format("split {} there, {} here", short_hash(split), short_hash(shares->digest))
                 : shares.error().message);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<std::string> never;
      for (const Cell* cell : shares->shares[i].cells) {
        if (!m_have_results.contains(cell->name)) {
          never.push_back(cell->name);
        }
      }
      if (!came_back.contains(i + 1)) {
        m_lines.push_back(fmt::format(
            "share {} never came back; {}", share_name({i + 1, count}, by),
            never.empty() ? fmt::format("its {} have results all the same",
                                        plural(shares->shares[i].cells.size(), "cell"))
                          : fmt::format("of its {}, {} {} never run: {}",
                                        plural(shares->shares[i].cells.size(), "cell"), never.size(),
                                        never.size() == 1 ? "has" : "have", listed(never))));
      } else if (!never.empty()) {
        m_lines.push_back(fmt::format("share {}: {} of {} never run: {}", share_name({i + 1, count}, by),
                                      never.size(), plural(shares->shares[i].cells.size(), "cell"),
                                      listed(never)));
      }
    }
  }

  bool has_result(const std::string& row) const {
    return std::ranges::any_of(m_plan.cells, [&](const Cell& cell) {
      return cell.row->name == row && m_have_results.contains(cell.name);
    });
  }

  /// Which cells a share should have had is not known here.
  void without_members(std::size_t count, const std::set<std::size_t>& came_back, const std::string& why) {
    std::vector<std::string> lost;
    for (std::size_t i = 1; i <= count; ++i) {
      if (!came_back.contains(i)) {
        lost.push_back(fmt::format("{}/{}", i, count));
      }
    }
    m_lines.push_back(
        fmt::format("the shares were split otherwise than here ({}), so that it is not known of which "
                    "share a cell is; with CTEST_MATRIX_DURATIONS and the matrix as there it is{}",
                    why, lost.empty() ? "" : "; never came back: " + listed(lost)));
  }

  void others(const Run& run) {
    std::set<std::string> lines;
    for (const auto& [record, told] : m_told) {
      if (told.run() != run) {
        lines.insert(
            fmt::format("share {} was split otherwise than the others (split {}, that of the others {})",
                        record->share, short_hash(told.split), short_hash(std::get<2>(run))));
      }
    }
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
  }

  void commits() {
    std::map<std::pair<std::string, std::string>, std::size_t> cells; // by share and commit
    for (const auto& [record, told] : m_told) {
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

  static std::string short_hash(const std::string& hash) { return printable(hash).substr(0, k_short_hash); }

  const Plan& m_plan;
  const Variable& m_variable;
  std::set<std::string> m_have_results; ///< cells
  std::vector<std::pair<const Record*, ToldShare>> m_told;
  std::map<Run, std::set<std::size_t>> m_runs; ///< the shares that came back
  std::vector<std::string> m_lines;
};

} // namespace

std::vector<std::string> share_findings(const Plan& plan, std::span<const Record> journal,
                                        const Variable& variable) {
  return Findings(plan, journal, variable).lines();
}

} // namespace ctest_matrix
