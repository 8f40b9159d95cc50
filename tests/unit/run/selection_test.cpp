#include "progress/samples.hpp"
#include "progress/summary.hpp"
#include "run/demo_plan.hpp"
#include "run/selection.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Record result(const Plan& plan, const std::string& name, Milliseconds after, Verdict verdict) {
  const Cell& cell = *find_cell(plan, name);
  Record record = sample_record(cell.row->name, cell.variant->column, after, verdict);
  record.cell = name;
  record.axes = cell.variant->axes;
  record.profile = plan.common.profile;
  return record;
}

std::vector<std::string> names(const Selection& selection) {
  std::vector<std::string> names;
  for (const Cell* cell : selection.cells) {
    names.push_back(cell->name);
  }
  return names;
}

std::vector<std::string> selected(const RunRequest& request, const Assignment& axes = {},
                                  const std::set<std::pair<std::string, std::string>>& ticked = {},
                                  const std::vector<Record>& journal = {}) {
  const Plan plan = demo_plan();
  const auto selection = select_cells(plan, request, axes, ticked, {}, journal);
  return selection ? names(*selection) : std::vector<std::string>{selection.error().message};
}

TEST(Selection, GoesThroughOpenBoxesInTheOrderOfTheMatrix) {
  EXPECT_THAT(selected({}, {}, {{"actor-a", "native"}, {"actor-c", "wasm"}}),
              ElementsAre("actor-a.wasm", "actor-b.native", "actor-b.wasm", "actor-c.native"));
}

TEST(Selection, CountsWhatItLeavesOut) {
  const Plan plan = demo_plan();
  RunRequest request;
  request.skip = {"actor-b"};
  const auto selection = select_cells(plan, request, {}, {{"actor-a", "native"}}, {}, {});
  ASSERT_TRUE(selection);
  EXPECT_EQ(selection->ticked, 1);
  EXPECT_EQ(selection->skipped, 2);
}

TEST(Selection, AStaleTickDoesNotCount) {
  const Plan plan = demo_plan();
  const auto selection =
      select_cells(plan, {}, {}, {{"actor-a", "native"}, {"actor-b", "native"}}, {"actor-b.native"}, {});
  ASSERT_TRUE(selection);
  EXPECT_THAT(names(*selection), ElementsAre("actor-a.wasm", "actor-b.native", "actor-b.wasm",
                                             "actor-c.native", "actor-c.wasm"));
}

TEST(Selection, ANamedRowRunsTickedOrExcluded) {
  RunRequest request;
  request.only = "actor-d";
  EXPECT_THAT(selected(request, {}, {{"actor-d", "native"}}), ElementsAre("actor-d.native", "actor-d.wasm"));
}

TEST(Selection, ExcludedRowsRunOnRequestOnly) {
  RunRequest request;
  request.from = "actor-c";
  EXPECT_THAT(selected(request), ElementsAre("actor-c.native", "actor-c.wasm"));
  for (const char* included : {"*", "actor-d"}) {
    request.included = {included};
    EXPECT_THAT(selected(request),
                ElementsAre("actor-c.native", "actor-c.wasm", "actor-d.native", "actor-d.wasm"));
  }
  request.included = {"actor-c"};
  EXPECT_THAT(selected(request), ElementsAre("actor-c.native", "actor-c.wasm"));
}

TEST(Selection, AnAxisThatTellsCellsApartSelects) {
  EXPECT_THAT(selected({}, {{"runtime", "wasm"}}),
              ElementsAre("actor-a.wasm", "actor-b.wasm", "actor-c.wasm"));
}

TEST(Selection, FailedMeansTheLatestResultSinceTheReset) {
  const Plan plan = demo_plan();
  RunRequest request;
  request.scope = RunScope::failed;
  Record reset;
  reset.kind = RecordKind::reset;
  reset.profile = "default";
  const Record before = result(plan, "actor-a.wasm", Milliseconds(0), Verdict::fail);
  reset.finished = before.finished;
  reset.id = before.id + '~';
  const std::vector<Record> journal{before,
                                    reset,
                                    result(plan, "actor-b.native", Milliseconds(1), Verdict::timeout),
                                    result(plan, "actor-c.native", Milliseconds(2), Verdict::fail),
                                    result(plan, "actor-c.native", Milliseconds(3), Verdict::pass),
                                    result(plan, "actor-c.wasm", Milliseconds(4), Verdict::fail),
                                    result(plan, "actor-c.wasm", Milliseconds(5), Verdict::interrupted)};
  EXPECT_THAT(selected(request, {}, {{"actor-b", "native"}}, journal),
              ElementsAre("actor-b.native", "actor-c.wasm"));
}

TEST(Selection, AResultOfAnotherEncodingIsNotThisCells) {
  const Plan plan = demo_plan();
  Record other = result(plan, "actor-a.wasm", Milliseconds(0), Verdict::fail);
  for (auto& [axis, value] : other.axes) {
    value = axis == "encoding" ? "cbor" : value;
  }
  EXPECT_THAT(latest_records(plan, std::vector<Record>{other}), IsEmpty());
}

TEST(Selection, NamesARowThatIsNotThere) {
  RunRequest request;
  request.only = "actor-aa";
  EXPECT_THAT(
      selected(request),
      ElementsAre("only actor-aa: the matrix demo has no row 'actor-aa', did you mean 'actor-a'? expected "
                  "one of: actor-a, actor-b, actor-c, actor-d"));
  request.only = "";
  request.skip = {"x"};
  EXPECT_THAT(selected(request),
              ElementsAre("skip x: the matrix demo has no row 'x'; expected one of: actor-a, "
                          "actor-b, actor-c, actor-d"));
}

TEST(AxisChoice, TellsSelectionsFromOverrides) {
  RunRequest request;
  request.axes = {{"runtime", "wasm"}, {"encoding", "cbor"}};
  const auto choice = choose_axes(demo_plan(), request);
  ASSERT_TRUE(choice);
  EXPECT_THAT(choice->selected, ElementsAre(Pair("runtime", "wasm")));
  EXPECT_THAT(choice->overrides, ElementsAre(Pair("encoding", "cbor")));
}

TEST(AxisChoice, InAProfileWithSeveralCellsPerColumnTheEncodingSelects) {
  RunRequest request;
  request.axes = {{"encoding", "cbor"}, {"runtime", "both"}};
  const auto choice = choose_axes(demo_plan("full"), request);
  ASSERT_TRUE(choice);
  EXPECT_THAT(choice->selected, ElementsAre(Pair("encoding", "cbor")));
  EXPECT_THAT(choice->overrides, IsEmpty());
}

TEST(AxisChoice, TakesASlipOfAWordForTheWord) {
  RunRequest request;
  request.axes = {{"onyl", "actor-a"}};
  const auto choice = choose_axes(demo_plan(), request);
  ASSERT_FALSE(choice);
  EXPECT_EQ(
      choice.error().message,
      "run: 'onyl' in 'onyl actor-a' is neither a word of `run` nor an axis, did you mean 'only'? expected "
      "one of: runtime, sqlite, encoding, registry, only, from, skip, reset, resume");
  EXPECT_EQ(choice.error().code, ExitCode::usage);
}

TEST(AxisChoice, NamesTheValues) {
  RunRequest request;
  request.axes = {{"runtime", "node"}};
  const auto choice = choose_axes(demo_plan(), request);
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().message,
            "runtime node: there is no such value; expected one of: native, wasm, both");
  EXPECT_EQ(choice.error().code, ExitCode::usage);
}

} // namespace
} // namespace ctest_matrix
