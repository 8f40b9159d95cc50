#include "progress/new_document.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(RenderDocument, IsTheTemplate) {
  use_utc();
  EXPECT_EQ(render_document(driver_plan(), k_noon), R"(# Driver Test Suite Progress

Started: 2026-05-02T12:00:00+00:00
Config: registry (static), encoding (bare), runtimes (native, wasm)

Each row: `[native] [wasm] <file> | <suite description>`

## Fast Tests

- [ ] [ ] manager-driver | Manager Driver Tests
- [ ] [ ] actor-conn | Actor Connection Tests

## Slow Tests

- [ ] [ ] actor-state | Actor State Tests

## Excluded

- [ ] [ ] actor-agent-os | Actor agentOS Tests (skip unless explicitly requested)

## Log
)");
}

TEST(RenderDocument, LeavesOutEmptySections) {
  use_utc();
  Plan plan = driver_plan();
  plan.rows = {plan.rows[0], plan.rows[1]};
  plan.common.columns.resize(1);
  plan.common.columns[0].name = "all";
  EXPECT_EQ(render_document(plan, k_noon), R"(# Driver Test Suite Progress

Started: 2026-05-02T12:00:00+00:00
Config: registry (static), encoding (bare), runtimes (native, wasm)

Each row: `[all] <file> | <suite description>`

## Fast Tests

- [ ] manager-driver | Manager Driver Tests
- [ ] actor-conn | Actor Connection Tests

## Log
)");
}

} // namespace
} // namespace ctest_matrix
