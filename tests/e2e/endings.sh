# However a cell ends, nothing of it and of the service that it uses stays: not what ignores TERM, not a grandchild, not a
# daemon (forked twice, in a session of its own). Both leave all three behind.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"
grace=1 # seconds, of the service and of the runner

# stubborn_suite [TIMEOUT] [MORE]: alpha.native starts its stubborn processes and then does what it is told to.
stubborn_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "  fast:
    alpha: Alpha Tests" "  environment: {CHILD: $CTEST_MATRIX_CHILD}
labels:
  fast: {timeout: ${1:-60}}
services:
  engine:
    command: [sh, -c, 'exec \$CHILD ignore-term daemon fork health \$ENGINE_PORT']
    ports: [main]
    environment: {CHILD: $CTEST_MATRIX_CHILD, ENGINE_PORT: '{engine.port.main}'}
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 20s}
    grace: ${grace}s
${2:-}"
}

# children: how many processes of the child program there are, of this test.
children() {
  local pid count=0
  for pid in $(marked_processes "$work"); do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != child ] || count=$((count + 1))
  done
  printf '%s' "$count"
}

# all_there: the runner's child, its daemon and its grandchild, and the same of the service.
all_there() {
  [ "$(children)" = 6 ]
}

# start_ctest [ARGUMENTS]: ctest in a group of its own; its process in $ctest. Returns when everything is there. $before:
# what the runner does first.
start_ctest() {
  behave alpha.native <<<"${before:-true}; "'exec "$CHILD" ignore-term daemon fork sleep'
  setsid env --default-signal=INT "$CTEST" --test-dir build -R alpha.native "$@" >output 2>&1 </dev/null &
  ctest=$!
  eventually 30 all_there || die 'the cell did not start'
}

# the_launcher: the process that ctest runs for the cell.
the_launcher() {
  local pid
  for pid in $(marked_processes alpha.native); do
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = ctest-matrix ] && grep -qsF "$work" "/proc/$pid/cmdline"; then
      printf '%s' "$pid"
    fi
  done
}

# guardians PID...: those of the runs of these processes.
guardians() {
  local process owner
  for process in /proc/[0-9]*; do
    for owner in "$@"; do
      [ "$(tr -d '\0' <"$process/cmdline" 2>/dev/null)" != "matrix-guardian of $owner" ] || printf '%s\n' "${process#/proc/}"
    done
  done
}

# ends_in STATUS [BOXES]: ctest ends, and nothing is left.
ends_in() {
  local result=0
  wait "$ctest" || result=$?
  expect_equal "$1" "$result" 'the exit status of ctest'
  everything_gone
  [ -z "${2:-}" ] || expect_equal "$2" "$(boxes alpha)" 'boxes'
}

everything_gone() {
  local begun=${EPOCHREALTIME/[.,]/}
  # grace + 1 s is what is promised; a machine under load may be late.
  eventually $((grace + 10)) all_gone || die "left behind: $(marked_processes "$work" | while read -r pid; do
    printf '%s (%s); ' "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "$pid"
  done)"
  printf 'gone after %s ms\n' $(((${EPOCHREALTIME/[.,]/} - begun) / 1000))
}

test_pass() {
  stubborn_suite
  behave alpha.native <<<'"$CHILD" ignore-term daemon fork exit 0; add passed works'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  everything_gone
  expect_output 'leaked 2'
  expect_equal '[x] [ ]' "$(boxes alpha)" boxes
}

test_fail() {
  stubborn_suite
  behave alpha.native <<<'"$CHILD" ignore-term daemon fork exit 0; add failed works'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  everything_gone
  expect_equal '[ ] [ ]' "$(boxes alpha)" boxes
}

test_timeout() {
  stubborn_suite 8
  start_ctest
  ends_in 8 '[ ] [ ]'
  expect_output 'alpha.native (Failed)'
}

test_timeout_of_ctest() {
  stubborn_suite 12
  start_ctest
  kill -STOP "$(the_launcher)"
  ends_in 8
  expect_output 'alpha.native (Timeout)'
}

# (The time-out that serial cells are given once it is their turn holds over a stop time.)
test_stop_time() {
  stubborn_suite 60 'parallel: true'
  start_ctest --stop-time "$(date -d '+10 seconds' +%T)"
  ends_in 8
}

test_ctrl_c() {
  stubborn_suite
  start_ctest
  kill -INT -- "-$ctest"
  ends_in 130
}

test_interrupted_ctest() {
  stubborn_suite
  start_ctest
  kill -INT "$ctest"
  ends_in 130
}

# Nobody reads the end of the line that the launcher has to write then.
test_interrupted_ctest_in_the_middle_of_a_line() {
  stubborn_suite
  local before='printf ..........'
  start_ctest
  kill -INT "$ctest"
  ends_in 130
  eventually 30 grep -q '"verdict":"INTERRUPTED"' build/ctest-matrix/demo/journal.jsonl ||
    die "the cell did not say that it was interrupted: $(tail -n 1 build/ctest-matrix/demo/journal.jsonl)"
}

test_terminated_ctest() {
  stubborn_suite
  start_ctest
  kill -TERM "$ctest"
  ends_in 143
}

test_killed_ctest() {
  stubborn_suite
  start_ctest
  kill -KILL "$ctest"
  ends_in 137
}

journal=build/ctest-matrix/demo/journal.jsonl

has_begun() {
  grep -qs '"kind":"begin"' "$journal"
}

no_guardian() {
  [ -z "$(guardians "$launcher")" ]
}

launcher_gone() {
  ! [ -e "/proc/$launcher" ]
}

# noting: a launcher whose runner has ended waits for the journal, which the process $holder has locked.
noting() {
  make_suite "  fast:
    alpha: Alpha Tests"
  behave alpha.native <<<'until [ -e go ]; do sleep 0.05; done; add passed works'
  setsid "$CTEST" --test-dir build -R alpha.native >output 2>&1 </dev/null &
  ctest=$!
  eventually 30 has_begun || die 'the cell did not start'
  launcher=$(the_launcher)
  python3 -c 'import fcntl, sys, time
journal = open(sys.argv[1], "r+")
fcntl.lockf(journal, fcntl.LOCK_EX)
open("locked", "w")
time.sleep(600)' "$work/$journal" &
  holder=$!
  eventually 30 test -e locked || die 'nobody holds the journal'
  touch checkout/go
  eventually 30 no_guardian || die 'the runner goes on'
}

# What is known is noted, whoever ends meanwhile.
test_killed_ctest_while_the_end_is_noted() {
  noting
  kill -KILL "$ctest"
  sleep 0.2
  kill -TERM "$launcher" 2>/dev/null || true
  kill "$holder"
  eventually 30 launcher_gone || die 'the launcher goes on'
  grep -q '"kind":"cell".*"verdict":"PASS"' "$journal" || die "the end is not noted: $(cat "$journal")"
  expect_equal '[x] [ ]' "$(boxes alpha)" boxes
}

# But nobody waits for that for ever.
test_killed_ctest_while_the_journal_is_held() {
  noting
  kill -KILL "$ctest"
  eventually $((grace + 10)) launcher_gone || die 'the launcher goes on'
  kill "$holder"
  ! grep -q '"kind":"cell"' "$journal" || die "somebody has noted an end: $(cat "$journal")"
}

test_terminated_launcher_while_the_journal_is_held() {
  noting
  kill -TERM "$launcher"
  eventually $((grace + 10)) launcher_gone || die 'the launcher goes on'
  kill "$holder"
  wait "$ctest" && die 'ctest says that all passed'
  expect_output 'alpha.native (Failed)'
}

test_terminated_launcher() {
  stubborn_suite
  start_ctest
  kill -TERM "$(the_launcher)"
  ends_in 8
  expect_output 'alpha.native (Failed)'
}

test_killed_launcher() {
  stubborn_suite
  start_ctest
  kill -KILL "$(the_launcher)"
  ends_in 8
}

# Nobody is left who could end the daemon and the grandchild but the next run.
test_killed_launcher_and_guardian() {
  stubborn_suite
  start_ctest
  local victims
  victims=$(the_launcher) || die 'no launcher'
  # shellcheck disable=SC2046 # several
  kill -KILL "$victims" $(guardians "$victims")
  wait "$ctest" && die 'ctest exits 0'
  expect_equal 2 "$(children)" 'what the cell left behind'
  behave alpha.wasm <<<'add passed works'
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm
  everything_gone
  expect_equal '' "$(find build/ctest-matrix/demo/{tmp,reports,runs} -mindepth 1)" 'files of the run'
}

test_killed_supervisor_and_guardian() {
  stubborn_suite
  start_ctest
  # shellcheck disable=SC2046 # several
  kill -KILL $(service_supervisors) $(guardians $(service_supervisors))
  kill -TERM "$(the_launcher)"
  wait "$ctest" && die 'ctest exits 0'
  expect_equal 2 "$(children)" 'what the service left behind'
  behave alpha.native <<<'add passed works'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  everything_gone
}

run_case "$@"
