# `report`: the summary, parity test by test, and the comparison with a committed baseline.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

# report STATUS [ARGUMENTS]: with this exit status.
report() {
  expect_status "$1" env LC_ALL=C.UTF-8 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build "${@:2}"
}

# run_cells EXPRESSION [STATUS]
run_cells() {
  expect_status "${2:-0}" "$CTEST" --test-dir build -R "$1"
}

# parity_suite: alpha differs in every way, beta is the same, gamma is skipped on wasm, delta lacks its set-up there.
parity_suite() {
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: {suite: Gamma Tests, skip: {wasm: reasons}}
    delta: Delta Tests"
  behave alpha.native <<<'add passed same; add passed fails-there; add passed skipped-there; add passed only-here'
  behave alpha.wasm <<<'add passed same; add failed fails-there "Error: expected 1 to be 2"; add skipped skipped-there'
  behave gamma.wasm <<<'add skipped one'
}

test_grid_summary_and_parity() {
  parity_suite
  report 0
  expect_output 'alpha  ·       ·'
  expect_output 'Test by test: 0 files compared, no difference'
  run_cells '(alpha|beta|gamma)\.' 8
  report 0
  sed -n '1,7p' output | sed -E 's/[0-9.]+m?s/TIME/g; s/  +/  /g' >grid
  diff -u - grid <<'EOF_GRID' || die 'the grid differs'
demo progress: runtimes (native, wasm)

  native  wasm
alpha  ✓ 4 tests, TIME  ✗ 1 of 2 failed
beta  ✓ 2 tests, TIME  ✓ 2 tests, TIME
gamma  ✓ 2 tests, TIME  – SKIP
delta  ·  ·
EOF_GRID
  sed -n '/^Test by test/,$p' output >parity
  diff -u - parity <<'EOF_PARITY' || die 'the comparison differs'
Test by test: 2 files compared, 3 differences in 1 file
  alpha
    fails on wasm, passes on native: Suite > fails-there
    skipped on wasm, passes on native: Suite > skipped-there
    absent on wasm, passes on native: Suite > only-here
  not compared: gamma.wasm (skipped as declared: reasons)
EOF_PARITY
  expect_output 'Parity gaps: 1'
}

test_json() {
  parity_suite
  run_cells 'alpha\.' 8
  report 0 --json
  cat >look.mjs <<'EOF_LOOK'
import { readFileSync } from "node:fs";
const report = JSON.parse(readFileSync("output", "utf8"));
const { cell, ticked, result } = report.cells[1];
console.log(JSON.stringify([cell, ticked, result.verdict, report.parity.tests[0].failed, report.baseline]));
EOF_LOOK
  expect_equal '["alpha.wasm",false,"FAIL",["wasm"],null]' "$(node look.mjs)" 'what the report says'
}

test_colors_and_ascii() {
  parity_suite
  run_cells 'alpha.native'
  expect_status 0 env CLICOLOR_FORCE=1 LC_ALL=C "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build
  expect_output $'\033[32m+ 4 tests'
  expect_status 0 env NO_COLOR=1 CLICOLOR_FORCE=1 COLUMNS=14 LC_ALL=C "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout \
    --build-dir build
  refute_output $'\033'
  expect_line output 'alpha  +'
}

# What a team does with a baseline: commit what fails, see a regression stop the gate, mend, tighten.
test_baseline() {
  parity_suite
  run_cells 'alpha\.' 8
  report 0 --write-baseline known.txt
  expect_output 'wrote known.txt'
  expect_line known.txt 'alpha.wasm: Suite > fails-there'
  sed -i 's/^alpha/# issue 12: waits for the engine\n&/' known.txt
  report 5 --baseline known.txt --gate
  expect_output 'Gate: no regression seen, but 6 cells have never run'
  report 0 --baseline known.txt --gate --allow-never-run
  expect_output '  still failing: alpha.wasm: Suite > fails-there - Error: expected 1 to be 2'
  refute_output 'tightened'

  behave beta.native <<<'add passed one; add failed two "Error: boom"'
  run_cells 'beta\.' 8
  report 4 --baseline known.txt --gate
  expect_output '  new failure: beta.native: Suite > two - Error: boom'
  expect_output 'Gate: 1 regression'
  report 4 --baseline known.txt --gate --json
  report 0 --baseline known.txt
  cp known.txt before
  report 0 --write-baseline known.txt
  expect_line known.txt '# issue 12: waits for the engine'
  expect_line known.txt 'beta.native: Suite > two'
  report 0 --baseline known.txt --gate --allow-never-run
  cp before known.txt

  rm checkout/behaviour/beta.native
  behave alpha.wasm <<<'add passed same; add passed fails-there; add skipped skipped-there'
  run_cells '(alpha|beta)\.'
  report 0 --baseline known.txt --gate --allow-never-run
  expect_output '  fixed: alpha.wasm: Suite > fails-there'
  expect_output 'The baseline can be tightened by 1 line: ctest-matrix report checkout/matrix.yaml --root checkout --baseline known.txt --tighten'
  report 0 --baseline known.txt --tighten
  ! grep -q '^alpha' known.txt || die "not dropped: $(cat known.txt)"
  report 0 --baseline known.txt --gate --allow-never-run
  refute_output 'tightened'
}

test_gate_when_nothing_can_be_said() {
  mkdir -p checkout/src
  : >checkout/src/a
  make_suite "  fast:
    alpha: Alpha Tests" "artifacts:
  binding:
    for: {runtime: wasm}
    inputs: [src/*]
    outputs: [out/binding]
    command: ['false']"
  : >known.txt
  report 5 --baseline known.txt --gate
  expect_output 'Gate: nothing has been run'
  run_cells 'alpha\.' 8
  report 5 --baseline known.txt --gate
  expect_output '  blocked: alpha.wasm: (SETUP) - the artifact binding could not be built: exit status 1'
  expect_output 'Gate: no regression seen, but 1 cell is blocked by a set-up that failed'
}

# The launcher of a cell that passed before is killed: its last record is a pass, and only CTest knows better.
test_gate_knows_what_only_ctest_saw() {
  make_suite "  fast:
    alpha: Alpha Tests"
  run_cells alpha.native
  : >known.txt
  report 0 --baseline known.txt --gate --allow-never-run
  cat >checkout/behaviour/alpha.native <<'EOF_KILL'
for process in /proc/[0-9]*; do
  parent=$(sed -n 's/^PPid:\t//p' "$process/status")
  if [ "$(cat "/proc/$parent/comm")" = ctest ] && grep -qsF "${PWD%/*}/" "$process/cmdline"; then
    kill -KILL "${process#/proc/}"
  fi
done 2>/dev/null
sleep 30
EOF_KILL
  run_cells alpha.native 8
  report 4 --baseline known.txt --gate
  expect_output '  new failure: alpha.native: (CRASH) - its launcher was killed, and gave no verdict'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
}

test_bad_baseline_and_usage() {
  make_suite "  fast:
    alpha: Alpha Tests"
  report 3 --baseline known.txt
  expect_output 'known.txt: No such file or directory; expected a ledger'
  printf 'alpha.native\n' >known.txt
  report 3 --baseline known.txt --gate
  expect_output "known.txt:1:1: error: expected '<cell>: <test>'"
  report 3 --write-baseline known.txt
  expect_equal alpha.native "$(cat known.txt)" 'the bad baseline'
  report 2 --allow-never-run
  expect_output '--allow-never-run: expected --gate beside it'
  report 2 --tighten
  expect_output '--tighten: expected --baseline FILE, or `known: FILE` in the matrix'
  report 2 --json --markdown
  report 2 --annotations jenkins
  expect_output "--annotations: expected github or gitlab, got 'jenkins'"
  report 2 --baseline known.txt --gate --tighten
  printf 'alhpa.native: t\n' >known.txt
  report 0 --baseline known.txt
  expect_output "  gone: alhpa.native: t - the matrix has no such cell, did you mean 'alpha.native'?"
}

run_case "$@"
