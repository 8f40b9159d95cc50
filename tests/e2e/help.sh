# The help: every verb shows an example, and the examples work on a suite that has what they name.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"

# verbs [VERB]: what `--help` lists as its subcommands.
verbs() {
  "$CTEST_MATRIX" "$@" --help | sed -n '/^Subcommands:/,$s/^  \([a-z][a-z]*\)  .*/\1/p'
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
    - {file: package.json, pattern: '\"version\": \"{value}\"'}
known: known-failures.txt
friction: friction.md
rules:
  no-mocks:
    forbid_text: {pattern: 'mock[(]', files: [source]}
    reason: tests run against what is there"
  cd checkout
  sed -i 's/"{runtime}"\]/"{runtime}", "{filter}"]/; s/^  scope:/  filter: "runtime [(]{runtime}[)]"\n  narrow: "{filter}.*{test}"\n  scope:/' matrix.yaml
  printf 'version 1.2.3\n' >source
  printf '{"name": "shop", "version": "1.2.3"}\n' >package.json
  printf '%s\n' trace results.xml report.html ci build >.gitignore # no tick rests on what is written by a run
  git init -q .
  PATH=${CTEST_MATRIX%/*}:$PATH
  expect_status 0 ctest-matrix generate
  expect_status 0 "$CTEST" --test-dir build --output-junit "$PWD/results.xml"
  expect_status 0 ctest-matrix report --write-baseline known-failures.txt
}

# prepare WORDS: what the example is about is there.
prepare() {
  case $1 in
    'known list' | 'friction new') printf 'add failed one "Error: it is not so"\n' >behaviour/actor-conn.wasm ;;
    'known close' | 'friction close') printf 'add passed one\n' >behaviour/actor-conn.wasm ;;
    *) return 0 ;;
  esac
  run "$CTEST" --test-dir build -R actor-conn.wasm
}

# try VERB...: its example does what it says.
try() {
  local line
  line=$(example "$@")
  case $line in
    "ctest-matrix $*"*) ;;
    *) die "the help of '$*' has no example of it, but: $line" ;;
  esac
  prepare "$*"
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

# Within 80 columns, and of options that do not go together in words.
test_help_is_for_people() {
  local verb word
  for verb in $(verbs); do
    for word in '' $(verbs "$verb"); do
      # shellcheck disable=SC2086 # none or one
      "$CTEST_MATRIX" $verb $word --help >shown
      ! grep -F 'Excludes:' shown || die "the help of $verb $word"
      ! grep '^  ' shown | grep -v '^  ctest-matrix' | awk 'length > 80 { print; wide = 1 } END { exit !wide }' ||
        die "the help of $verb $word is too wide"
    done
  done
  "$CTEST_MATRIX" run --help >shown
  tr -s ' \n' ' ' <shown | grep -qF '(not with --baseline)' || die 'the help of run does not say what --known does not go with'
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

# The line that moves is as wide as the terminal is now, and not as it was.
test_the_line_fits_after_a_resize() {
  make_suite "  fast:
    a-row-with-a-name-that-is-longer-than-most-of-them: Long Tests"
  behave a-row-with-a-name-that-is-longer-than-most-of-them.native <<<'for try in $(seq 600); do [ -e go ] && break; sleep 0.05; done; add passed one'
  PATH=/usr/bin:$PATH python3 - "$CTEST_MATRIX" <<'EOF_PYTHON' || die 'the line does not follow the terminal'
import fcntl, os, pty, re, struct, sys, termios
os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", NO_COLOR="1")
os.environ.pop("COLUMNS", None)
pid, terminal = pty.fork()
def resize(columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    os.execv(sys.argv[1], [sys.argv[1], *"run --matrix checkout/matrix.yaml --root checkout --build-dir build".split()])
shown, begin, steps = "", 0, [(60, 50, 60), (30, 20, 30), (100, 61, 100)]
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    shown += chunk.decode("utf-8", "replace")
    lines = [line for line in re.findall(r"\r\x1b\[K(\[[^\r\n]*)", shown[begin:]) if "native" in line or "…" in line]
    if lines and steps:
        columns, least, most = steps[0]
        if not least <= len(lines[-1]) <= most:
            continue  # drawn before the change
        steps.pop(0)
        begin = len(shown)
        resize(steps[0][0] if steps else 80)
        if not steps:
            open("checkout/go", "w").close()
assert not steps, (steps, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF_PYTHON
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

# A slip is one line with what was meant, and not the whole help.
test_slips() {
  expect_status 2 "$CTEST_MATRIX" rnu
  expect_equal "unknown verb 'rnu', did you mean 'run'? \`ctest-matrix --help\` lists the verbs" "$(cat output)" 'a verb'
  expect_status 2 "$CTEST_MATRIX" run --kep-going
  expect_equal "run: unknown option '--kep-going', did you mean '--keep-going'? \`ctest-matrix run --help\` lists them" \
    "$(cat output)" 'an option'
  expect_status 2 "$CTEST_MATRIX" --verison
  expect_equal "unknown option '--verison'; \`ctest-matrix --help\` lists the verbs" "$(cat output)" 'an option of the program'
  expect_status 2 "$CTEST_MATRIX"
  expect_equal 'expected a verb, such as `ctest-matrix run`; `ctest-matrix --help` lists them' "$(cat output)" 'no verb'
  expect_status 2 "$CTEST_MATRIX" cell
  expect_equal 1 "$(wc -l <output)" 'the lines about an argument that is missing'
  expect_output 'cell: NAME is required; see `ctest-matrix cell --help`'
}

test_reference() {
  expect_status 0 "$CTEST_MATRIX" help
  local topic topics=0
  for topic in $(sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' output); do
    expect_status 0 "$CTEST_MATRIX" help "$topic"
    [ "$(wc -l <output)" -ge 5 ] || die "the topic $topic says next to nothing"
    ! grep -v '^    ' output | grep -E '^#|^\||\]\(|\*\*' || die "the topic $topic has marks of Markdown"
    topics=$((topics + 1))
  done
  [ "$topics" -ge 10 ] || die "only $topics topics"
  expect_status 2 "$CTEST_MATRIX" help verdict
  expect_output "no topic 'verdict', did you mean 'verdicts'?"
}

# words WORD...: what the last one can be.
words() {
  "$CTEST_MATRIX" complete -- "$@" | tr '\n' ' '
}

test_completion() {
  make_suite "  fast:
    actor-conn: Actor Connection Tests
    actor-sleep: Actor Sleep Tests"
  cd checkout
  expect_equal 'check cell completion ' "$(words c)" 'verbs'
  expect_equal 'up down status ' "$(words service '')" 'verbs of a verb'
  expect_equal '--keep-going --known ' "$(words run --k)" 'options'
  expect_equal '--root --runtime ' "$(words run --r)" 'options and axes'
  expect_equal 'native wasm both ' "$(words run only actor-conn runtime '')" 'values of an axis as a word'
  expect_equal 'native wasm ' "$(words run --runtime '')" 'values of an axis as an option'
  expect_equal 'actor-conn actor-sleep ' "$(words run only '')" 'rows'
  expect_equal 'actor-sleep ' "$(words run --skip actor-s)" 'rows of an option'
  expect_equal 'actor-conn.native actor-conn.wasm ' "$(words explain actor-c)" 'cells'
  expect_equal 'actor-conn.native actor-conn.wasm ' "$(words known add actor-c)" 'cells of a verb below a verb'
  expect_equal '' "$(words explain actor-conn.native '')" 'nothing behind the last argument: files'
  expect_equal '' "$(words run --build-dir '')" 'a directory'
  cd ..
  expect_equal '' "$(words run only '')" 'no matrix'
  expect_equal 'actor-conn actor-sleep ' "$(words run --matrix checkout/matrix.yaml only '')" 'a matrix elsewhere'
}

# The scripts in their shells, as far as those are here.
test_completion_in_shells() {
  make_suite "  fast:
    actor-conn: Actor Connection Tests"
  PATH=${CTEST_MATRIX%/*}:$PATH
  cd checkout
  run bash -c 'source <(ctest-matrix completion bash)
    COMP_WORDS=(ctest-matrix run only "act") COMP_CWORD=3
    _ctest_matrix; printf "%s\n" "${COMPREPLY[@]}"'
  expect_equal actor-conn "$(cat ../output)" 'bash'
  if command -v fish >/dev/null; then
    run fish -c 'ctest-matrix completion fish | source; complete -C "ctest-matrix run only act"'
    expect_equal actor-conn "$(cat ../output)" 'fish'
  fi
  if command -v zsh >/dev/null; then
    run zsh -fc 'autoload -U compinit && compinit -u -D; source <(ctest-matrix completion zsh); functions _ctest_matrix >/dev/null'
    expect_equal 0 "$status" 'zsh'
  fi
  expect_status 2 ctest-matrix completion csh
  expect_output "no completion for 'csh'; expected one of: bash, zsh, fish"
}

test_manual() {
  expect_status 0 "$CTEST_MATRIX" manual ctest-matrix.1
  for verb in $(verbs); do
    grep -q "^.SS \"$verb" ctest-matrix.1 || die "the page has no $verb"
  done
  if command -v groff >/dev/null; then
    run groff -ww -man -Tascii -z ctest-matrix.1
    expect_equal 0 "$status" 'groff'
    refute_output warning
  fi
}

run_case "$@"
