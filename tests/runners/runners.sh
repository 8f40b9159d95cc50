# Real runners, through ctest and the cell: what each does when its tests pass, fail, are all skipped (declared or not),
# when the filter matches nothing, when it crashes, and when its filter is too wide.
#
# Environment: that of ../e2e/lib.sh, GTEST_SAMPLE (the program), JEST_MODULES and VITEST_MODULES (node_modules).

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
unset CI GTEST_FILTER PYTEST_ADDOPTS NODE_OPTIONS VITEST_CONFIG

node() {
  printf '%s' "$VITEST_MODULES/.bin/node"
}

# ctest_with RUNNER [ARGUMENTS]: the checkout's matrix, with these lines in its section `runner` and a row for each kind of
# result, through ctest.
ctest_with() {
  {
    cat <<'END'
version: 1
name: suite
axes: {runtime: [Native, Wasm]}
columns: {native: {runtime: Native}}
rows:
  fast:
    passes: Passes
    fails: Fails
    skipped: Skipped
    declared: {suite: Declared, skip: {native: not on native}}
    nothing: Nothing
    crashes: Crashes
END
    printf 'runner:\n'
    sed 's/^/  /' <<<"$1"
  } >checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  run "$CTEST" --test-dir build -V "${@:2}"
  expect_equal 8 "$status" 'the exit status of ctest'
}

# said ROW OUTCOME: what the progress file says; the box is ticked for PASS and SKIP.
said() {
  local row=$1 outcome box=' '
  outcome=$(sed -n "s/^- [^ ]* $row \[native\]: //p" checkout/suite-progress.md | sed 's/, [0-9.]* *[a-z]*)$/)/')
  expect_equal "$2" "$outcome" "the log of $row"
  case $2 in PASS* | SKIP*) box=x ;; esac
  grep -qF -- "- [$box] $row |" checkout/suite-progress.md || die "the box of $row is not [$box]"
}

test_pytest() {
  local pytest_program
  # Debian calls it by its version of Python.
  pytest_program=$(command -v pytest-3 || command -v pytest) || die 'pytest is not installed'
  mkdir -p checkout/tests
  cat >checkout/tests/test_passes.py <<'END'
class TestNative:
    def test_one(self): pass
    def test_two(self): pass

class TestWasm:
    def test_one(self): raise RuntimeError("not this cell's")
END
  cat >checkout/tests/test_fails.py <<'END'
class TestNative:
    def test_one(self): pass

    def test_two(self):
        assert 1 + 1 == 3, "arithmetic"
END
  cat >checkout/tests/test_skipped.py <<'END'
import pytest

class TestNative:
    @pytest.mark.skip(reason="later")
    def test_one(self): pass

    def test_two(self): pytest.skip("not here")
END
  cp checkout/tests/test_skipped.py checkout/tests/test_declared.py
  sed 's/TestNative/TestNothing/' checkout/tests/test_passes.py >checkout/tests/test_nothing.py
  cat >checkout/tests/test_crashes.py <<'END'
import os

class TestNative:
    def test_one(self): pass
    def test_two(self): os.abort()
END
  local more='escape: none
report: junit
environment: {PYTHONDONTWRITEBYTECODE: "1"}'
  local pytest="command: [$pytest_program, -p, 'no:cacheprovider', 'tests/test_{file}.py', -k, '{filter}', '--junit-xml={report}']
scope: 'tests.test_{file}.Test{runtime}'
filter: 'Test{runtime}'
$more"
  ctest_with "$pytest"
  said passes 'PASS (2 tests)'
  said fails 'FAIL - test_two: AssertionError: arithmetic'
  expect_output "$work/checkout/tests/test_fails.py:5: error: AssertionError: arithmetic"
  said skipped 'FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it: later (1 test), not here (1 test)'
  said declared 'SKIP - not on native'
  said nothing 'FAIL - NO-TESTS: the report holds no test; the runner exited 5'
  said crashes 'FAIL - CRASH: the runner was ended by signal 6 (Aborted)'
  # A run that a test stops, with an exit status of 0.
  cp checkout/tests/test_passes.py kept.py
  sed -i 's/def test_two.*/def test_two(self): __import__("pytest").exit("enough", returncode=0)\n    def test_three(self): assert False/' checkout/tests/test_passes.py
  ctest_with "$pytest" -R passes
  said_last passes 'FAIL - the whole run: a test had not ended when pytest wrote its report'
  cp kept.py checkout/tests/test_passes.py
  # What its configuration does not take for a test, what a later one hides, and a hook that calls a failed run passed.
  cp checkout/tests/test_passes.py kept.py
  printf 'def test_one(): pass\n\ndef test_two(): assert False\n\ndef test_one(): pass\n' >checkout/tests/test_passes.py
  printf '[pytest]\npython_functions = test_one* test_fails*\n' >checkout/pytest.ini
  echo 'def pytest_sessionfinish(session): session.exitstatus = 0' >checkout/conftest.py
  printf 'def test_fails():\n    assert False, "stuck"\n' >checkout/tests/test_fails.py
  ctest_with "command: [$pytest_program, -p, 'no:cacheprovider', 'tests/test_{file}.py', '--junit-xml={report}']
$more" -R 'passes|fails'
  expect_output 'PASS passes.native: 1 passed, 0 failed, 0 skipped'
  expect_output 'note: pytest does not take for tests, by its configuration: test_two (line 3)'
  expect_output 'note: never run, for a later one has the same name: test_one (line 1)'
  said_last fails 'FAIL - tests.test_fails > test_fails: AssertionError: stuck'
  rm checkout/conftest.py
  # What its configuration only plans.
  cp kept.py checkout/tests/test_passes.py
  printf '[pytest]\naddopts = -qq --setup-plan\n' >checkout/pytest.ini
  ctest_with "$pytest" -R passes
  said_last passes 'FAIL - NO-TESTS: the whole file is skipped: pytest ran the body of no test (--setup-plan, --setup-only), and the matrix declares no skip for it'
  rm checkout/pytest.ini
  # A filter that is too wide: another class; and, without a scope, another file.
  ctest_with "${pytest/\'Test\{runtime\}\'/Test}" -R passes
  said_last passes 'FAIL - FOREIGN: 1 test of another cell or file ran, first: tests.test_passes.TestWasm > test_one'
  sed '/TestWasm/,$d' checkout/tests/test_passes.py >checkout/tests/test_passes_too.py
  cp checkout/tests/test_passes_too.py checkout/tests/test_passes.py
  ctest_with "command: [$pytest_program, -p, 'no:cacheprovider', tests, -k, '{filter}', '--junit-xml={report}']
file: 'tests/test_{file}.py'
filter: '{file}'
$more" -R passes
  said_last passes 'FAIL - FOREIGN: 2 tests of another cell or file ran, first: tests.test_passes_too.TestNative > test_one'
}

said_last() {
  expect_equal "$2" "$(sed -n "s/^- [^ ]* $1 \[native\]: //p" checkout/suite-progress.md | tail -n 1)" "the log of $1"
}

test_gtest() {
  mkdir checkout
  cp "$source_dir/tests/runners/gtest_sample.cpp" checkout/
  local gtest='command: ["{env.GTEST_SAMPLE}", "--gtest_filter={filter}", "--gtest_output=xml:{report}"]
scope: "{runtime}{suite}"
filter: "{runtime}{suite}.*"
escape: none
report: junit'
  ctest_with "$gtest"
  said passes 'PASS (2 tests)'
  said fails 'FAIL - Works: Expected equality of these values: 1 + 1, Which is: 2, 3'
  expect_output "tests/runners/gtest_sample.cpp:$(grep -n EXPECT_EQ checkout/gtest_sample.cpp | cut -d: -f1): error: Expected equality of these values:"
  said skipped 'FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it: not here (1 test), no reason told (1 test)'
  said declared 'SKIP - not on native'
  said nothing 'FAIL - NO-TESTS: the report holds no test'
  said crashes 'FAIL - CRASH: the runner was ended by signal 6 (Aborted); it says: [ RUN ] NativeCrashes.Two'
  expect_output 'running: NativeCrashes > Two'
  ctest_with "$gtest
narrow: '{test.id}'" -R crashes
  grep -q 'narrow: .*--gtest_filter=NativeCrashes.Two ' output || die "the crash is not narrowed: $(cat output)"
  # Tests that stand in the report and never ran.
  local skipped='FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it'
  ctest_with "$gtest
environment: {SKIP_ALL: '1'}" -R passes
  said_last passes "$skipped"
  ctest_with "${gtest/'"--gtest_filter'/'"--gtest_list_tests", "--gtest_filter'}" -R passes
  said_last passes "$skipped"
  ctest_with "${gtest/\{runtime\}\{suite\}.\*/*\{suite\}.One}" -R passes
  said_last passes "FAIL - FOREIGN: 1 test of another cell or file ran, first: $source_dir/tests/runners/gtest_sample.cpp: WasmPasses > One"
}

# javascript_tests [IMPORT]: the same tests for vitest, jest and Node's runner, with `it`, `describe` and `assert`.
javascript_tests() {
  mkdir -p checkout/tests
  cat >checkout/tests/passes.test.js <<END
$1
describe("on Native (1.0)", () => { it("one", () => {}); it("two", () => {}); });
describe("on Wasm (1.0)", () => { it("one", () => { throw new Error("not this cell's"); }); });
describe("on Native [1x0]", () => { it("three", () => { throw new Error("not this cell's"); }); });
END
  cat >checkout/tests/fails.test.js <<END
$1
describe("on Native (1.0)", () => {
  it("one", () => {});
  it("two", () => {
    throw new Error("arithmetic");
  });
});
END
  cat >checkout/tests/skipped.test.js <<END
$1
describe("on Native (1.0)", () => { it.skip("one", () => {}); it.todo("two"); });
END
  cp checkout/tests/skipped.test.js checkout/tests/declared.test.js
  cat >checkout/tests/nothing.test.js <<END
$1
describe("on Nothing (1.0)", () => { it("one", () => {}); });
END
  cat >checkout/tests/crashes.test.js <<END
$1
describe("on Native (1.0)", () => { it("one", () => {}); it("two", () => process.kill(process.pid, "SIGKILL")); });
END
}

test_jest() {
  javascript_tests ''
  ln -s "$JEST_MODULES" checkout/node_modules
  echo '{"type": "commonjs"}' >checkout/package.json
  local jest="command: [$(node), node_modules/jest/bin/jest.js, --rootDir=., '--cacheDirectory={tmp}', --runInBand, --json, '--outputFile={report}',
  --runTestsByPath, 'tests/{file}.test.js', -t, '{filter}']
scope: 'on {runtime} (1.0)'
filter: 'on {runtime} \\(1\\.0\\)'
report: vitest-json"
  ctest_with "$jest"
  said passes 'PASS (2 tests)'
  said fails 'FAIL - two: Error: arithmetic'
  expect_output "$work/checkout/tests/fails.test.js:5: error: Error: arithmetic"
  said skipped 'FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it'
  said declared 'SKIP - not on native'
  said nothing "FAIL - NO-TESTS: the filter matched nothing: the report's 1 test is none in the cell"
  said crashes 'FAIL - CRASH: the runner was ended by signal 9 (Killed)'
  expect_status 4 "$CTEST_MATRIX" narrow fails.native --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_output '0 passed, 1 failed, 1 skipped'
  ctest_with "${jest/\\(1\\.0\\)/.1.0.}" -R passes
  said_last passes "FAIL - FOREIGN: 1 test of another cell or file ran, first: $work/checkout/tests/passes.test.js: on Native [1x0] > three"
}

test_vitest_by_junit() {
  javascript_tests 'import { describe, it } from "vitest";'
  ln -s "$VITEST_MODULES" checkout/node_modules
  echo '{"type": "module"}' >checkout/package.json
  local vitest="command: [$(node), node_modules/vitest/vitest.mjs, run, --reporter=junit, '--outputFile={report}', 'tests/{file}.test.js', -t, '{filter}']
scope: 'on {runtime} (1.0)'
filter: 'on {runtime} \\(1\\.0\\)'
report: junit"
  ctest_with "$vitest"
  said passes 'PASS (2 tests)'
  said fails 'FAIL - two: Error: arithmetic'
  expect_output "$work/checkout/tests/fails.test.js:5: error: Error: arithmetic"
  said skipped 'FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it'
  said declared 'SKIP - not on native'
  said nothing "FAIL - NO-TESTS: the filter matched nothing: the report's 1 test is none in the cell"
  # vitest's worker dies, vitest itself does not.
  case $(sed -n 's/^- [^ ]* crashes \[native\]: //p' checkout/suite-progress.md) in
    FAIL*) ;;
    *) die 'a worker that was killed' ;;
  esac
  # What is left in for an hour of debugging, and what nobody waited for.
  sed -i '2s/it("one"/it.only("one"/; 2s/it("two".*/it("two", () => { throw new Error("no"); }); });/' checkout/tests/passes.test.js
  cat >checkout/tests/nothing.test.js <<'END'
import { describe, it } from "vitest";
describe("on Native (1.0)", () => { it("one", () => { Promise.reject(new Error("lost")); }); });
END
  echo 'export default { test: { dangerouslyIgnoreUnhandledErrors: true } };' >checkout/vitest.config.mjs
  ctest_with "$vitest" -R 'passes|nothing'
  case $(sed -n 's/^- [^ ]* passes \[native\]: //p' checkout/suite-progress.md | tail -n 1) in
    FAIL*only*) ;;
    *) die '.only was left in' ;;
  esac
  case $(sed -n 's/^- [^ ]* nothing \[native\]: //p' checkout/suite-progress.md | tail -n 1) in
    'FAIL - EXIT: the runner exited 1 although its 1 test passed'*) ;;
    *) die 'an error that nobody waited for' ;;
  esac
  # Flags go in front of a `--`; they win over a pattern in the configuration, and over a path for all reporters there.
  echo '<kept/>' >checkout/junit.xml
  echo 'export default { test: { testNamePattern: "one$", reporters: ["default", "junit"], outputFile: "junit.xml" } };' >checkout/vitest.config.mjs
  ctest_with "command: [$(node), node_modules/vitest/vitest.mjs, run, 'tests/{file}.test.js', --, x]
scope: 'on {runtime} (1.0)'
report: vitest-json" -R 'passes|fails'
  case $(sed -n 's/^- [^ ]* passes \[native\]: //p' checkout/suite-progress.md | tail -n 1) in
    FAIL*only*) ;;
    *) die '.only was left in' ;;
  esac
  expect_equal '<kept/>' "$(cat checkout/junit.xml)" "the project's own report"
  said_last fails 'FAIL - two: Error: arithmetic'
}

test_tap() {
  javascript_tests 'import { describe, it } from "node:test";'
  echo '{"type": "module"}' >checkout/package.json
  ctest_with "command: [$(node), --test, --test-reporter=tap, --test-name-pattern, '{filter}', 'tests/{file}.test.js']
scope: 'on {runtime} (1.0)'
filter: 'on {runtime} \\(1\\.0\\)'
report: tap"
  said passes 'PASS (2 tests)'
  said fails 'FAIL - two: arithmetic'
  expect_output "$work/checkout/tests/fails.test.js:4: error: arithmetic"
  said skipped 'FAIL - NO-TESTS: every test of the cell (2) is skipped, and the matrix declares no skip for it'
  said declared 'SKIP - not on native'
  # Node's runner makes a test of a file in which it finds none to run, that does not end well or that ends too early.
  local none='the report has no test but the file itself: its process ended before it reported one, or it has none (`report: exit-code` asks for no more)'
  said nothing "FAIL - NO-TESTS: $none"
  said crashes 'FAIL - tests/crashes.test.js: test failed'
  sed -i 's/it("two".*/it("two", () => process.exit(0)); it("three", () => { throw 1; }); });/' checkout/tests/passes.test.js
  ctest_with "command: [$(node), --test, --test-reporter=tap, 'tests/{file}.test.js']
report: tap" -R passes
  said_last passes "FAIL - NO-TESTS: $none"
  # Node itself, as `init` proposes it, misses what did not run.
  ctest_with "command: [$(node), --test-reporter=tap, '--test-reporter-destination={report}', 'tests/{file}.test.js']
report: tap" -R passes
  case $(sed -n 's/^- [^ ]* passes \[native\]: //p' checkout/suite-progress.md | tail -n 1) in
    'FAIL - BAD-REPORT: '*) ;;
    *) die 'a file that ends early, without --test' ;;
  esac
}

test_exit_code() {
  mkdir checkout
  cd checkout
  echo 'exit 1' | tee skipped.sh declared.sh >nothing.sh
  : >passes.sh
  echo 'echo "the third check failed"; exit 3' >fails.sh
  echo 'kill -SEGV $$' >crashes.sh
  cd ..
  ctest_with 'command: [bash, "{file}.sh"]
report: exit-code'
  said passes 'PASS (nothing counted)'
  said fails 'FAIL - the runner exited 3: the third check failed'
  said crashes 'FAIL - CRASH: the runner was ended by signal 11 (Segmentation fault)'
  expect_output '[ctest-matrix] PASS passes.native: nothing counted'
}

run_case "$@"
