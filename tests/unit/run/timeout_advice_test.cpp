#include "progress/samples.hpp"
#include "run/demo_plan.hpp"
#include "run/timeout_advice.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Record result(const Plan& plan, const std::string& name, Verdict verdict, Milliseconds duration) {
  const Cell& cell = *find_cell(plan, name);
  Record record = sample_record(cell.row->name, cell.variant->column, Milliseconds(0), verdict);
  record.axes = cell.variant->axes;
  record.duration = duration;
  return record;
}

TEST(TimeoutAdvice, NamesTheColumnAndTheScale) {
  const Plan plan = demo_plan();
  const std::vector<Record> journal{result(plan, "actor-a.native", Verdict::pass, Milliseconds(10'000)),
                                    result(plan, "actor-a.wasm", Verdict::pass, Milliseconds(30'000)),
                                    result(plan, "actor-b.wasm", Verdict::timeout, Milliseconds(170'000)),
                                    result(plan, "actor-c.wasm", Verdict::timeout, Milliseconds(890'000))};
  EXPECT_THAT(
      timeout_advice(plan, journal),
      ElementsAre("wasm ran into its time-out 2 times (actor-b.wasm, actor-c.wasm), no other column did: "
                  "consider in the matrix\n"
                  "  timeout_scale: {wasm: 4}    # what passes takes 3.0 times as long there"));
}

TEST(TimeoutAdvice, WithoutAComparisonItGoesUpByHalf) {
  const Plan plan = demo_plan();
  const std::vector<Record> journal{result(plan, "actor-c.wasm", Verdict::timeout, Milliseconds(890'000)),
                                    result(plan, "actor-c.wasm", Verdict::timeout, Milliseconds(890'000))};
  EXPECT_THAT(
      timeout_advice(plan, journal),
      ElementsAre("wasm ran into its time-out 2 times (actor-c.wasm), no other column did: consider in the "
                  "matrix\n  timeout_scale: {wasm: 2.5}"));
}

TEST(TimeoutAdvice, SaysNothingOfOneTimeOutOrOfSharedOnes) {
  const Plan plan = demo_plan();
  std::vector<Record> journal{result(plan, "actor-c.wasm", Verdict::timeout, Milliseconds(890'000))};
  EXPECT_THAT(timeout_advice(plan, journal), IsEmpty());
  journal.push_back(result(plan, "actor-b.wasm", Verdict::timeout, Milliseconds(1)));
  journal.push_back(result(plan, "actor-b.native", Verdict::timeout, Milliseconds(1)));
  EXPECT_THAT(timeout_advice(plan, journal), IsEmpty());
}

} // namespace
} // namespace ctest_matrix
