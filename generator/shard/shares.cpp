#include "shard/shares.hpp"

#include "base/diagnostics.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "ctest/script.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/identity.hpp"
#include "plan/names.hpp"
#include "shard/balance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_column = "column";

/// A cell as the balance sees it.
struct Weighed {
  const Cell* cell = nullptr;
  BalanceJob job;
};

/// The set-ups of a plan, numbered, and what each costs.
class SetUps {
public:
  SetUps(const CommonPlan& common, const Lengths& known) : m_common(common), m_known(known) {}

  std::vector<std::size_t> of(const Cell& cell) {
    std::vector<std::size_t> numbers;
    std::vector<std::string> artifacts = cell.variant->artifacts;
    for (const std::string& name : cell.variant->services) {
      numbers.push_back(number("service " + name));
      const auto service = std::ranges::find(m_common.services, name, &Service::name);
      if (service != m_common.services.end()) {
        artifacts.insert(artifacts.end(), service->after.begin(), service->after.end());
      }
    }
    for (const Artifact* artifact : artifact_chain(m_common.artifacts, artifacts)) {
      numbers.push_back(number("artifact " + artifact->name));
    }
    std::erase_if(numbers, [&](std::size_t number) { return m_costs[number] == 0; });
    return numbers;
  }

  const std::vector<std::int64_t>& costs() const { return m_costs; }

private:
  std::size_t number(const std::string& name) {
    const auto [found, is_new] = m_numbers.try_emplace(name, m_costs.size());
    if (is_new) {
      const auto known = m_known.find(name);
      m_costs.push_back(known == m_known.end() ? 0 : known->second.count());
    }
    return found->second;
  }

  const CommonPlan& m_common;
  const Lengths& m_known;
  std::map<std::string, std::size_t> m_numbers;
  std::vector<std::int64_t> m_costs;
};

using Groups = std::vector<std::vector<Weighed>>;

/// Error (usage): there is no such axis.
Result<Groups> grouped(const Plan& plan, const std::string& by, std::vector<Weighed> cells) {
  if (by.empty()) {
    return Groups{std::move(cells)};
  }
  std::vector<std::string> values;
  Groups groups;
  for (Weighed& weighed : cells) {
    const Cell& cell = *weighed.cell;
    const std::string* const value =
        by == k_column ? &cell.variant->column : value_of(cell.variant->axes, by);
    if (value == nullptr) {
      std::vector<std::string> axes{std::string(k_column)};
      std::ranges::transform(cell.variant->axes, std::back_inserter(axes),
                             [](const auto& axis) { return axis.first; });
      return Error{ExitCode::usage, fmt::format("by {}: the matrix {} has no such axis{}", by,
                                                plan.common.name, suggestion(by, axes))};
    }
    const auto known = std::ranges::find(values, *value);
    const auto place = static_cast<std::size_t>(known - values.begin());
    if (known == values.end()) {
      values.push_back(*value);
      groups.emplace_back();
    }
    groups[place].push_back(std::move(weighed));
  }
  return groups;
}

std::vector<BalanceJob> jobs_of(const std::vector<Weighed>& group) {
  std::vector<BalanceJob> jobs;
  std::ranges::transform(group, std::back_inserter(jobs), &Weighed::job);
  return jobs;
}

/// How many shares each group gets: another one for the group whose shares would be the longest.
std::vector<std::size_t> shares_of_groups(const Groups& groups, const std::vector<std::int64_t>& costs,
                                          std::size_t count) {
  std::vector<std::size_t> shares(groups.size(), 1);
  std::vector<std::int64_t> longest;
  for (const auto& group : groups) {
    longest.push_back(shortest_makespan(jobs_of(group), costs, 1));
  }
  for (std::size_t left = count - groups.size(); left > 0; --left) {
    const auto group = static_cast<std::size_t>(std::ranges::max_element(longest) - longest.begin());
    longest[group] = shortest_makespan(jobs_of(groups[group]), costs, ++shares[group]);
  }
  return shares;
}

std::string digest_of(const Plan& plan, const Shares& shares) {
  std::string text =
      fmt::format("{}\n{}\n{}\n", matrix_identity(plan.common), plan.common.profile, shares.by);
  for (const Share& share : shares.shares) {
    for (const Cell* cell : share.cells) {
      text += cell_identity(plan.common, cell->row->name, cell->variant->axes) + ' ';
    }
    text += '\n';
  }
  return fingerprint(text);
}

/// The cells of a group, balanced, behind the shares that are there.
void add_shares(const std::vector<Weighed>& group, const std::vector<std::int64_t>& costs, std::size_t count,
                Shares& result) {
  const std::vector<BalanceJob> jobs = jobs_of(group);
  const Split split = balance(jobs, costs, count);
  const std::vector<std::int64_t> loads = share_loads(jobs, costs, count, split);
  const std::size_t first = result.shares.size();
  for (const std::int64_t load : loads) {
    result.shares.push_back({.length = Milliseconds(load)});
  }
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    result.shares[first + split[job]].cells.push_back(group[job].cell);
  }
  result.bound = std::max(result.bound, Milliseconds(shortest_makespan(jobs, costs, count)));
}

Milliseconds longest_of(const Shares& shares) {
  return std::ranges::max_element(shares.shares, {}, &Share::length)->length;
}

} // namespace

Result<Shares> split_cells(const Plan& plan, const ShareRequest& request, const KnownLengths& known,
                           const std::set<std::string>& included) {
  const CellLengths lengths = cell_lengths(plan, known.cells);
  SetUps set_ups(plan.common, known.set_ups);
  std::vector<Weighed> cells;
  Shares result{.by = request.by, .run = request.run, .source = known.source};
  for (std::size_t i = 0; i < plan.cells.size(); ++i) {
    const Cell& cell = plan.cells[i];
    if (cell.row->is_excluded() && !included.contains(cell.row->name) &&
        !included.contains(std::string(k_all_rows))) {
      continue;
    }
    cells.push_back({&cell, {.length = lengths.cells[i].count(), .set_ups = set_ups.of(cell)}});
    result.known += known.cells.contains(cell.name) ? 1 : 0;
  }
  result.cells = cells.size();
  TRY_ASSIGN(const Groups groups, grouped(plan, request.by, std::move(cells)));
  if (groups.size() > request.count) {
    return Error{ExitCode::usage, fmt::format("by {}: {} values need as many shares at least, got {}",
                                              request.by, groups.size(), request.count)};
  }
  const std::vector<std::size_t> counts =
      groups.empty() ? std::vector<std::size_t>() : shares_of_groups(groups, set_ups.costs(), request.count);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    add_shares(groups[group], set_ups.costs(), counts[group], result);
  }
  result.shares.resize(request.count); // of a matrix without cells, too
  result.digest = digest_of(plan, result);
  return result;
}

Result<Shares> make_shares(const Plan& plan, const ShareRequest& request,
                           const std::set<std::string>& included, ReadLog& log) {
  TRY_ASSIGN(const KnownLengths known, read_lengths(plan, request.durations, log));
  return split_cells(plan, request, known, included);
}

Result<Share> take_share(Plan& plan, const Shares& shares, const SharePosition& position) {
  Share share = shares.shares.at(position.index - 1);
  if (share.cells.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("share {} of the matrix {} has no cell: {} fill fewer than {} shares",
                             share_name(position, shares.by), plan.common.name, plural(shares.cells, "cell"),
                             position.count)};
  }
  plan.common.share = share_name(position, shares.by);
  plan.common.split = shares.digest;
  plan.common.share_run = shares.run;
  return share;
}

std::string shares_text(const Plan& plan, const Shares& shares) {
  std::string text = fmt::format(
      "{}: {} in {}{}, the longest {}, at least {}\n"
      "durations: {}; split {}\n",
      plan.common.name, plural(shares.cells, "cell"), plural(shares.shares.size(), "share"),
      shares.by.empty() ? "" : " by " + shares.by, format_duration(longest_of(shares)),
      format_duration(shares.bound),
      shares.source.empty() ? "none known, time-outs stand for them"
                            : fmt::format("{}, {} of {} known", shares.source, shares.known, shares.cells),
      shares.digest.substr(0, 8));
  for (std::size_t i = 0; i < shares.shares.size(); ++i) {
    const Share& share = shares.shares[i];
    std::vector<std::string> names;
    std::ranges::transform(share.cells, std::back_inserter(names), &Cell::name);
    text += fmt::format("{}/{}  {}  {}{}{}\n", i + 1, shares.shares.size(), format_duration(share.length),
                        names.empty() ? "no cell" : plural(names.size(), "cell"), names.empty() ? "" : ": ",
                        join(names, " "));
  }
  return text;
}

std::string shares_json(const Plan& plan, const Shares& shares) {
  Json list = Json::array();
  for (std::size_t i = 0; i < shares.shares.size(); ++i) {
    Json cells = Json::array();
    for (const Cell* cell : shares.shares[i].cells) {
      cells.push_back(cell_test(plan.common.places, cell->name));
    }
    list.push_back(Json::object({{"share", share_name({i + 1, shares.shares.size()}, "")},
                                 {"duration_ms", shares.shares[i].length.count()},
                                 {"cells", std::move(cells)}}));
  }
  return Json::object({{"version", 1},
                       {"matrix", plan.common.name},
                       {"profile", plan.common.profile},
                       {"by", shares.by},
                       {"split", shares.digest},
                       {"durations", shares.source},
                       {"known", shares.known},
                       {"bound_ms", shares.bound.count()},
                       {"shares", std::move(list)}})
             .dump(2) +
         "\n";
}

} // namespace ctest_matrix
