#include "check/list.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(List, OneLinePerCellInColumns) {
  EXPECT_EQ(list_text(sample_plan()), "actor-a.native  fast;native;bare    120 s  matrix.yaml:43\n"
                                      "actor-a.wasm    fast;wasm;bare      180 s  matrix.yaml:43\n"
                                      "actor-b.native  fast;native;bare     30 s  matrix.yaml:44\n"
                                      "actor-b.wasm    fast;wasm;bare       45 s  matrix.yaml:44\n"
                                      "actor-c.native  slow;native;bare    600 s  matrix.yaml:46\n"
                                      "actor-c.wasm    slow;wasm;bare      900 s  matrix.yaml:46\n"
                                      "actor-d.native  excluded            600 s  matrix.yaml:48\n"
                                      "actor-d.wasm    excluded            900 s  matrix.yaml:48\n");
}

TEST(List, EveryFactOfACellAsJson) {
  Plan plan = sample_plan();
  plan.cells = {plan.cells[3]};
  EXPECT_EQ(list_json(plan), R"([
  {
    "name": "actor-b.wasm",
    "row": "actor-b",
    "suite": "Actor B",
    "column": "wasm",
    "axes": {
      "runtime": "wasm",
      "sqlite": "remote",
      "encoding": "bare",
      "registry": "static"
    },
    "labels": [
      "fast",
      "wasm",
      "bare"
    ],
    "timeout": 45,
    "excluded": false,
    "skip": "not there",
    "file": "/repo/pkg/tests/actor-b.test.ts",
    "line": 44
  }
]
)");
}

} // namespace
} // namespace ctest_matrix
