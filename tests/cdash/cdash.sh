# A real submission of ctest to a server that checks what CDash checks (receiver.py).
# Environment, besides that of tests/e2e/lib.sh: CTEST_MATRIX_CHILD, the program of tests/children.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"
here=$source_dir/tests/cdash
unset http_proxy HTTP_PROXY

# receive: starts the server; where it is goes to $server, what it gets to `received`.
receive() {
  mkdir received
  /usr/bin/python3 "$here/receiver.py" "$work/received" >server.log 2>&1 &
  receiver=$!
  eventually 60 test -s received/port || die "the server did not start: $(cat server.log)"
  server="http://127.0.0.1:$(cat received/port)/submit.php?project=shop"
}

# stop_receiving: it took everything.
stop_receiving() {
  kill "$receiver"
  wait "$receiver" || true
  [ ! -e received/wrong ] || die "refused: $(cat received/wrong)"
}

# of_test NAME [log]: what was received of a test.
of_test() {
  /usr/bin/python3 "$here/submission.py" received/Test.xml "$@" || die "submission.py $*"
}

# A suite in a CMake project, with the address of its dashboard where CTest looks for it.
project_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "  fast:
    alpha: Alpha Tests
  slow:
    beta: {suite: Beta Tests, timeout: 60, skip: {wasm: no such protocol}}" "  environment: {ENGINE_PORT: '{engine.port.main}'}
services:
  engine:
    command: ['$CTEST_MATRIX_CHILD', health, '{engine.port.main}']
    ports: [main]
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 60s}
    grace: 30s"
  rm -rf build
  behave alpha.native <<<'echo " RUN  v3.2.4 $PWD"; add passed works; add skipped later; add passed too'
  behave alpha.wasm <<<'echo "the output of it"; add passed works; add failed breaks "Error: expected <1> to be 2"'
  behave beta.wasm <<<'add skipped one'
  cat >checkout/CMakeLists.txt <<'EOF_CMAKE'
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
set(SITE lab)
set(BUILDNAME "demo default")
find_package(CTestMatrix REQUIRED)
include(CTest)
matrix_discover_tests(demo MATRIX matrix.yaml)
EOF_CMAKE
  cat >checkout/CTestConfig.cmake <<EOF_CONFIG
set(CTEST_PROJECT_NAME shop)
set(CTEST_NIGHTLY_START_TIME "00:00:00 UTC")
set(CTEST_SUBMIT_URL "$server")
EOF_CONFIG
  expect_status 0 cmake -G Ninja -S checkout -B build -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
}

test_experimental() {
  receive
  project_suite
  # CTest's own exit status tells of the failed test.
  expect_status 8 "$CTEST" --test-dir build -D Experimental
  refute_output 'Submission failed'
  stop_receiving
  of_test alpha.native | sed 's/^\(engine start time (numeric\/double)\): [0-9.]*$/\1: SECONDS/' >got
  diff -u - got <<'EOF_TEST' || die 'a test that passed'
status: passed
labels: fast native todo
tests run (numeric/integer): 2
tests skipped (numeric/integer): 1
retries (numeric/integer): 0
engine start time (numeric/double): SECONDS
runner version (text/string): 3.2.4
Completion Status (text/string): PASS
EOF_TEST
  of_test alpha.wasm | sed '/^engine start time/d' >got
  diff -u - got <<'EOF_TEST' || die 'a test that failed'
status: failed
labels: fast todo wasm
tests run (numeric/integer): 2
tests skipped (numeric/integer): 0
retries (numeric/integer): 0
log (file): attached
Completion Status (text/string): FAIL - Suite > breaks: Error: expected ‹1> to be 2
EOF_TEST
  expect_equal 'the output of it' "$(of_test alpha.wasm log)" 'the attached log'
  of_test beta.wasm >got
  diff -u - got <<'EOF_TEST' || die 'a declared skip'
status: notrun
labels: slow todo wasm
Completion Status (text/string): SKIP_REGULAR_EXPRESSION_MATCHED
EOF_TEST
  # What came back as results is what the cells said.
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build \
    --test-xml "$(echo build/Testing/*/Test.xml)"
  expect_equal '[x] [ ]' "$(boxes alpha)" 'the boxes'
  expect_equal 1 "$(grep -c 'alpha \[wasm\]: FAIL' checkout/demo-progress.md)" 'lines of the failure'
}

# Nobody but a dashboard is shown the markup.
test_plain_ctest_shows_no_markup() {
  server=none
  project_suite
  expect_status 8 "$CTEST" --test-dir build --verbose
  expect_output '[ctest-matrix] PASS alpha.native'
  refute_output '<CTest'
  expect_status 8 "$CTEST" --test-dir build -T test --verbose
  expect_output '<CTestMeasurement'
}

# dashboard [DEFINITIONS]: the script that init wrote.
dashboard() {
  run "$CTEST" -S checkout/ci/dashboard.cmake "-DCDASH=$server" -DSITE=lab "-DCTEST_MATRIX=$CTEST_MATRIX" "$@"
}

pytest_project() {
  local python
  python=$(PATH=/usr/bin:$PATH command -v python3)
  PATH=$(dirname "$python"):$PATH
  "$python" -c 'import pytest' 2>/dev/null || die 'python3-pytest is not installed'
  mkdir -p checkout/tests
  git init -q checkout
  printf '[tool.pytest.ini_options]\n' >checkout/pyproject.toml
  printf 'def test_works():\n    pass\n' >checkout/tests/test_alpha.py
  printf 'def test_works():\n    pass\n' >checkout/tests/test_beta.py
  expect_status 0 "$CTEST_MATRIX" init pytest checkout/ci --no-try --dashboard --cmake
  # Another axis, whose value a run chooses.
  sed -i 's/^axes:.*/&\n  mode: [strict, lax]/; s/^\(columns:.*\)/profiles: {default: {mode: strict}}\n\1/' checkout/ci/matrix.yaml
}

test_dashboard_script() {
  receive
  pytest_project
  dashboard
  [ "$status" = 0 ] || die "the script exited $status"
  expect_equal 'Done.xml Notes.xml Test.xml' "$(cd received && echo *.xml)" 'what was sent'
  grep -q 'BuildName="checkout default"' received/Test.xml || die "the name of the build: $(head -5 received/Test.xml)"
  grep -q '[[:space:]]Name="lab"' received/Test.xml || die 'the name of the site'
  of_test alpha.python3 >got
  grep -q '^tests run (numeric/integer): 1$' got || die "no count: $(cat got)"
  grep -q '^runner version (text/string): [0-9]' got || die "no version: $(cat got)"
  # The note is the progress file with what this run ticked.
  grep -q 'Name="[^"]*-progress.md"' received/Notes.xml || die 'the note'
  grep -q -- '- \[x\] alpha |' received/Notes.xml || die "no box in the note: $(cat received/Notes.xml)"
  # Another value of an axis is another build.
  dashboard -DSET=mode=lax -DLABEL=fast -DBUILD=another
  [ -d another/Testing ] || die 'the build directory that was asked for'
  grep -q 'BuildName="checkout default mode=lax fast"' received/Test.xml || die 'the name of another build'
  of_test beta.python3 >got
  grep -q '^labels: .*lax' got || die "the labels of another build: $(cat got)"
  # A failed test is sent, and is a failure of the script.
  printf 'def test_works():\n    assert 1 == 2\n' >checkout/tests/test_beta.py
  dashboard
  [ "$status" != 0 ] || die 'a failed test went unnoticed'
  expect_output 'some tests failed'
  of_test beta.python3 log >got
  grep -q 'assert 1 == 2' got || die 'no log of the failure'
  grep -q -- '- \[ \] beta |' received/Notes.xml || die 'the box of a failure in the note'
  stop_receiving
}

test_dashboard_script_finds_its_own_faults() {
  receive
  pytest_project
  dashboard -DLABEL=nosuch
  [ "$status" != 0 ] || die 'a run of no test went unnoticed'
  expect_output 'no test ran'
  stop_receiving
  dashboard
  [ "$status" != 0 ] || die 'a server that is not there went unnoticed'
  expect_output 'the results could not be sent'
  server=
  dashboard
  [ "$status" = 0 ] || die "without a server the script exited $status"
  echo 'broken' >>checkout/ci/matrix.yaml
  dashboard
  [ "$status" != 0 ] || die 'a broken matrix went unnoticed'
}

run_case "$@"
