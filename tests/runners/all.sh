# More real runners than every build has time for (the preset `test-all`): the same test files for each of them, through
# ctest and the cell. What passes has to pass; what fails, lost tests, ended early or never ran has to fail.
#
# Environment: that of ../e2e/lib.sh, ALL_MODULES (a directory for what npm installs), VITEST_MODULES (its node).

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"
unset CI NODE_OPTIONS

# install NAME PACKAGE...: into $ALL_MODULES/NAME, once; checkout/node_modules is a link to it.
install() {
  local place=$ALL_MODULES/$1
  if [ ! -f "$place/.installed" ]; then
    mkdir -p "$place"
    echo '{"private": true}' >"$place/package.json"
    (cd "$place" && npm install --no-fund --no-audit --no-package-lock "${@:2}") >"$work/npm.log" 2>&1 ||
      die "npm install ${*:2}: $(tail -n 3 "$work/npm.log")"
    touch "$place/.installed"
  fi
  ln -sfn "$place/node_modules" checkout/node_modules
}

# write FILE: from standard input, with the words of the runner in place of ours.
write() {
  sed "s/BEFORE/$before/g; s/AFTER/$after/g" | cat - >"checkout/tests/$1.test.js"
}

# javascript_files [IMPORT]: a file for each row; `before` and `after` are what the runner calls its hooks.
javascript_files() {
  mkdir -p checkout/tests
  local head=${1:-}
  write passes <<<"$head"'describe("box", () => { it("opens", () => {}); it("closes", async () => {}); });'
  write titles <<<"$head"'describe("box", () => { it("a > b", () => {}); it("# SKIP of a kind", () => {}); it("{", () => {}); describe("with {", () => { it("1..2", () => {}); it("<&\"]]> \u{1F389}", () => {}); }); it("not ok 7", () => {}); });'
  write skips <<<"$head"'describe("box", () => { it("opens", () => {}); it.skip("closes", () => { throw new Error("not now"); }); });'
  write fails <<<"$head"'describe("box", () => { it("opens", () => {}); it("closes", () => { throw new Error("stuck"); }); });'
  write before <<<"$head"'describe("box", () => { BEFORE(() => { throw new Error("no box"); }); it("opens", () => {}); });'
  write after <<<"$head"'describe("box", () => { AFTER(() => { throw new Error("box left"); }); it("opens", () => {}); });'
  write only <<<"$head"'describe("box", () => { it.only("opens", () => {}); it("closes", () => { throw new Error("stuck"); }); });'
  write exits <<<"$head"'describe("box", () => { it("opens", () => {}); it("closes", () => { process.exit(0); }); it("locks", () => { throw new Error("lost"); }); });'
  write empty <<<""
  write breaks <<<"$head"'describe("box", () => { it("opens", () => {}); ('
}

# judge_all RUNNER: the lines of the section `runner`.
judge_all() {
  {
    printf 'version: 1\nname: suite\naxes: {runtime: [Native]}\ncolumns: {native: {runtime: Native}}\nlabels: {fast: {timeout: 600}}\nrows:\n  fast:\n'
    for file in checkout/tests/*.test.*; do
      file=${file##*/}
      printf '    %s: Box\n' "${file%%.*}"
    done
    printf 'runner:\n'
    sed 's/^/  /' <<<"$1"
  } >checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  run "$CTEST" --test-dir build -V
  local file row outcome
  for file in checkout/tests/*.test.*; do
    row=${file##*/} row=${row%%.*}
    outcome=$(sed -n "s/^- [^ ]* $row \[native\]: //p" checkout/suite-progress.md | tail -n 1)
    case $row:$outcome in
      passes:'PASS (2 tests,'*) ;;
      titles:'PASS (6 tests,'*) ;;
      skips:'PASS (1 tests, 1 skipped,'*) ;;
      passes:* | titles:* | skips:*) die "$row: $outcome" ;;
      *:'FAIL - '*) ;;
      *) die "$row: $outcome" ;;
    esac
  done
}

vitest() {
  install "vitest-$1" "vitest@$1"
  echo '{"type": "module"}' >checkout/package.json
  javascript_files 'import { describe, it, beforeAll, afterAll } from "vitest"; '
  local vitest="$VITEST_MODULES/.bin/node, node_modules/vitest/vitest.mjs, run"
  judge_all "command: [$vitest, 'tests/{file}.test.js']
report: vitest-json"
  judge_all "command: [$vitest, --reporter=junit, '--outputFile={report}', 'tests/{file}.test.js']
report: junit"
}

before=beforeAll after=afterAll

test_vitest_1() {
  mkdir checkout
  vitest 1.6.1
}

test_vitest_2() {
  mkdir checkout
  vitest 2.1.4
}

test_vitest_4() {
  mkdir checkout
  vitest 4.1.12
}

test_vitest_5() {
  mkdir checkout
  vitest 5.1.1
}

test_jest_30() {
  mkdir checkout
  install jest-30 jest@30.5.2 jest-junit@17.0.0
  echo '{"private": true}' >checkout/package.json
  javascript_files
  local jest="$VITEST_MODULES/.bin/node, node_modules/jest/bin/jest.js, --rootDir=., '--cacheDirectory={tmp}'"
  judge_all "command: [$jest, --json, '--outputFile={report}', --runTestsByPath, 'tests/{file}.test.js']
report: vitest-json"
  judge_all "command: [$jest, --reporters=default, --reporters=jest-junit, --runTestsByPath, 'tests/{file}.test.js']
environment: {JEST_JUNIT_OUTPUT_FILE: '{report}'}
report: junit"
}

mocha() {
  local before=before after=after
  mkdir checkout
  install "mocha-$1" "mocha@$1" mocha-junit-reporter@2.2.1
  echo '{"private": true}' >checkout/package.json
  javascript_files
  local mocha="$VITEST_MODULES/.bin/node, node_modules/mocha/bin/mocha.js"
  judge_all "command: [$mocha, --reporter, xunit, --reporter-options, 'output={report}', 'tests/{file}.test.js']
report: junit"
  if [ "$2" = junit ]; then
    rm checkout/tests/skips.test.js # it leaves pending tests out
    judge_all "command: [$mocha, --reporter, mocha-junit-reporter, --reporter-options, 'mochaFile={report}', 'tests/{file}.test.js']
report: junit"
  fi
  # What its configuration leaves out, or adds.
  rm -f checkout/tests/{titles,skips,passes}.test.js
  for configuration in '"dryRun": true' '"dry-run": true' '"grep": "opens"' '"fgrep": "opens"' \
    '"grep": "closes", "invert": true'; do
    echo "{$configuration}" >checkout/.mocharc.json
    judge_all "command: [$mocha, --reporter, xunit, --reporter-options, 'output={report}', 'tests/{file}.test.js']
report: junit"
  done
  echo '{"ignore": ["tests/*.test.js"], "spec": ["other.js"]}' >checkout/.mocharc.json
  echo 'it("opens", () => {});' >checkout/other.js
  judge_all "command: [$mocha, --reporter, tap, 'tests/{file}.test.js']
report: tap"
}

test_mocha_10() {
  mocha 10.8.2 junit
}

test_mocha_12() {
  mocha 12.0.3 none
}

node() {
  local machine before=before after=after
  machine=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
  mkdir checkout
  install "node-$1" "node-linux-$machine@$1"
  echo '{"type": "module"}' >checkout/package.json
  javascript_files 'import { describe, it, before, after } from "node:test"; '
  rm checkout/tests/titles.test.js
  local node="node_modules/node-linux-$machine/bin/node, --test"
  judge_all "command: [$node, --test-reporter=tap, 'tests/{file}.test.js']
report: tap"
  # Without --test a file that ends before its last test is missed, too, also after it has told of others.
  write late <<<'import { it } from "node:test"; it("opens", () => new Promise((r) => setTimeout(r, 300))); it("closes", () => process.exit(0));'
  judge_all "command: [${node%, --test}, --test-reporter=tap, '--test-reporter-destination={report}', 'tests/{file}.test.js']
report: tap"
  rm checkout/tests/late.test.js
  # In JUnit a hook that fails at the end is not to be seen.
  rm checkout/tests/after.test.js
  judge_all "command: [$node, --test-reporter=junit, '--test-reporter-destination={report}', 'tests/{file}.test.js']
report: junit"
}

test_node_20() {
  node 20
}

test_node_22() {
  node 22
}

test_node_24() {
  node 24
}

test_playwright() {
  mkdir checkout
  install playwright @playwright/test@1.65.1
  echo '{"type": "module"}' >checkout/package.json
  before='it.beforeAll' after='it.afterAll'
  javascript_files 'import { test as it } from "@playwright/test"; const describe = it.describe; '
  echo 'export default { testDir: "tests" };' >checkout/playwright.config.js
  judge_all "command: [$VITEST_MODULES/.bin/node, node_modules/@playwright/test/cli.js, test, --forbid-only, --reporter=junit, 'tests/{file}.test.js']
environment: {PLAYWRIGHT_JUNIT_OUTPUT_FILE: '{report}'}
report: junit"
}

test_tape() {
  mkdir -p checkout/tests
  install tape tape@5
  echo 'const test = require("tape"); test("box", (t) => { t.ok(1, "opens"); t.ok(1, "closes {"); t.end(); });' >checkout/tests/passes.test.js
  echo 'const test = require("tape"); test("box", (t) => { t.ok(0, "opens"); t.end(); });' >checkout/tests/fails.test.js
  echo 'const test = require("tape"); test.only("box", (t) => { t.ok(1); t.end(); }); test("lid", (t) => { t.fail(); });' >checkout/tests/only.test.js
  echo 'const test = require("tape"); test("box", (t) => { t.ok(1); process.exit(0); }); test("lid", (t) => { t.fail(); });' >checkout/tests/exits.test.js
  : >checkout/tests/empty.test.js
  judge_all "command: [$VITEST_MODULES/.bin/node, 'tests/{file}.test.js']
report: tap"
}

test_ava() {
  mkdir -p checkout/tests
  install ava ava@6
  echo '{"private": true, "ava": {"extensions": ["mjs"]}}' >checkout/package.json
  echo 'import test from "ava"; test("opens", (t) => t.pass()); test("closes", (t) => t.pass());' >checkout/tests/passes.test.mjs
  echo 'import test from "ava"; test("opens", (t) => t.fail());' >checkout/tests/fails.test.mjs
  echo 'import test from "ava"; test.only("opens", (t) => t.pass()); test("closes", (t) => t.fail());' >checkout/tests/only.test.mjs
  echo 'import test from "ava"; test.after.always(() => { throw new Error("left"); }); test("opens", (t) => t.pass());' >checkout/tests/after.test.mjs
  echo 'import test from "ava"; test("opens", (t) => t.pass()); test("closes", () => process.exit(0));' >checkout/tests/exits.test.mjs
  judge_all "command: [$VITEST_MODULES/.bin/node, node_modules/ava/entrypoints/cli.mjs, --tap, 'tests/{file}.test.mjs']
report: tap"
}

# Skipped tests look passed in what this harness writes (Debian: libtap-formatter-junit-perl).
test_perl() {
  mkdir -p checkout/tests
  echo 'use Test::More; ok(1, "opens"); ok(1, "closes {"); done_testing;' >checkout/tests/passes.test.t
  echo 'use Test::More; ok(1, "opens # {"); subtest "box" => sub { ok(1, "a {"); subtest "lid {" => sub { ok(1); ok(1); done_testing }; done_testing }; ok(1); ok(1); done_testing;' >checkout/tests/titles.test.t
  echo 'use Test::More; ok(1, "opens"); SKIP: { skip "not now", 1; ok(0); } done_testing;' >checkout/tests/skips.test.t
  echo 'use Test::More; subtest "box" => sub { ok(1); ok(0, "closes"); done_testing }; done_testing;' >checkout/tests/fails.test.t
  echo 'use Test::More tests => 3; use POSIX; $| = 1; ok(1); POSIX::_exit(0);' >checkout/tests/exits.test.t
  echo 'use Test::More; ok(1); $| = 1; exec "true";' >checkout/tests/breaks.test.t
  : >checkout/tests/empty.test.t
  judge_all "command: [perl, 'tests/{file}.test.t']
report: tap"
  if ! perl -MTAP::Formatter::JUnit -e 1 2>/dev/null; then
    echo 'the part with TAP::Formatter::JUnit was left out (apt-get install libtap-formatter-junit-perl)' >&2
    exit 77
  fi
  judge_all "command: [sh, -c, 'prove --formatter TAP::Formatter::JUnit tests/{file}.test.t >{report}']
report: junit"
}

# Debian: golang-go, gotestsum.
test_go() {
  mkdir -p checkout/tests
  printf 'module example.org/box\n\ngo 1.19\n' >checkout/go.mod
  export GOCACHE="$work/cache" GOFLAGS=-mod=mod GOPROXY=off
  package passes 'func TestOpens(t *testing.T) {}; func TestCloses(t *testing.T) {}'
  package skips 'func TestOpens(t *testing.T) {}; func TestCloses(t *testing.T) { t.Skip("not now") }'
  package fails 'func TestOpens(t *testing.T) {}; func TestCloses(t *testing.T) { t.Run("in", func(t *testing.T) { t.Fatal("stuck") }) }'
  package exits 'func TestOpens(t *testing.T) {}; func TestCloses(t *testing.T) { os.Exit(0) }; func TestLocks(t *testing.T) { t.Fatal("lost") }'
  package hides 'func TestMain(m *testing.M) { m.Run(); os.Exit(0) }; func TestOpens(t *testing.T) { t.Fatal("stuck") }'
  package empty 'func TestMain(m *testing.M) {}; func TestOpens(t *testing.T) { t.Fatal("lost") }'
  package panics 'func TestOpens(t *testing.T) { panic("box") }'
  package breaks 'func TestOpens(t *testing.T) {'
  local gotestsum="command: [gotestsum, --junitfile, '{report}', --, './tests/{file}.test.d']
file: none
report: junit"
  judge_all "$gotestsum"
  # What a test said, and where, in place of gotestsum's own word.
  grep -q 'fails \[native\]: FAIL - .* > TestCloses/in: stuck (and 1 more)' checkout/suite-progress.md || die 'why a test of go failed'
  expect_output "$work/checkout/tests/fails.test.d/box_test.go:13: error: stuck"
  # A result of an earlier run is none of this one: go is kept from its cache, below a shell too, or said to have used it.
  judge_all "$gotestsum"
  cached 'go test ./tests/{file}.test.d'
  expect_status 0 "$CTEST" --test-dir build -V
  refute_output '(cached)'
  cached 'GOFLAGS= go test ./tests/{file}.test.d'
  expect_status 8 "$CTEST" --test-dir build -V
  expect_output 'BAD-REPORT - go ran nothing, but told the results of an earlier run from its cache'
}

# cached LINE: a matrix of the one package that passes, by its exit status, where go has a result in its cache.
cached() {
  printf 'version: 1\nname: suite\naxes: {runtime: [Native]}\ncolumns: {native: {runtime: Native}}\nrows: {fast: {passes: Box}}\nrunner:\n  command: [sh, -c, "%s"]\n  file: none\n  report: exit-code\n' \
    "$1" >checkout/matrix.yaml
  (cd checkout && go test ./tests/passes.test.d) >"$work/go.log" 2>&1 || die "$(cat "$work/go.log")"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
}

# What a cache told is no run: turbo and nx end with 0, and put the files back, newly made.
test_caches() {
  mkdir -p checkout/packages/box
  install caches turbo@2 nx@24
  echo '{"private": true, "packageManager": "npm@10.0.0", "workspaces": ["packages/*"]}' >checkout/package.json
  echo '{"name": "box", "version": "1.0.0", "scripts": {"test": "node test.js"}}' >checkout/packages/box/package.json
  echo 'console.log("opened")' >checkout/packages/box/test.js
  echo '{"tasks": {"test": {}}}' >checkout/turbo.json
  echo '{"targetDefaults": {"test": {"cache": true}}}' >checkout/nx.json
  echo '{"name": "root", "lockfileVersion": 3, "packages": {"packages/box": {"version": "1.0.0"}}}' >checkout/package-lock.json
  printf 'node_modules\n.turbo\n.nx\n' >checkout/.gitignore
  git -C checkout init -q
  git -C checkout -c user.name=box -c user.email=box@example.org add .
  export TURBO_TELEMETRY_DISABLED=1 NX_DAEMON=false NX_NO_CLOUD=true
  told turbo '[node_modules/.bin/turbo, run, test, "--filter={file}"]'
  told nx '[node_modules/.bin/nx, run, "{file}:test"]'
}

# told WHO COMMAND: runs its test once, and then nothing but its cache.
told() {
  printf 'version: 1\nname: %s\naxes: {runtime: [Native]}\ncolumns: {native: {runtime: Native}}\nrows: {fast: {box: Box}}\nrunner: {command: %s, file: none, report: exit-code}\n' \
    "$1" "$2" >checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir "build-$1"
  expect_status 0 "$CTEST" --test-dir "build-$1" --output-on-failure
  expect_status 8 "$CTEST" --test-dir "build-$1" -V
  expect_output "BAD-REPORT - $1 ran nothing, but told the results of an earlier run from its cache"
}

# What cargo prints is all that it reports; a test that ends the process leaves no result, and cargo may exit with 0.
test_cargo() {
  mkdir -p checkout/tests checkout/src
  printf '[package]\nname = "box"\nversion = "0.1.0"\nedition = "2021"\nautotests = false\n' >checkout/Cargo.toml
  : >checkout/src/lib.rs
  program passes '#[test] fn opens() { println!("test forged ... ok"); } mod lid { #[test] #[should_panic] fn closes() { panic!() } }'
  program skips '#[test] fn opens() {} #[test] #[ignore = "not now"] fn closes() { panic!() }'
  program fails '#[test] fn opens() {} #[test] fn closes() { panic!("stuck") }'
  program exits '#[test] fn opens() {} #[test] fn closes() { std::process::exit(0) }'
  program aborts '#[test] fn opens() {} #[test] fn closes() { std::process::abort() }'
  program empty ''
  program breaks '#[test] fn opens() {'
  export CARGO_NET_OFFLINE=true
  judge_all "command: [cargo, test, --test, '{file}']
file: 'tests/{file}.test.rs'
report: libtest"
}

# program NAME CODE: a test program of cargo's.
program() {
  printf '%s\n' "$2" >"checkout/tests/$1.test.rs"
  printf '[[test]]\nname = "%s"\npath = "tests/%s.test.rs"\n' "$1" "$1" >>checkout/Cargo.toml
}

# package NAME CODE: a package of Go's.
package() {
  mkdir -p "checkout/tests/$1.test.d"
  printf 'package box\n\nimport (\n\t"os"\n\t"testing"\n)\n\nvar _ = os.Exit\n\n%s\n' "$2" | sed 's/^func /\nfunc /; s/}; func /}\n\nfunc /g' >"checkout/tests/$1.test.d/box_test.go"
}

# needs PACKAGES COMMAND...: without what these packages of Debian's bring the case is skipped.
needs() {
  "${@:2}" >/dev/null 2>&1 || {
    echo "left out (apt-get install $1)" >&2
    exit 77
  }
}

test_rspec() {
  needs 'ruby-rspec ruby-rspec-junit-formatter' ruby -e 'require "rspec_junit_formatter"'
  mkdir -p checkout/tests
  example passes 'it("opens") { }; it("closes") { }'
  example skips 'it("opens") { }; xit("closes") { raise "not now" }'
  example fails 'it("opens") { }; it("closes") { raise "stuck" }'
  example before 'before(:all) { raise "no box" }; it("opens") { }'
  example after 'after(:all) { raise "box left" }; it("opens") { }'
  example only 'fit("opens") { }; it("closes") { raise "lost" }'
  example focus 'it("opens", :focus) { }; it("closes") { raise "lost" }'
  example breaks 'it("opens") {'
  : >checkout/tests/empty.test.rb
  echo 'RSpec.configure { |c| c.filter_run_when_matching :focus }' >checkout/focus.rb
  echo '--require ./focus' >checkout/.rspec
  local rspec="command: [rspec, --format, RspecJunitFormatter, --out, '{report}', 'tests/{file}.test.rb']
escape: none
report: junit"
  judge_all "$rspec
scope: box"
  # What it reports as passed of a dry run.
  rm checkout/tests/{passes,skips}.test.rb
  echo '--dry-run' >>checkout/.rspec
  judge_all "$rspec"
}

# example NAME EXAMPLES: checkout/tests/NAME.test.rb
example() {
  printf 'describe "box" do\n  %s\nend\n' "$2" >"checkout/tests/$1.test.rb"
}

test_phpunit() {
  needs phpunit phpunit --version
  mkdir -p checkout/tests checkout/box
  test_class passes 'function testOpens() { $this->assertTrue(true); } function testCloses() { $this->addWarning("old"); $this->assertTrue(true); }'
  test_class skips 'function testOpens() { $this->assertTrue(true); } function testCloses() { }'
  test_class fails 'function testOpens() { $this->assertTrue(true); } function testCloses() { $this->assertTrue(false); }'
  test_class before 'static function setUpBeforeClass(): void { throw new Exception("no box"); } function testOpens() { $this->assertTrue(true); }'
  test_class after 'static function tearDownAfterClass(): void { throw new Exception("box left"); } function testOpens() { $this->assertTrue(true); }'
  test_class exits 'function testOpens() { $this->assertTrue(true); } function testCloses() { exit(0); } function testLocks() { $this->fail("lost"); }'
  test_class empty ''
  test_class breaks 'function testOpens() {'
  judge_all "command: [phpunit, --log-junit, '{report}', 'box/{file}Test.php']
report: junit"
}

# test_class NAME FUNCTIONS: checkout/box/NAMETest.php, and what its row is called after.
test_class() {
  printf '<?php\nfinal class %sTest extends PHPUnit\\Framework\\TestCase {\n%s\n}\n' "$1" "$2" >"checkout/box/$1Test.php"
  : >"checkout/tests/$1.test.php"
}

test_unittest_xml_reporting() {
  needs python3-xmlrunner /usr/bin/python3 -c 'import xmlrunner'
  mkdir -p checkout/tests checkout/box
  unittest_class passes 'def test_opens(self): pass' 'def test_closes(self): pass'
  unittest_class skips 'def test_opens(self): pass' '@unittest.skip("not now")' 'def test_closes(self): pass'
  unittest_class fails 'def test_opens(self): pass' 'def test_closes(self): assert False, "stuck"'
  unittest_class before '@classmethod' 'def setUpClass(cls): raise Exception("no box")' 'def test_opens(self): pass'
  unittest_class unawaited 'def test_opens(self): pass' 'async def test_closes(self): assert False, "lost"'
  unittest_class exits 'def test_opens(self): pass' 'def test_two(self): __import__("os")._exit(0)'
  unittest_class breaks 'def test_opens(self'
  unittest_class empty pass
  export PYTHONOPTIMIZE=1 PYTHONDONTWRITEBYTECODE=1
  judge_all "command: [/usr/bin/python3, -m, xmlrunner, --output-file, '{report}', 'box/test_{file}.py']
report: junit"
}

# unittest_class NAME LINES: checkout/box/test_NAME.py, and what its row is called after.
unittest_class() {
  {
    printf 'import unittest\n\nclass TestBox(unittest.TestCase):\n'
    printf '    %s\n' "${@:2}"
  } >"checkout/box/test_$1.py"
  : >"checkout/tests/$1.test.py"
}

# programs COMPILER...: checkout/NAME of each source in checkout/tests, with the array `libraries`.
programs() {
  local source
  for source in checkout/tests/*.test.cpp; do
    expect_status 0 "$@" "$source" -o "checkout/$(basename "$source" .test.cpp)" "${libraries[@]}"
  done
}

test_boost() {
  needs libboost-test-dev test -f /usr/include/boost/test/unit_test.hpp
  mkdir -p checkout/tests
  boost passes 'BOOST_AUTO_TEST_CASE(opens) { BOOST_TEST(true); } BOOST_AUTO_TEST_CASE(closes) { BOOST_TEST(true); }'
  boost skips 'BOOST_AUTO_TEST_CASE(opens) { BOOST_TEST(true); } BOOST_AUTO_TEST_CASE(closes, *boost::unit_test::expected_failures(1)) { BOOST_TEST(false); }'
  boost fails 'BOOST_AUTO_TEST_CASE(opens) { BOOST_TEST(true); } BOOST_AUTO_TEST_CASE(closes) { BOOST_TEST(false); }'
  boost exits 'BOOST_AUTO_TEST_CASE(opens) { BOOST_TEST(true); } BOOST_AUTO_TEST_CASE(closes) { _exit(0); }'
  boost empty 'BOOST_AUTO_TEST_CASE(opens, *boost::unit_test::disabled()) { BOOST_TEST(false); }'
  local libraries=(-lboost_unit_test_framework)
  programs g++ -std=c++17
  # What is in the environment selects nothing, and hides nothing.
  export BOOST_TEST_RUN_FILTERS='*/opens' BOOST_TEST_RESULT_CODE=no
  judge_all "command: ['./{file}', '--logger=JUNIT,all,{report}']
file: none
report: junit"
  rm checkout/tests/{passes,skips,exits,empty}.test.cpp
  judge_all "command: ['./{file}']
file: none
report: exit-code"
}

# boost NAME CASES: checkout/tests/NAME.test.cpp
boost() {
  printf '#define BOOST_TEST_MODULE box\n#define BOOST_TEST_DYN_LINK\n#include <boost/test/unit_test.hpp>\n#include <unistd.h>\nBOOST_AUTO_TEST_SUITE(lid)\n%s\nBOOST_AUTO_TEST_SUITE_END()\n' "$2" >"checkout/tests/$1.test.cpp"
}

test_qttest() {
  needs 'qtbase5-dev pkg-config' pkg-config --exists Qt5Test
  mkdir -p checkout/tests
  qt passes 'void opens() { QVERIFY(true); } void closes() { QVERIFY(true); }'
  qt skips 'void opens() { QVERIFY(true); } void closes() { QSKIP("not now"); }'
  qt fails 'void opens() { QVERIFY(true); } void closes() { QVERIFY(false); }'
  qt before 'void initTestCase() { QFAIL("no box"); } void opens() { QVERIFY(true); }'
  qt empty 'void opens() { QSKIP("not now"); } void closes() { QSKIP("not now"); }'
  qt expected 'void opens() { QEXPECT_FAIL("", "known", Continue); QVERIFY(true); }'
  qt exits 'void opens() { QVERIFY(true); } void closes() { exit(0); }'
  local libraries flags name
  read -ra libraries <<<"$(pkg-config --libs Qt5Test)"
  read -ra flags <<<"$(pkg-config --cflags Qt5Test)"
  mkdir moc
  for name in checkout/tests/*.test.cpp; do
    moc "$name" -o "moc/$(basename "$name" .cpp).moc"
  done
  programs g++ -fPIC -Imoc "${flags[@]}"
  judge_all "command: ['./{file}', -o, '{report},junitxml']
file: none
report: junit"
  judge_all "command: ['./{file}', -o, '-,tap']
file: none
report: tap"
}

# qt NAME SLOTS: checkout/tests/NAME.test.cpp
qt() {
  printf '#include <QtTest/QtTest>\nclass Box : public QObject {\n  Q_OBJECT\nprivate slots:\n  %s\n};\nQTEST_APPLESS_MAIN(Box)\n#include "%s.test.moc"\n' "$2" "$1" >"checkout/tests/$1.test.cpp"
}

# Debian's Maven has no other repository than that of its packages.
test_surefire() {
  needs 'maven libsurefire-java libmaven-compiler-plugin-java libmaven-resources-plugin-java junit4' \
    test -d /usr/share/maven-repo/org/apache/maven/plugins/maven-surefire-plugin
  mkdir -p checkout/tests checkout/src
  cp -rs /usr/share/maven-repo repository
  cat >checkout/pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId><artifactId>box</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>11</maven.compiler.source><maven.compiler.target>11</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><testSourceDirectory>src</testSourceDirectory></build>
  <dependencies>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.x</version><scope>test</scope></dependency>
  </dependencies>
</project>
END
  java_class passes '@Test public void opens() {} static int n; @Test public void closes() { if (n++ == 0) Assert.fail("at first"); }'
  java_class skips '@Test public void opens() {} @Ignore("not now") @Test public void closes() { Assert.fail(); }'
  java_class fails '@Test public void opens() {} @Test public void closes() { Assert.fail("stuck"); }'
  java_class before '@BeforeClass public static void b() { throw new RuntimeException("no box"); } @Test public void opens() {}'
  java_class exits '@Test public void opens() {} @Test public void closes() { System.exit(0); }'
  java_class empty '@Ignore("not now") @Test public void opens() {}'
  export MAVEN_OPTS=-Dtest=passes#opens
  judge_all "command: [mvn, -o, -q, -B, '-Dmaven.repo.local=$work/repository', '-Dtest={file}', -Dsurefire.rerunFailingTestsCount=1, test]
file: none
report: junit
report_files: ['target/surefire-reports/TEST-{file}.xml']"
}

# java_class NAME METHODS: a class in checkout/src, and what its row is called after.
java_class() {
  printf 'import org.junit.*;\n\npublic class %s {\n  %s\n}\n' "$1" "$2" >"checkout/src/$1.java"
  : >"checkout/tests/$1.test.java"
}

run_case "$@"
