# The matrix as a language: what a row, a profile and the command line can say, and what `explain` tells about it.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"

# of_matrix VERB [ARGUMENTS]: a verb on the matrix of the checkout.
of_matrix() {
  local verb=$1
  shift
  "$CTEST_MATRIX" "$verb" "$@" --root checkout --build-dir build
}

# by_hand CELL: the line of `explain` that runs the cell without CTest.
by_hand() {
  run of_matrix explain "$1" checkout/matrix.yaml
  [ "$status" = 0 ] || die "explain exited $status"
  sed -n '/^run it without CTest:/{n;s/^  //p}' output
}

# A service that notes every start; its cells note the port that they were given.
engine_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "$rows" "  environment: {ENGINE_PORT: '{engine.port.main}'}
services:
  engine:
    command: [sh, -c, 'echo start >>\$PWD/started; exec $CTEST_MATRIX_CHILD health {engine.port.main}']
    ports: [main]
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 20s}
    grace: 1s
artifacts:
  binding:
    inputs: [source]
    outputs: [built]
    command: [sh, -c, 'echo build >>builds; cp source built']"
  : >checkout/source
  behave alpha.wasm <<<'echo "$ENGINE_PORT" >>ports; add passed works'
}

test_explain_line_runs_the_cell() {
  engine_suite
  expect_status 0 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
  local line
  line=$(by_hand alpha.wasm)
  case $line in *' cell alpha.wasm '*) ;; *) die "no line to paste: $line" ;; esac
  expect_status 0 sh -c "cd / && $line"
  expect_output '[ctest-matrix] PASS alpha.wasm'
  expect_equal alpha.wasm "$(begun)" 'what ran'
  expect_equal '[ ] [x]' "$(boxes alpha)" 'the box'
  expect_equal build "$(cat checkout/builds)" 'builds of the artifact'
  expect_equal start "$(cat checkout/started)" 'starts of the service'
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
}

test_explain_line_uses_the_engine_that_runs() {
  engine_suite
  local line port
  line=$(by_hand alpha.wasm)
  expect_status 0 of_matrix artifact binding checkout/matrix.yaml
  # This shell holds the service.
  run of_matrix service up engine checkout/matrix.yaml
  [ "$status" = 0 ] || die 'the service did not start'
  port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/health.*|\1|p' output)
  expect_status 0 sh -c "$line"
  expect_equal "$port" "$(cat checkout/ports)" 'the port that the cell was given'
  expect_equal start "$(cat checkout/started)" 'starts of the service'
  expect_status 0 of_matrix service down engine checkout/matrix.yaml
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
}

test_explain_absent_cell() {
  make_suite "$rows"
  run of_matrix explain alpha.wsam checkout/matrix.yaml
  expect_equal 2 "$status" 'exit status'
  expect_output "unknown column 'wsam', did you mean 'wasm'?"
  expect_status 0 of_matrix explain --missing checkout/matrix.yaml
  expect_output "the profile 'default' runs 2 of 2 combinations of axis values"
  expect_status 2 of_matrix explain
  expect_output 'NAME is required'
}

test_overrides() {
  make_suite "$rows"
  sed -i 's/^axes:/axes:\n  encoding: [bare, cbor]/; s/^columns:/profiles: {default: {encoding: bare}}\ncolumns:/' \
    checkout/matrix.yaml
  sed -i 's/"{runtime}"\]/"{runtime}", "{encoding}"]/' checkout/matrix.yaml
  local way
  for way in '--set encoding=cbor' '--encoding cbor' '--encoding=cbor'; do
    # shellcheck disable=SC2086
    expect_status 0 "$CTEST_MATRIX" cell alpha.wasm $way checkout/matrix.yaml --root checkout --print
    expect_output 'alpha.wasm wasm cbor'
  done
  expect_status 0 "$CTEST_MATRIX" explain --encoding cbor alpha.wasm checkout/matrix.yaml --root checkout
  expect_output '--set encoding=cbor'
  expect_output 'encoding=cbor  (the command line)'
  expect_status 2 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --encoding cbr
  expect_output "unknown encoding 'cbr', did you mean 'cbor'?"
  expect_status 2 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --encodin cbor
  expect_output "unknown axis 'encodin', did you mean 'encoding'?"
  expect_status 2 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --runtime wasm
  expect_output "the axis 'runtime' tells the columns apart"
}

test_row_exceptions() {
  make_suite "  fast:
    alpha: {suite: Alpha Tests, timeout: 77, labels: [network], processors: 2, locks: [gpu], environment: {MODE: 'of {cell}'}}
    beta: Beta Tests" "  environment: {MODE: plain}"
  for row in alpha beta; do
    behave $row.wasm <<<'echo "$MODE" >>modes; add passed works'
  done
  expect_status 0 "$CTEST" --test-dir build --show-only=json-v1
  mv output tests.json
  expect_status 0 cmake -DINPUT="$work/tests.json" -DOUTPUT="$work/tests" -P "$source_dir/tests/e2e/show_tests.cmake"
  grep -q '^alpha.wasm|.*|timeout=77|labels=fast,network,todo,wasm|.*|lock=demo.serial,gpu|' tests ||
    die "the properties of the row: $(cat tests)"
  grep -q '"PROCESSORS"' tests.json || die 'no PROCESSORS'
  expect_status 0 "$CTEST" --test-dir build -L wasm
  expect_equal 'of alpha.wasm plain' "$(tr '\n' ' ' <checkout/modes | sed 's/ $//')" 'the environments'
}

test_row_patterns() {
  mkdir -p checkout/tests
  : >checkout/tests/gamma.test.ts
  : >checkout/tests/old.test.ts
  : >checkout/tests/alpha.helper.ts
  make_suite "  slow:
    alpha: Alpha Tests
  fast:
    '*': {except: [old]}"
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'alpha.native alpha.wasm gamma.native gamma.wasm' "$(begun)" 'what ran'
  expect_equal '[x] [x]' "$(boxes gamma)" 'the boxes of a row by pattern'
  : >checkout/tests/delta.test.ts
  expect_status 0 "$CTEST" --test-dir build -L todo
  expect_equal '[x] [x]' "$(boxes delta)" 'the boxes of a file that came later'
}

test_includes() {
  make_suite "$rows"
  mkdir checkout/parts
  sed -n '/^rows:/,$p' checkout/matrix.yaml >checkout/parts/rows.yaml
  sed -i '/^rows:/,$d; s/^version: 1/version: 1\ninclude: parts\/rows.yaml/' checkout/matrix.yaml
  generate
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm' "$(begun)" 'what ran'
  expect_status 0 "$CTEST" --test-dir build --show-only=json-v1
  mv output tests.json
  expect_status 0 cmake -DINPUT="$work/tests.json" -DOUTPUT="$work/tests" -P "$source_dir/tests/e2e/show_tests.cmake"
  grep -q "^beta.wasm|place=$work/checkout/parts/rows.yaml:4|" tests || die "the place of a row: $(cat tests)"
  printf '    gamma: Gamma Tests\n' >>checkout/parts/rows.yaml
  : >checkout/tests/gamma.test.ts
  expect_status 0 "$CTEST" --test-dir build -R gamma
  expect_equal '[x] [x]' "$(boxes gamma)" 'a row that came later'
}

test_full_profile_ticks_when_every_cell_passed() {
  make_suite "$rows"
  sed -i 's/^axes:/axes:\n  encoding: [bare, cbor]/
    s/^columns:/profiles: {default: {encoding: bare}, full: {progress: full.md}}\ncolumns:/' checkout/matrix.yaml
  generate --profile full
  behave alpha.wasm.cbor <<<'[ -e fixed ] && add passed works || add failed works "Error: no"'
  expect_status 8 "$CTEST" --test-dir build
  expect_equal 8 "$(begun | wc -w)" 'cells that ran'
  [ ! -e checkout/demo-progress.md ] || die 'the progress file of the default profile was written'
  expect_line checkout/full.md '- [x] [ ] alpha | Alpha Tests'
  expect_line checkout/full.md '- [x] [x] beta | Beta Tests'
  : >checkout/fixed
  expect_status 0 "$CTEST" --test-dir build -L todo
  expect_line checkout/full.md '- [x] [x] alpha | Alpha Tests'
}

test_two_matrices_in_one_cmake_project() {
  make_suite "$rows"
  sed 's/^name: demo/name: second/; s/^    alpha:/    gamma:/; s/^    beta: .*//' checkout/matrix.yaml >checkout/second.yaml
  : >checkout/tests/gamma.test.ts
  cat >checkout/CMakeLists.txt <<EOF_CMAKE
cmake_minimum_required(VERSION 3.25)
project(two LANGUAGES NONE)
find_package(CTestMatrix REQUIRED)
enable_testing()
matrix_discover_tests(demo MATRIX matrix.yaml)
matrix_discover_tests(second MATRIX second.yaml)
EOF_CMAKE
  expect_status 0 cmake -S checkout -B two -DCTestMatrix_DIR="$(dirname "$(dirname "$CTEST_MATRIX")")"
  expect_status 0 "$CTEST" --test-dir two
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm gamma.native gamma.wasm' \
    "$(begun | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//')" 'what ran'
  grep -qx -- '- \[x\] \[x\] gamma | Alpha Tests' checkout/second-progress.md || die 'the second progress file'
}

run_case "$@"
