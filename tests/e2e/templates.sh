# The templates of `init`, each on a suite of its runner that is run for real, and the drift check on it.
# Environment: FALSE_GREEN_MODULES, the node_modules with vitest that the false-green catalogue installs.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

: "${FALSE_GREEN_MODULES:=}"

# box ROW: its boxes in the one progress file of the checkout.
box() {
  sed -n "s/^- \(\(\[.\] \)*\)$1 |.*/\1/p" checkout/*-progress.md | sed 's/ $//'
}

# scaffold RUNNER DIRECTORY [OPTION]...: what init writes there, and its build directory.
scaffold() {
  git init -q checkout
  expect_status 0 "$CTEST_MATRIX" init "$@" --no-try
  cp output said
  expect_status 0 "$CTEST_MATRIX" generate "$2/matrix.yaml" --build-dir build
}

vitest_suite() {
  : "${FALSE_GREEN_MODULES:?is not set (tests/false-green)}"
  export PATH=$FALSE_GREEN_MODULES/.bin:$PATH
  mkdir -p checkout/test/unit
  ln -s "$FALSE_GREEN_MODULES" checkout/node_modules
  printf '{"name": "shop", "private": true, "type": "module"}\n' >checkout/package.json
  printf '{"name": "shop", "lockfileVersion": 3, "packages": {}}\n' >checkout/package-lock.json
  local name
  for name in alpha beta; do
    cat >checkout/test/unit/$name.test.ts <<EOF_TEST
import { describe, expect, it } from "vitest";

describe("$name tests", () => {
  it("knows its runtime", () => expect(process.env.TEST_RUNTIME).toBe("node"));
  it.each([1, 2])("counts %i", () => {});
  it("skips itself", (context) => context.skip());
});
EOF_TEST
  done
}

test_vitest() {
  vitest_suite
  scaffold vitest checkout --cmake --vscode
  expect_line said 'found vitest: 2 files test/unit/*.test.ts in the checkout (the names of files)'
  expect_line said 'columns: node'
  expect_line said 'next: ctest-matrix run checkout/matrix.yaml'
  expect_status 0 "$CTEST" --test-dir build --output-on-failure
  expect_equal '[x]' "$(box alpha)" 'the box of alpha'
  expect_equal '[x]' "$(box beta)" 'the box of beta'
  expect_output 'checkout.check'
  grep -q 'alpha \[node\]: PASS (3 tests' checkout/checkout-progress.md || die 'the count of tests'
  cmp -s checkout/matrix.schema.json "$source_dir/templates/matrix.schema.json" || die 'the schema for editors'
  # What init wrote can be configured too, and stays.
  expect_status 0 cmake -S checkout -B configured -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
  expect_status 0 "$CTEST" --test-dir configured -N -R beta.node
  expect_output 'beta.node'
  echo '# mine' >>checkout/matrix.yaml
  expect_status 3 "$CTEST_MATRIX" init vitest checkout --no-try
  expect_output 'is there already and stays as it is; nothing was written'
}

# One suite, several changes at once: each is told with its place, and nothing else.
test_vitest_drift() {
  vitest_suite
  local name
  for name in alpha beta gamma; do
    cat >checkout/test/unit/$name.test.ts <<EOF_TEST
import { describe, it } from "vitest";
describe.each(["node", "browser"])("runtime (%s)", () => {
  describe("$name tests", () => {
    it("works", () => {});
  });
});
EOF_TEST
  done
  scaffold vitest checkout
  sed -i "s/^  runtime: .*/  runtime: [node, browser]/; s/^  node: .*/&\n  browser: {runtime: browser}/
    /^  # /d; s/^  filter: .*/  scope: 'runtime ({runtime})'\n  filter: 'runtime ({runtime})'/
    /^    # Every/d
    s/^    '\*':/    alpha: alpha tests\n    beta: beta tests\n    gamma: gamma tests/" checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" check checkout/matrix.yaml
  expect_output '3 rows, 2 columns, 6 listed tests in 3 files: no problem found'
  sed -i 's/"browser"/"bun"/' checkout/test/unit/alpha.test.ts
  sed -i 's/beta tests/beta testing/' checkout/test/unit/beta.test.ts
  mv checkout/test/unit/gamma.test.ts checkout/test/unit/gammas.test.ts
  expect_status 3 "$CTEST_MATRIX" check checkout/matrix.yaml
  expect_output "axis 'runtime': the suite lists tests for 'bun' (in 'runtime (bun)')"
  expect_output "row 'alpha': the suite lists no test for alpha.browser"
  expect_output "row 'beta': no block of beta.test.ts is named 'beta tests', did you mean 'beta testing'?"
  expect_output "row 'gamma': the file $work/checkout/test/unit/gamma.test.ts is not there, did you mean 'gammas'?"
  expect_output 'rows: no row names the test file test/unit/gammas.test.ts'
  expect_output '5 differences between the matrix and the suite'
}

pytest_suite() {
  python=$(PATH=/usr/bin:$PATH command -v python3)
  PATH=$(dirname "$python"):$PATH
  export PATH
  "$python" -c 'import pytest' 2>/dev/null || die 'python3-pytest is not installed'
  mkdir -p checkout/tests
  printf '[tool.pytest.ini_options]\n' >checkout/pyproject.toml
  : >checkout/tests/conftest.py
  cat >checkout/tests/test_alpha.py <<'EOF_TEST'
import pytest


class TestSuite:
    @pytest.mark.parametrize("value", ["a b", "c::d"])
    def test_values(self, value):
        pass


def test_alone():
    pass


@pytest.mark.skip(reason="later")
def test_later():
    pass
EOF_TEST
}

test_pytest() {
  pytest_suite
  scaffold pytest checkout
  expect_line said 'found pytest: 1 file tests/test_*.py in the checkout (pyproject.toml)'
  expect_status 0 "$CTEST" --test-dir build --output-on-failure
  expect_equal '[x]' "$(box alpha)" 'the box'
  grep -q 'alpha \[python3\]: PASS (3 tests' checkout/checkout-progress.md || die 'the count of tests'
  expect_status 0 "$CTEST_MATRIX" check checkout/matrix.yaml
  expect_output '1 row, 1 column, 4 listed tests in 1 file'
  # A plugin that drops a collected test from the run, but not from the collection.
  cat >checkout/tests/conftest.py <<'EOF_TEST'
def pytest_collection_modifyitems(config, items):
    if not config.option.collectonly:
        items[:] = [item for item in items if item.name != "test_alone"]
EOF_TEST
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'FAIL - the suite lists a test that the report does not have: tests.test_alpha > test_alone'
  expect_equal '[ ]' "$(box alpha)" 'the box of a cell that dropped a test'
}

test_gtest() {
  mkdir -p checkout/tests
  cat >checkout/CMakeLists.txt <<'EOF_CMAKE'
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES CXX)
find_package(GTest REQUIRED)
add_executable(alpha_test tests/alpha_test.cpp)
target_link_libraries(alpha_test PRIVATE GTest::gtest_main)
EOF_CMAKE
  cat >checkout/tests/alpha_test.cpp <<'EOF_TEST'
#include <gtest/gtest.h>
TEST(Alpha, Works) {}
TEST(Alpha, DISABLED_Later) {}
EOF_TEST
  scaffold gtest checkout/matrix
  expect_line said 'found gtest: 1 file tests/*_test.cpp in the checkout (CMakeLists.txt)'
  expect_status 0 "$CTEST" --test-dir build -R alpha.debug --output-on-failure
  expect_equal '[x] [ ]' "$(box alpha)" 'the boxes'
  grep -q 'alpha \[debug\]: PASS (1 test' checkout/checkout-progress.md || die 'the count of tests'
  sed -i 's/^TEST(Alpha, Works) {}/TEST(Alpha, Works) { FAIL(); }/' checkout/tests/alpha_test.cpp
  expect_status 8 "$CTEST" --test-dir build -R alpha.debug --output-on-failure
  expect_output 'FAIL - Alpha > Works'
  expect_equal '[ ] [ ]' "$(box alpha)" 'the boxes after an edit that fails'
}

test_init_without_a_suite() {
  mkdir checkout
  git init -q checkout
  expect_status 3 "$CTEST_MATRIX" init pytest checkout
  expect_output "no test file of pytest is below $work/checkout; expected files like test_*.py, *_test.py"
  expect_status 2 "$CTEST_MATRIX" init pytst checkout
  expect_output "unknown test runner or template 'pytst', did you mean 'pytest'?"
  [ ! -e checkout/matrix.yaml ] || die 'a matrix was written'
}

test_package_managers() {
  vitest_suite
  git init -q checkout
  rm checkout/package-lock.json
  : >checkout/pnpm-lock.yaml
  mkdir bin
  printf '#!/bin/sh\n' >bin/pnpm
  chmod +x bin/pnpm
  PATH=$work/bin:$PATH
  mkdir -p checkout/packages/core/src/deep
  echo '{}' >checkout/packages/core/package.json
  : >checkout/packages/core/src/deep/one.spec.ts
  expect_status 0 "$CTEST_MATRIX" init vitest checkout/packages/core/ci --no-try
  expect_line output 'found vitest: 1 file src/deep/*.spec.ts in packages/core (the names of files)'
  expect_line checkout/packages/core/ci/matrix.yaml '  directory: packages/core'
  expect_line checkout/packages/core/ci/matrix.yaml '  command: [pnpm, exec, vitest, run, "src/deep/{file}.spec.ts", -t, "{filter}"]'
  expect_status 0 "$CTEST_MATRIX" list checkout/packages/core/ci/matrix.yaml
  expect_output 'one.node'
}

run_case "$@"
