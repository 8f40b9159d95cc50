# The first minute: from a checkout that has never seen ctest-matrix, by `init` to green cells without an edit, and from a failure
# that is planted then to its file, line, values and column. On the real runners.
#
# Environment: that of ../e2e/lib.sh, VITEST_MODULES, JEST_MODULES and MODULES (node_modules).

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
unset CI GTEST_FILTER PYTEST_ADDOPTS NODE_OPTIONS VITEST_CONFIG TZ

# a FILE: standard input becomes this file of the checkout.
a() {
  mkdir -p "checkout/$(dirname "$1")"
  cat >"checkout/$1"
}

# green CELL TESTS FILES: `init` finds that many tests (empty: it does not list them) in so many files, and the first cell passes; then
# this is the current directory.
green() {
  (cd checkout && printf '%s\n' node_modules >.gitignore && git init -q . && git add -A &&
    git -c user.name=x -c user.email=x@y commit -qm begin)
  cd checkout || die 'no checkout'
  expect_status 0 "$CTEST_MATRIX" init --gitignore
  expect_line .gitignore /build/
  [ -z "$2" ] || expect_output "  $2 in $3"
  expect_output "[1/1] $1: PASS (1 tests"
  expect_output 'next: ctest-matrix run'
}

# red ROW COLUMN PLACE TEXT...: the next run stops at this failure, which is told within ten lines; the report has it, too.
red() {
  local row=$1 column=$2 place=$work/checkout/$3 text
  shift 3
  expect_status 4 "$CTEST_MATRIX" run
  grep -F -A 9 -- "--- $row [$column] ---" "$work/output" >"$work/told" || die "no report of $row on $column"
  for text in "$place: error: " "$@"; do
    grep -qF -- "$text" "$work/told" || die "expected in the first ten lines: $text"
  done
  expect_status 0 "$CTEST_MATRIX" report
  expect_output "  $row.$column: FAIL - "
  expect_output "    $place"
}

# javascript MODULES: the packages of the checkout, and a Node.js that runs them.
javascript() {
  mkdir -p checkout
  ln -s "$1" checkout/node_modules
  export PATH=$VITEST_MODULES/.bin:$PATH
}

test_vitest_in_directories() {
  local name
  for name in hono middleware/cors/index adapter/navigator; do
    a "src/$name.test.ts" <<END
import { expect, test } from 'vitest'
test('$name works', () => { expect('$name'.length).toBe(${#name}) })
END
  done
  a vitest.config.ts <<<'export default { test: { include: ["src/**/*.test.ts"], pool: "forks" } }'
  a package.json <<<'{"name": "hono", "devDependencies": {"vitest": "*"}}'
  javascript "$VITEST_MODULES"
  green adapter/navigator.node '3 tests' '3 files'
  sed -i 's/toBe(4)/toBe(5)/' src/hono.test.ts
  red hono node src/hono.test.ts:2 'expected 4 to be 5' '>    2 | test('
  refute_output 'any other column' # there is one
  # vitest takes a pattern once: what stands behind -- takes the place of the matrix's, which selects everything.
  expect_status 0 "$CTEST_MATRIX" run only middleware/cors/index -- -t 'cors/index works'
  expect_output 'middleware/cors/index.node: PASS (1 tests'
}

test_jest() {
  local name
  for name in display plugin/utc; do
    a "test/$name.test.js" <<<"test('$name', () => { expect('$name'.length).toBe(${#name}) })"
  done
  a package.json <<<'{"name": "dayjs", "devDependencies": {"jest": "*"}}'
  javascript "$JEST_MODULES"
  green display.node '2 tests' '2 files'
  sed -i 's/toBe(10)/toBe(11)/' test/plugin/utc.test.js
  red plugin/utc node test/plugin/utc.test.js:1 'Expected: 11' 'Received: 10'
}

test_mocha() {
  local number
  for number in 1 2 3; do
    a "test/app.$number.js" <<END
const assert = require('node:assert')
describe('app.$number', () => { it('works', () => { assert.equal($number, $number) }) })
END
  done
  a package.json <<<'{"name": "express", "devDependencies": {"mocha": "*"}}'
  javascript "$MODULES"
  green app.1.node '' ''
  sed -i 's/equal(2, 2)/equal(2, 3)/' test/app.2.js
  red app.2 node test/app.2.js:2 '2 == 3'
}

test_tape() {
  local name
  for name in equal parse; do
    a "test/$name.test.js" <<END
const test = require('tape')
test('$name', (t) => { t.equal('$name'.length, ${#name}); t.end() })
END
  done
  a package.json <<<'{"name": "uri", "devDependencies": {"tape": "*"}}'
  javascript "$MODULES"
  green equal.node '' ''
  sed -i 's/length, 5/length, 6/' test/parse.test.js
  red parse node test/parse.test.js:2 'expected: 6' 'actual:   5'
}

test_one_program_in_two_builds() {
  a CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(fmt LANGUAGES CXX)
find_package(GTest REQUIRED)
enable_testing()
add_executable(suites tests/args_test.cpp tests/format_test.cpp)
target_link_libraries(suites PRIVATE GTest::gtest_main)
END
  a tests/args_test.cpp <<'END'
#include <gtest/gtest.h>
TEST(ArgsTest, AreKept) { EXPECT_EQ(1 + 1, 2); }
END
  a tests/format_test.cpp <<'END'
#include <gtest/gtest.h>
TEST(FormatTest, WritesNumbers) { EXPECT_EQ(2 + 2, 4); }
END
  green ArgsTest.debug '2 tests' '1 file, of what is built'
  sed -i 's/2 + 2, 4/2 + 2, 5/' tests/format_test.cpp
  red FormatTest debug tests/format_test.cpp:2 'Which is: 4' '      5'
}

test_pytest() {
  PATH=/usr/bin:$PATH
  a pyproject.toml <<<'[tool.pytest.ini_options]'
  a tests/test_docs.py <<<'def test_adds(): assert 1 + 1 == 2'
  a tests/test_plain.py <<'END'
import pytest


class TestSuite:
    @pytest.mark.parametrize("value", ["a b", "c::d"])
    def test_values(self, value):
        assert value != ""
END
  export PYTHONDONTWRITEBYTECODE=1
  green docs.python3 '3 tests' '2 files'
  sed -i 's/value != ""/value != "c::d"/' tests/test_plain.py
  red plain python3 tests/test_plain.py:7 "assert 'c::d' != 'c::d'"
  # Its own name selects a test, whatever is in its brackets.
  expect_status 4 "$CTEST_MATRIX" run
  expect_output "narrow:  cd $work/checkout && python3 -m pytest"
  expect_output "'tests/test_plain.py::TestSuite::test_values[c::d]'"
  expect_output '  python3: fails alone'
}

# A matrix for each of two suites, both in one CMake project.
test_two_suites_in_one_project() {
  PATH=/usr/bin:$PATH
  a py/pyproject.toml <<<'[tool.pytest.ini_options]'
  a py/tests/test_docs.py <<<'def test_adds(): assert 1 + 1 == 2'
  a web/package.json <<<'{"name": "web", "devDependencies": {"mocha": "*"}}'
  a web/test/app.js <<'END'
const assert = require('node:assert')
describe('app', () => { it('works', () => { assert.equal(1, 1) }) })
END
  ln -s "$MODULES" checkout/web/node_modules
  a CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(both LANGUAGES NONE)
find_package(CTestMatrix REQUIRED)
enable_testing()
matrix_discover_tests(py MATRIX py/matrix.yaml)
matrix_discover_tests(web MATRIX web/matrix.yaml)
END
  a .gitignore <<<node_modules
  git init -q checkout
  cd checkout
  expect_status 2 "$CTEST_MATRIX" init
  expect_output '2 suites are here; name one, or say --all for a matrix in each one'"'s directory"
  expect_status 0 "$CTEST_MATRIX" init --all
  expect_output '[1/1] docs.python3: PASS (1 tests'
  expect_output '[1/1] app.node: PASS (1 tests'
  expect_status 0 cmake -S . -B both -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
  expect_status 0 "$CTEST" --test-dir both
  sed -i 's/== 2/== 3/' py/tests/test_docs.py
  expect_status 8 "$CTEST" --test-dir both --output-on-failure
  grep -A 3 -F "$work/checkout/py/tests/test_docs.py:1: error: " "$work/output" >"$work/told" || die 'no place of the failure'
  grep -qF 'assert (1 + 1) == 3' "$work/told" || die "no values: $(cat "$work/told")"
  expect_output '80% tests passed'
}

run_case "$@"
