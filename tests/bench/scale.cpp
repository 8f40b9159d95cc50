// A suite of 10,000 cells on 200 machines: the real balance and the real merge, simulated machines. Prints
// the table of tests/bench/scale.md.
//
// scale DURATIONS: a file of lines `<seconds> <cell>`, what cells of a real suite took.
#include "base/files.hpp"
#include "plan/identity.hpp"
#include "progress/cell_record.hpp"
#include "progress/intake.hpp"
#include "progress/store.hpp"
#include "report/inputs.hpp"
#include "shard/balance.hpp"
#include "shard/coverage.hpp"
#include "shard/shares.hpp"

#include <fmt/format.h>

#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <random>

using namespace ctest_matrix;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t k_columns = 10;

std::vector<double> read_durations(const char* file) {
  std::ifstream in(file);
  std::vector<double> seconds;
  std::string cell;
  for (double each = 0; in >> each >> cell;) {
    seconds.push_back(each);
  }
  return seconds;
}

Plan plan_of(const fs::path& root, std::size_t rows) {
  Plan plan;
  plan.common.name = "scale";
  plan.common.profile = "default";
  plan.common.title = "Scale";
  plan.common.labels = {"fast"};
  plan.common.places = {
      .matrix = root / "matrix.yaml", .root = root, .state = root / "build/ctest-matrix/scale"};
  plan.common.progress = root / "progress.md";
  for (std::size_t i = 0; i < k_columns; ++i) {
    Column& column = plan.common.columns.emplace_back();
    column.name = fmt::format("c{}", i);
    column.variants = {{column.name, {{"runtime", column.name}}}};
  }
  for (std::size_t i = 0; i < rows; ++i) {
    Row& row = plan.rows.emplace_back();
    row.name = fmt::format("file-{}", i);
    row.suite = row.name;
    row.label = "fast";
    for (const Column& column : plan.common.columns) {
      Cell& cell = plan.cells.emplace_back();
      cell.name = cell_name(row, column.variants.front());
      cell.row = row;
      cell.column = column.name;
      cell.axes = column.variants.front().axes;
      cell.timeout = 120;
    }
  }
  return plan;
}

/// Durations of the real suite, each stretched by up to a fifth.
Lengths drawn(const Plan& plan, const std::vector<double>& real, std::mt19937_64& random) {
  std::uniform_real_distribution<double> stretch(0.8, 1.2);
  Lengths lengths;
  for (const Cell& cell : plan.cells) {
    const double seconds = real[random() % real.size()] * stretch(random);
    lengths[cell.name] = Milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  return lengths;
}

/// How long the slowest machine takes when cells take what they really take.
double makespan(const Shares& shares, const Lengths& real,
                const std::function<double(std::size_t)>& slowness) {
  double longest = 0;
  for (std::size_t i = 0; i < shares.shares.size(); ++i) {
    double sum = 0;
    for (const Cell* cell : shares.shares[i].cells) {
      sum += static_cast<double>(real.at(cell->name).count());
    }
    longest = std::max(longest, sum * slowness(i));
  }
  return longest;
}

double bound_of(const Plan& plan, const Lengths& real, std::size_t machines) {
  std::vector<BalanceJob> jobs;
  for (const Cell& cell : plan.cells) {
    jobs.push_back({.length = real.at(cell.name).count()});
  }
  return static_cast<double>(shortest_makespan(jobs, {}, machines));
}

Shares split(const Plan& plan, std::size_t machines, const Lengths& known) {
  return *split_cells(plan, {.count = machines}, {.cells = known}, {});
}

double seconds_of(const std::function<void()>& work) {
  const Milliseconds begin = system_clock().monotonic();
  work();
  return static_cast<double>((system_clock().monotonic() - begin).count()) / 1000;
}

/// What the machines hand back, a journal each.
ResultFiles hand_back(const Plan& plan, const Shares& shares, const Lengths& real, const fs::path& directory,
                      std::size_t tests) {
  ResultFiles files;
  TimePoint begin = system_clock().now() - std::chrono::hours(1);
  std::size_t number = 0;
  for (std::size_t i = 0; i < shares.shares.size(); ++i) {
    CommonPlan common = plan.common;
    common.share = share_name({i + 1, shares.shares.size()}, "");
    common.split = shares.digest;
    std::vector<Record> records;
    Milliseconds at{0};
    for (const Cell* cell : shares.shares[i].cells) {
      Record record = record_of(common, *cell);
      at += real.at(cell->name);
      record.finished = begin + at / 10;
      record.id = fmt::format("{:012x}-{:08x}", record.finished.time_since_epoch().count(), number++);
      record.duration = real.at(cell->name);
      record.verdict = Verdict::pass;
      record.counts.passed = static_cast<int>(tests);
      for (std::size_t test = 0; test < tests; ++test) {
        record.tests.push_back({fmt::format("Suite of {} > does thing number {}", cell->row.name, test),
                                TestOutcome::Kind::passed});
      }
      record.source = "cell";
      record.basis = {{"test file", "0123456789abcdef"}, {"sources", "0123456789abcdef"}};
      records.push_back(std::move(record));
    }
    files.journal.push_back(directory / fmt::format("share-{}.jsonl", i));
    static_cast<void>(append_records(files.journal.back(), records));
  }
  return files;
}

void balance_table(const Plan& plan, const std::vector<double>& real_seconds) {
  std::mt19937_64 random(1);
  const Lengths real = drawn(plan, real_seconds, random);
  const auto even = [](std::size_t) { return 1.0; };
  fmt::print("| cells | machines | known | makespan against the bound | splitting took |\n| ---: | ---: | "
             "--- | ---: | ---: |\n");
  for (const std::size_t machines : {10U, 50U, 200U, 1000U, 2000U}) {
    Shares shares;
    const double took = seconds_of([&] { shares = split(plan, machines, real); });
    fmt::print("| {} | {} | every duration | {:.4f} | {:.2f} s |\n", plan.cells.size(), machines,
               makespan(shares, real, even) / bound_of(plan, real, machines), took);
  }
  constexpr std::size_t k_machines = 200;
  const double bound = bound_of(plan, real, k_machines);
  std::normal_distribution<double> error(0, 0.3);
  Lengths noisy = real;
  for (auto& [cell, length] : noisy) {
    length = Milliseconds(
        static_cast<std::int64_t>(static_cast<double>(length.count()) * std::exp(error(random))));
  }
  Lengths half;
  for (const auto& [cell, length] : real) {
    if (random() % 2 == 0) {
      half.emplace(cell, length);
    }
  }
  const std::pair<const char*, Lengths> kinds[] = {{"each duration wrong by a factor of e^N(0, 0.3)", noisy},
                                                   {"half of the durations", half},
                                                   {"no duration", {}}};
  for (const auto& [what, known] : kinds) {
    fmt::print("| {} | {} | {} | {:.4f} | |\n", plan.cells.size(), k_machines, what,
               makespan(split(plan, k_machines, known), real, even) / bound);
  }
  const Shares shares = split(plan, k_machines, real);
  for (const double factor : {1.5, 3.0}) {
    fmt::print("| {} | {} | every duration; one machine of twenty takes {} times as long | {:.4f} | |\n",
               plan.cells.size(), k_machines, factor,
               makespan(shares, real, [&](std::size_t i) { return i % 20 == 7 ? factor : 1.0; }) / bound);
  }
  // Five machines are lost; once the merge has named their cells, these are split over those that are left.
  Plan lost = plan;
  lost.cells.clear();
  for (std::size_t i = 0; i < 5; ++i) {
    for (const Cell* cell : shares.shares[i * 40].cells) {
      lost.cells.push_back(*cell);
    }
  }
  const double again = makespan(split(lost, k_machines - 5, real), real, even);
  fmt::print("| {} | {} | every duration; 5 machines are lost, their {} cells run again on the others | "
             "{:.4f} | |\n",
             plan.cells.size(), k_machines, lost.cells.size(),
             (makespan(shares, real, even) + again) / bound);
}

void merge_table(const fs::path& root, const std::vector<double>& real_seconds) {
  fmt::print("\n| cells | machines | journals | merge | what is missing | report |\n| ---: | ---: | ---: | "
             "---: | ---: | ---: |\n");
  for (const auto& [rows, machines] : {std::pair(100U, 20U), std::pair(300U, 60U), std::pair(1000U, 200U)}) {
    const fs::path place = root / fmt::format("merge-{}", rows);
    const Plan plan = plan_of(place, rows);
    std::mt19937_64 random(2);
    const Lengths real = drawn(plan, real_seconds, random);
    const Shares shares = split(plan, machines, {}); // as the merge will compute them
    ResultFiles files = hand_back(plan, shares, real, place / "back", 25);
    std::uintmax_t bytes = 0;
    for (const fs::path& file : files.journal) {
      bytes += fs::file_size(file);
    }
    files.journal.erase(files.journal.begin() + 3); // a machine is lost
    std::string problem;
    const double merge = seconds_of([&] {
      const auto outcome = take_in(plan, files);
      problem = outcome ? "" : outcome.error().message;
    });
    std::vector<std::string> findings;
    const auto journal = read_journal(store_paths(plan.common).journal);
    const double missing = seconds_of([&] {
      findings = share_findings(plan, journal->records, [](const char*) -> const char* { return nullptr; });
    });
    ProjectOptions project;
    const double report =
        seconds_of([&] { static_cast<void>(load_report(plan, project, {}, LastRun::left)); });
    fmt::print("| {} | {} | {:.1f} MB | {:.2f} s | {:.2f} s | {:.2f} s |\n", plan.cells.size(), machines,
               static_cast<double>(bytes) / 1e6, merge, missing, report);
    const bool named = findings.size() == 1 &&
                       findings.front().starts_with(fmt::format("share 4/{} never came back", machines));
    if (!problem.empty() || !named) {
      fmt::print(stderr, "unexpected: {} {}\n", problem,
                 findings.empty() ? "nothing is missing" : findings.front());
      std::exit(1);
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<double> real = argc == 2 ? read_durations(argv[1]) : std::vector<double>();
  std::string root = (fs::temp_directory_path() / "scale.XXXXXX").string();
  if (real.empty() || mkdtemp(root.data()) == nullptr) {
    fmt::print(stderr, "usage: scale DURATIONS\n");
    return 2;
  }
  balance_table(plan_of(root, 1000), real);
  merge_table(root, real);
  fs::remove_all(root);
}
