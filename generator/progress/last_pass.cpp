#include "progress/last_pass.hpp"

#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/json_fields.hpp"
#include "plan/identity.hpp"
#include "progress/boxes.hpp"
#include "progress/document.hpp"
#include "progress/store.hpp"
#include "progress/store_state.hpp"
#include "runners/written_titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ctest_matrix {

namespace fs = std::filesystem;

template <typename Archive>
void elements(Archive& archive, TestOutcome& test) {
  archive(test.test, test.kind);
}

template <>
inline constexpr TestOutcome::Kind k_json_last<TestOutcome::Kind> = TestOutcome::Kind::skipped;

template <typename Archive>
void fields(Archive& archive, LastPass& pass) {
  archive.constant("version", k_passes_format);
  archive("finished", pass.finished);
  archive("basis", pass.basis);
  archive("runner", pass.runner);
  archive("reader", pass.reader);
  archive("tests", pass.tests);
}

namespace {

/// To be counted up when tests of the same report get other titles or outcomes.
constexpr int k_reader = 2;

fs::path file_of(const CommonPlan& common, const Cell& cell) {
  return common.places.evidence_or_state() / "passes" /
         (cell_identity(common, cell.row->name, cell.variant->axes) + ".json");
}

std::string box_of(const Cell& cell) {
  return fmt::format("{} [{}]", cell.row->name, cell.variant->column);
}

} // namespace

std::optional<LastPass> last_pass(const CommonPlan& common, const Cell& cell) {
  const auto text = read_file(file_of(common, cell));
  auto pass = text ? from_json<LastPass>(*text) : Result<LastPass>(Error());
  return pass ? std::optional(*std::move(pass)) : std::nullopt;
}

void remember_pass(const CommonPlan& common, const Cell& cell, const Record& record) {
  const LastPass pass{.finished = record.finished,
                      .basis = record.basis,
                      .runner = record.runner,
                      .reader = k_reader,
                      .tests = record.tests};
  static_cast<void>(write_file_quickly(file_of(common, cell), to_json(pass) + '\n'));
}

bool has_same_basis(const LastPass& pass, const TickBasis& basis, const std::string& runner) {
  return pass.reader == k_reader && pass.runner == runner && pass.basis == basis;
}

std::vector<std::string> lost_tests(const Cell& cell, const std::vector<TestOutcome>& before,
                                    const std::vector<TestOutcome>& now, std::string_view source,
                                    std::string_view stem) {
  std::map<std::string_view, int> missing; // how often each ran before, less how often it runs now
  int balance = 0;
  const auto count = [&](const std::vector<TestOutcome>& tests, int step) {
    for (const TestOutcome& test : tests) {
      if (test.kind != TestOutcome::Kind::skipped) {
        missing[test.test] += step;
        balance += step;
      }
    }
  };
  count(before, 1);
  count(now, -1);
  std::vector<std::string> gone;
  std::vector<std::string> skipped;
  for (const auto& [test, times] : missing) {
    const bool is_skipped = std::ranges::any_of(now, [&, name = test](const TestOutcome& other) {
      return other.kind == TestOutcome::Kind::skipped && other.test == name;
    });
    if (times > 0 && !(is_skipped && cell.may_skip)) {
      (is_skipped ? skipped : gone).emplace_back(test);
    }
  }
  if (balance <= 0) {
    std::erase_if(gone, [&](const std::string& test) { return !is_written_in(source, test, stem); });
  }
  gone.insert(gone.end(), skipped.begin(), skipped.end());
  return gone;
}

bool is_waived(const Plan& plan, const Cell& cell, TimePoint passed) {
  const StorePaths paths = store_paths(plan.common);
  const auto document = read_file(paths.progress);
  if (!document) {
    return true;
  }
  const auto text = read_file(paths.state);
  const auto state = text ? parse_state(*text) : std::nullopt;
  if (!state) {
    return false;
  }
  if (state->fold.newest_reset && state->fold.newest_reset->finished > passed) {
    return true;
  }
  if (Document::parse(*document).box(cell.row->name, cell.variant->column) != BoxState::ticked) {
    return false;
  }
  const std::string box = box_of(cell);
  const auto edit = state->fold.edits.find(box);
  const bool seen = edit != state->fold.edits.end() && edit->second > passed;
  return seen || (state->fold.ticked && !state->fold.ticked->contains(box));
}

} // namespace ctest_matrix
