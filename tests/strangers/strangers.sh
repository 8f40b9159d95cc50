# Suites in the shapes that other projects have, on real runners, each from its matrix to the page of its report: test
# files in directories, runtimes and time zones as values, many files, TAP, one program with many suites, interpreters
# with options, a second matrix in one CMake project. In each, something fails on one column alone.
#
# Environment: that of ../e2e/lib.sh, SUITES_PROGRAM (suites.cpp), VITEST_MODULES, JEST_MODULES and MODULES (node_modules).

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
unset CI GTEST_FILTER PYTEST_ADDOPTS NODE_OPTIONS VITEST_CONFIG TZ

of_matrix() {
  local verb=$1
  shift
  "$CTEST_MATRIX" "$verb" "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# a FILE: standard input becomes this file of the checkout.
a() {
  mkdir -p "checkout/$(dirname "$1")"
  cat >"checkout/$1"
}

# to_page CELLS FAILING...: the matrix has this many cells; just these fail, and the page shows it.
to_page() {
  local cells=$1
  shift
  expect_status 0 of_matrix check
  expect_status 0 of_matrix list
  expect_equal "$cells" "$(wc -l <output)" 'the cells'
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  run "$CTEST" --test-dir build -j2
  expect_equal "$([ $# = 0 ] && echo 0 || echo 8)" "$status" 'the exit status of ctest'
  sed -n 's/^\t *[0-9]* - \([^ ]*\) (.*/\1/p' output | sort >failed
  printf '%s\n' "$@" | sed '/^$/d' | sort | diff - failed || die 'what failed'
  expect_status 0 of_matrix report --html page.html
  local cell
  for cell in "$@"; do
    grep -qF "\"$cell\"" page.html || die "the page does not have $cell"
  done
  expect_status 0 of_matrix report --json
  expect_equal "$cells" "$(grep -c '"cell": ' output)" 'the cells of the report'
}

# As hono: tests below src in directories, on two runtimes, each with a command.
test_nested_vitest_on_two_runtimes() {
  local name
  for name in hono middleware/cors/index middleware/etag/index helper/css/index router/trie/node; do
    a "src/$name.test.ts" <<END
import { expect, test } from 'vitest'
test('$name works', () => { expect('$name').toMatch(/[a-z]/) })
END
  done
  a src/adapter/navigator.test.ts <<'END'
import { describe, expect, test } from 'vitest'
describe('navigator', () => { test('is there', () => { expect(typeof navigator).toBe('object') }) })
END
  a src/legacy/old.test.ts <<<'throw new Error("not any more")'
  a vitest.config.ts <<<'export default { test: { include: ["src/**/*.test.ts"], pool: "forks" } }'
  ln -s "$VITEST_MODULES" checkout/node_modules
  a matrix.yaml <<END
version: 1
name: hono
axes:
  runtime:
    node: {command: [$VITEST_MODULES/.bin/node, node_modules/vitest/vitest.mjs, run, "src/{file}.test.ts"], report: vitest-json}
    bare:
      report: vitest-json
      command: [$VITEST_MODULES/.bin/node, node_modules/vitest/vitest.mjs, run, "src/{file}.test.ts"]
      environment: {NODE_OPTIONS: --no-experimental-global-navigator}
      timeout_scale: 1.5
columns: {node: {runtime: node}, bare: {runtime: bare}}
parallel: true
runner: {grace: 5}
rows:
  fast:
    '**': {except: ['legacy/**']}
END
  to_page 12 adapter/navigator.bare
  expect_status 0 of_matrix report
  expect_output 'fails on bare, passes on node: navigator > is there'
  # An edited test file makes its own ticks old, and nothing else.
  (cd checkout && printf 'node_modules\n' >.gitignore && git init -q . && git add -A &&
    git -c user.name=x -c user.email=x@y commit -qm begin)
  expect_status 0 "$CTEST" --test-dir build -R 'hono|etag' -j2
  echo '// edited' >>checkout/src/hono.test.ts
  expect_status 0 of_matrix report
  expect_output 'hono.node: test file'
  refute_output 'etag/index.node: test file'
}

# As dayjs: the same tests in several time zones, which have names of their own.
test_jest_in_time_zones() {
  local name
  for name in display locale/en locale/de plugin/utc; do
    a "test/$name.test.js" <<<"test('$name', () => { expect(process.env.TZ).toBeTruthy() })"
  done
  a test/plugin/zone.test.js <<'END'
describe('zone', () => {
  test('is near', () => { expect(Math.abs(new Date(2024, 0, 1).getTimezoneOffset())).toBeLessThan(700) })
})
END
  a package.json <<<'{"name": "dayjs"}'
  ln -s "$JEST_MODULES" checkout/node_modules
  a matrix.yaml <<END
version: 1
name: dayjs
axes: {tz: {utc: UTC, auckland: Pacific/Auckland, whitehorse: America/Whitehorse}}
columns: {utc: {tz: utc}, auckland: {tz: auckland}, whitehorse: {tz: whitehorse}}
parallel: true
runner:
  command: [node, node_modules/jest/bin/jest.js, --json, "--outputFile={report}", --runTestsByPath, "{path}"]
  file: test/{file}.test.js
  report: vitest-json
  environment: {TZ: "{tz}"}
  list:
    command: [node, node_modules/jest/bin/jest.js, --json, "--outputFile={list}", --testLocationInResults, -t, "(?!)", --runTestsByPath, "{path}"]
    format: jest
rows:
  fast:
    display: {may_skip: {tz: {whitehorse: the clock there is set by hand}}}
    'locale/*': {only: {tz: [utc, auckland]}}
    'plugin/*':
END
  to_page 13 plugin/zone.auckland
  expect_status 0 of_matrix check
  expect_output '5 rows, 3 columns, 5 listed tests in 5 files: no problem found'
  expect_line checkout/dayjs-progress.md '- [x] [x] [-] locale/de | locale/de'
}

# As express: many files, which differ by two axes.
test_mocha_by_many_files() {
  local number
  for number in $(seq 1 4); do
    a "test/app.$number.js" <<END
const assert = require('node:assert')
describe('app.$number', () => { it('works', () => { assert.ok(process.env.NODE_ENV) }) })
END
  done
  a test/acceptance/auth.js <<'END'
const assert = require('node:assert')
describe('auth', () => { it('hides errors', () => { assert.notEqual(process.env.NODE_ENV + process.execArgv.length, 'test1') }) })
END
  ln -s "$MODULES" checkout/node_modules
  a matrix.yaml <<'END'
version: 1
name: express
axes:
  mode: [test, production]
  flags:
    plain: {command: [node, node_modules/mocha/bin/_mocha, --reporter, xunit, --reporter-option, "output={report}", "{path}"]}
    strict: {command: [node, --throw-deprecation, node_modules/mocha/bin/_mocha, --reporter, xunit, --reporter-option, "output={report}", "{path}"]}
columns:
  lax-test: {mode: test, flags: plain}
  strict-test: {mode: test, flags: strict}
  lax-production: {mode: production, flags: plain}
  strict-production: {mode: production, flags: strict}
parallel: true
runner: {file: 'test/**/{file}.js', report: junit, environment: {NODE_ENV: "{mode}"}}
rows:
  fast: {'**': }
END
  to_page 20 acceptance/auth.strict-test
}

# As fast-uri: tape writes TAP.
test_tape() {
  a test/parse.test.js <<'END'
const test = require('tape')
test('parses', (t) => { t.equal(new URL('http://x/y').pathname, '/y'); t.end() })
END
  a test/equal.test.js <<'END'
const test = require('tape')
test('compares', (t) => { t.equal('É'.normalize(process.env.FORM).length, 1, 'one letter'); t.end() })
END
  ln -s "$MODULES" checkout/node_modules
  a matrix.yaml <<'END'
version: 1
name: uri
axes: {form: {composed: NFC, apart: NFD}}
columns: {composed: {form: composed}, apart: {form: apart}}
runner: {command: [node, "test/{file}.test.js"], report: tap, environment: {FORM: "{form}"}}
rows:
  fast: {parse: , equal: }
END
  to_page 4 equal.apart
}

# As fmt and yaml-cpp: one program in several builds, whose suites are the rows.
test_one_program_in_two_builds() {
  mkdir checkout
  cp "$SUITES_PROGRAM" checkout/program
  a matrix.yaml <<'END'
version: 1
name: fmt
axes:
  build:
    debug: {directory: out/debug, environment: {BUILD_NAME: debug}}
    asan: {directory: out/asan, environment: {BUILD_NAME: asan}}
columns: {debug: {build: debug}, asan: {build: asan}}
artifacts:
  debug: {for: {build: debug}, inputs: [program], outputs: [out/debug/suites], command: [sh, -c, 'mkdir -p out/debug; cp program out/debug/suites']}
  asan: {for: {build: asan}, inputs: [program], outputs: [out/asan/suites], command: [sh, -c, 'mkdir -p out/asan; cp program out/asan/suites']}
runner:
  file: none
  command: [./suites, "--gtest_filter={filter}", "--gtest_output=xml:{report}"]
  scope: '{suite}'
  filter: '{suite}.*'
  escape: none
  report: junit
  list: {command: [./suites, --gtest_list_tests, "--gtest_output=json:{list}"], format: gtest}
rows:
  fast:
    FormatTest:
    ArgsTest:
    ChronoTest:
END
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  expect_status 0 "$CTEST" --test-dir build -R ChronoTest
  run of_matrix check
  expect_equal 3 "$status" 'exit status with a suite in no row'
  expect_output 'rows: no row runs 1 test that the program lists: OstreamTest > Flushes'
  expect_status 0 of_matrix check --fix
  expect_output '4 rows, 2 columns, 5 listed tests'
  to_page 8 ArgsTest.asan
}

# A program of the CMake project itself: built before the cells, and never run while it is older than its sources.
test_target_of_the_project() {
  a CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(own LANGUAGES C)
find_package(CTestMatrix REQUIRED)
enable_testing()
add_executable(suites suites.c)
matrix_discover_tests(own MATRIX matrix.yaml TARGETS suites)
END
  a suites.c <<'END'
#include <stdio.h>
#include <string.h>
int main(int argc, char** argv) {
  printf("1..1\n%s 1 - %s\n", argc > 1 && strcmp(argv[1], "broken") != 0 ? "ok" : "not ok", argv[1]);
  return 0;
}
END
  a matrix.yaml <<'END'
version: 1
name: own
axes: {mode: [quick, slow]}
columns: {quick: {mode: quick}, slow: {mode: slow}}
runner: {command: ["{target.suites}", "{file}", "{mode}"], file: none, report: tap}
rows: {fast: {FormatTest: , ArgsTest: }}
END
  local generator config=()
  for generator in Ninja 'Ninja Multi-Config'; do
    [ "$generator" = Ninja ] || config=(-C Release)
    rm -rf build checkout/own-progress.md
    expect_status 0 cmake -G "$generator" -S checkout -B build -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
    expect_status 0 "$CTEST" --test-dir build "${config[@]}"
    expect_output 'own.artifact.suites'
    expect_line checkout/own-progress.md '- [x] [x] FormatTest | FormatTest'
    # Edited, it is built anew; without its fixture, no cell runs what is older.
    echo '/* more */' >>checkout/suites.c
    expect_status 8 "$CTEST" --test-dir build "${config[@]}" -R FormatTest.quick -FS . --output-on-failure
    expect_output 'the artifact suites is older than its inputs: suites.c was changed'
    sed -i 's/"broken"/"FormatTest"/' checkout/suites.c
    expect_status 8 "$CTEST" --test-dir build "${config[@]}"
    expect_line checkout/own-progress.md '- [ ] [ ] FormatTest | FormatTest'
    expect_line checkout/own-progress.md '- [x] [x] ArgsTest | ArgsTest'
    sed -i 's/"FormatTest"/"broken"/' checkout/suites.c
  done
  expect_status 0 "$CTEST_MATRIX" explain FormatTest.quick checkout/matrix.yaml --root checkout --build-dir build
  expect_output "$work/build/Release/suites"
  # What CMake has made of a copied checkout builds and runs the original's program: no cell of the copy is judged by it.
  mkdir copy
  cp -a checkout build copy/
  rm copy/checkout/own-progress.md
  sed -i 's/"broken"/"FormatTest"/' copy/checkout/suites.c
  expect_status 8 "$CTEST" --test-dir copy/build -C Release --output-on-failure
  expect_output "configure $work/copy/build anew"
  ! grep -q '^- \[x\]' copy/checkout/own-progress.md 2>/dev/null || die "a tick in the copy: $(cat copy/checkout/own-progress.md)"
  expect_status 3 "$CTEST_MATRIX" run --matrix copy/checkout/matrix.yaml --root copy/checkout --build-dir copy/build
  expect_status 0 cmake -G "$generator" -S copy/checkout -B copy/anew -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
  expect_status 8 "$CTEST" --test-dir copy/anew -C Release
  expect_line copy/checkout/own-progress.md '- [ ] [ ] FormatTest | FormatTest'
  expect_line copy/checkout/own-progress.md '- [x] [x] ArgsTest | ArgsTest'
  sed -i 's/target.suites/target.suite/' checkout/matrix.yaml
  run "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 3 "$status" 'exit status'
  expect_output "no target 'suite' is among the TARGETS of matrix_discover_tests, did you mean 'suites'?"
}

# As attrs: one interpreter with different options.
test_pytest_with_options() {
  a tests/test_plain.py <<'END'
def test_works(): pass
END
  a tests/test_docs.py <<'END'
def documented():
    """It says what it does."""

def test_has_documentation():
    if documented.__doc__ is None:
        raise RuntimeError("no documentation")
END
  a matrix.yaml <<'END'
version: 1
name: attrs
axes:
  python:
    plain: {command: [/usr/bin/python3, -m, pytest, "tests/test_{file}.py", "--junit-xml={report}"]}
    utf8: {command: [/usr/bin/python3, -X, utf8, -m, pytest, "tests/test_{file}.py", "--junit-xml={report}"]}
    OO: {command: [/usr/bin/python3, -OO, -m, pytest, "tests/test_{file}.py", "--junit-xml={report}"]}
columns: {plain: {python: plain}, utf8: {python: utf8}, OO: {python: OO}}
runner: {report: junit, environment: {PYTHONDONTWRITEBYTECODE: 1}}
rows:
  fast:
    '*':
    later: {optional: true}
END
  expect_status 0 of_matrix check
  expect_output "the optional row 'later' is left out"
  sed -i '/later:/d' checkout/matrix.yaml
  to_page 6 docs.OO
}

# Two matrices in one CMake project, told apart in the matrix.
test_second_matrix_in_one_project() {
  local name
  for name in one two; do
    a "tests/$name.test.sh" <<<'[ "$MODE" != broken ]'
  done
  local text='version: 1
name: NAME
PREFIX
axes: {mode: [plain, MORE]}
columns: {plain: {mode: plain}, other: {mode: MORE}}
runner: {command: [sh, "tests/{file}.test.sh"], report: exit-code, environment: {MODE: "{mode}"}}
rows: {fast: {"*": }}'
  sed 's/NAME/first/; s/PREFIX//; s/MORE/quick/g' <<<"$text" | a matrix.yaml
  sed 's/NAME/second/; s/PREFIX/prefix: again./; s/MORE/broken/g' <<<"$text" | a second.yaml
  a CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(both LANGUAGES NONE)
find_package(CTestMatrix REQUIRED)
enable_testing()
matrix_discover_tests(first MATRIX matrix.yaml)
matrix_discover_tests(second MATRIX second.yaml)
END
  expect_status 0 cmake -S checkout -B build -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
  expect_status 8 "$CTEST" --test-dir build
  sed -n 's/^\t *[0-9]* - \([^ ]*\) (.*/\1/p' output | sort | tr '\n' ' ' >failed
  expect_equal 'again.one.other again.two.other ' "$(cat failed)" 'what failed'
  expect_output '80% tests passed, 2 tests failed out of 10'
  expect_line checkout/first-progress.md '- [x] [x] one | one'
  expect_line checkout/second-progress.md '- [x] [ ] one | one'
  expect_status 0 "$CTEST_MATRIX" report checkout/second.yaml --root checkout --build-dir build --html page.html
  grep -qF '"again."' page.html || die 'the page does not have the prefix'
}

run_case "$@"
