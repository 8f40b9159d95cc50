# The help: every verb shows an example, and the examples work on a suite that has what they name.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"

# verbs [VERB]: what `--help` lists as its subcommands.
verbs() {
  "$CTEST_MATRIX" "$@" --help | sed -n '/^Subcommands:/,$s/^  \([a-z]*\)  .*/\1/p'
}

# example VERB...: the example of its help.
example() {
  "$CTEST_MATRIX" "$@" --help | sed -n '/^Example:$/,$s/^  //p'
}

# example_suite: the suite of the examples, in `checkout`, where it has been run once.
example_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "  fast:
    actor-conn: Actor Connection Tests
  slow:
    actor-sleep: {suite: Actor Sleep Tests, timeout: 60}" "  environment: {ENGINE_PORT: '{engine.port.main}'}
services:
  engine:
    command: ['$CTEST_MATRIX_CHILD', health, '{engine.port.main}']
    ports: [main]
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 60s}
    grace: 30s
artifacts:
  napi:
    inputs: [source]
    outputs: [built]
    command: [cp, source, built]
agree:
  engine-version:
    - {file: source, pattern: 'version {value}'}
    - {file: package.json, pattern: '\"version\": \"{value}\"'}"
  cd checkout
  sed -i 's/"{runtime}"\]/"{runtime}", "{filter}"]/; s/^  scope:/  filter: "runtime [(]{runtime}[)]"\n  narrow: "{filter}.*{test}"\n  scope:/' matrix.yaml
  printf 'version 1.2.3\n' >source
  printf '{"name": "shop", "version": "1.2.3"}\n' >package.json
  git init -q .
  PATH=${CTEST_MATRIX%/*}:$PATH
  expect_status 0 ctest-matrix generate
  expect_status 0 "$CTEST" --test-dir build --output-junit "$PWD/results.xml"
  expect_status 0 ctest-matrix report --write-baseline known-failures.txt
}

# try VERB...: its example does what it says.
try() {
  local line
  line=$(example "$@")
  case $line in
    "ctest-matrix $*"*) ;;
    *) die "the help of '$*' has no example of it, but: $line" ;;
  esac
  run bash -c "$line"
  [ "$status" = 0 ] || die "the example exits $status: $line"
  printf '%s\n' "$*" >>"$work/tried"
}

test_examples() {
  example_suite
  local verb below tried=0
  for verb in $(verbs); do
    below=$(verbs "$verb")
    for word in '' $below; do
      # shellcheck disable=SC2086 # none or one
      try "$verb" $word
      tried=$((tried + 1))
    done
  done
  [ "$tried" -ge 16 ] || die "only $tried examples were found: $(cat "$work/tried")"
  expect_equal "ctest-matrix run" "$(example)" 'the example of the program itself'
  expect_status 0 ctest-matrix service down engine --now
  eventually 60 all_gone || die "left behind: $(marked_processes "$work")"
}

# on_a_terminal FILE COMMAND...: its output on a terminal of 60 columns, as it comes.
on_a_terminal() {
  python3=$(PATH=/usr/bin:$PATH command -v python3)
  "$python3" - "$@" <<'EOF_PYTHON'
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
open(sys.argv[1], "wb").write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF_PYTHON
}

escape=$'\e'

test_run_on_a_terminal() {
  make_suite "  fast:
    a-row-with-a-name-that-is-longer-than-most-of-them: Long Tests
    beta: Beta Tests"
  behave beta.wasm <<<'add failed "breaks" "expected 1 to be 2"'
  run_on() {
    rm -f checkout/demo-progress.md
    run on_a_terminal shown env -u NO_COLOR -u CLICOLOR_FORCE -u COLUMNS TERM=xterm LC_ALL=C.UTF-8 "$@" \
      "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build
    [ "$status" = 4 ] || die "run exited $status: $(cat shown)"
  }
  run_on
  grep -qF "beta.wasm: $escape[31;1mFAIL$escape[0m" shown || die "no red verdict: $(cat shown)"
  grep -qF "beta.native: $escape[32mPASS$escape[0m" shown || die 'no green verdict'
  grep -qF "$escape[K" shown || die 'no line that moves'
  grep -qF '…' shown || die 'no line that is cut'
  # The moving line never is wider than the terminal.
  tr '\r' '\n' <shown | LC_ALL=C.UTF-8 grep -aF "$escape[K[" | sed "s/$escape\[[0-9;]*[mK]//g" |
    LC_ALL=C.UTF-8 grep -a 'so far\|…' | LC_ALL=C.UTF-8 awk 'length > 60 { exit 1 }' || die 'a line is too wide'
  run_on NO_COLOR=1
  ! grep -qE "$escape\[[0-9;]*m" shown || die 'colours in spite of NO_COLOR'
  grep -qF "$escape[K" shown || die 'no line that moves'
  run_on LC_ALL=C
  ! LC_ALL=C grep -qaP '[\x80-\xff]' shown || die "more than ASCII without a UTF-8 locale: $(cat shown)"
  grep -qF '...' shown || die 'no line that is cut'
  run_on TERM=dumb
  ! grep -qF "$escape" shown || die 'escapes on a dumb terminal'
  run_on COLUMNS=30
  tr '\r' '\n' <shown | grep -a 'so far\|…' | sed "s/$escape\[[0-9;]*[mK]//g" | LC_ALL=C.UTF-8 awk 'length > 30 { exit 1 }' ||
    die 'a line is wider than COLUMNS'
}

# What other programs read has no escapes, whatever the environment of an editor says (Qt Creator sets CLICOLOR_FORCE).
test_no_escapes_for_programs() {
  make_suite "  fast:
    alpha: Alpha Tests"
  export CLICOLOR_FORCE=1 TERM=xterm-256color
  behave alpha.wasm <<<'add failed "breaks" "Error: expected 1 to be 2"'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output 'FAIL - Suite > breaks'
  # CTest's own lines have colours then.
  ! grep -qF "$escape" build/Testing/Temporary/LastTest.log || die 'a cell has escapes in its output'
  expect_status 0 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --build-dir build --json
  refute_output "$escape"
  sed -i 's/^  wasm: {runtime: wasm}/  wasm: {runtime: wsam}/' checkout/matrix.yaml
  expect_status 3 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
  expect_output "checkout/matrix.yaml:7:19: error: column 'wasm': unknown runtime 'wsam'"
  refute_output "$escape"
}

test_run_in_a_pipe() {
  make_suite "  fast:
    alpha: Alpha Tests"
  expect_status 0 env -u CLICOLOR_FORCE "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'alpha.native: PASS'
  refute_output "$escape"
  rm checkout/demo-progress.md
  expect_status 0 env CLICOLOR_FORCE=1 "$CTEST_MATRIX" run reset --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_output "alpha.native: $escape[32mPASS$escape[0m"
  refute_output "$escape[K"
  expect_status 0 env CLICOLOR_FORCE=1 NO_COLOR=1 "$CTEST_MATRIX" run reset --matrix checkout/matrix.yaml --root checkout \
    --build-dir build
  refute_output "$escape"
}

run_case "$@"
