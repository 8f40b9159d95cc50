# What the end-to-end tests share: a work directory of their own, the programs under test, and assertions.
#
# A test file sources this, defines a function per case (test_<name>) and ends with `run_case "$@"`: called with the name
# of a case it runs that one, called with `--list` it names them all (that is how CMake makes one CTest test of each).
# Environment: CTEST_MATRIX (the program, absolute), CTEST (default: ctest). Asserts end the test; the work directory of
# a failed test is kept and named.
set -euo pipefail

CTEST=${CTEST:-ctest}
# shellcheck disable=SC2034
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Nothing of a ctest around us may reach the one inside.
unset CTEST_MATRIX_RUN GITHUB_RUN_ID CI_PIPELINE_ID SLURM_ARRAY_JOB_ID
unset CTEST_MATRIX_SHARD CTEST_MATRIX_PROFILE CTEST_MATRIX_INCLUDE CTEST_MATRIX_OUTPUT CTEST_MATRIX_BASE
unset CTEST_PARALLEL_LEVEL CTEST_OUTPUT_ON_FAILURE CTEST_NO_TESTS_ACTION

die() {
  printf 'FAILED: %s\n' "$*" >&2
  if [ -s "$work/output" ]; then
    printf -- '--- output of the last command ---\n' >&2
    tail -n 60 "$work/output" >&2
  fi
  exit 1
}

# run COMMAND...: its exit status is in $status, its output (both streams) in $work/output.
run() {
  status=0
  "$@" >"$work/output" 2>&1 </dev/null || status=$?
}

# expect_status N COMMAND...: runs it and insists on its exit status.
expect_status() {
  local wanted=$1
  shift
  run "$@"
  [ "$status" = "$wanted" ] || die "expected exit status $wanted, got $status: $*"
}

# expect_output TEXT: a line of the last command's output contains this literal text.
expect_output() {
  grep -qF -- "$1" "$work/output" || die "expected in the output: $1"
}

refute_output() {
  ! grep -qF -- "$1" "$work/output" || die "not expected in the output: $1"
}

# expect_line FILE LINE: the file has exactly this line.
expect_line() {
  grep -qxF -- "$2" "$1" || die "expected in $1 the line: $2; it has: $(cat "$1")"
}

# expect_equal WANTED GOT WHAT
expect_equal() {
  [ "$1" = "$2" ] || die "$3: expected '$1', got '$2'"
}

# eventually SECONDS COMMAND...: until the command succeeds, asked ten times a second.
eventually() {
  local tries=$(($1 * 10))
  shift
  while ! "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

# marked_processes TEXT: the processes whose environment or command line contains the text (a path of this test), as pids.
marked_processes() {
  local files file pid
  local -A seen=()
  # The text comes in a file and the environment is empty, so that grep does not find itself; its status says more of
  # processes that ended meanwhile than of matches.
  files=$(env -i "$(command -v grep)" -lsaF -f <(printf '%s\n' "$1") /proc/[0-9]*/environ /proc/[0-9]*/cmdline) || true
  for file in $files; do
    pid=${file//[!0-9]/}
    if [ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] && [ -z "${seen[$pid]:-}" ]; then
      seen[$pid]=1
      printf '%s\n' "$pid"
    fi
  done
}

# all_gone: nothing that this test started is there any more.
all_gone() {
  [ -z "$(marked_processes "$work")" ]
}

# service_states: the files that hold the states of this test's services, which all build directories of a checkout share.
# Each test has a place of its own for them.
service_states() {
  grep -lsF "\"$work/" "$XDG_RUNTIME_DIR"/ctest-matrix/*/*.services/*/state.json || true
}

# service_supervisors: the processes that own them, as far as the states tell.
service_supervisors() {
  local file
  for file in $(service_states); do
    sed -n 's/.*"supervisor": \([1-9][0-9]*\).*/\1/p' "$file"
  done
}

finish() {
  local result=$? process
  for process in $(marked_processes "$work"); do
    kill -KILL "$process" 2>/dev/null || true
  done
  ! declare -F clean_up >/dev/null || clean_up
  if [ "$result" = 0 ] || [ "$result" = 77 ]; then # passed, or skipped
    rm -rf "$work" "$XDG_RUNTIME_DIR"
  else
    printf 'the directory of this test is kept: %s\n' "$work" >&2
  fi
}

run_case() {
  if [ "${1:-}" = --list ]; then
    declare -F | sed -n 's/^declare -f test_//p'
    return
  fi
  : "${CTEST_MATRIX:?is not set (the program under test)}"
  work=$(mktemp -d "${TMPDIR:-/tmp}/ctest-matrix-e2e.XXXXXX")
  XDG_RUNTIME_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ctest-matrix-run.XXXXXX")
  export XDG_RUNTIME_DIR
  trap finish EXIT
  cd "$work"
  "test_$1"
}
