# Artifacts through the real ninja: when they are built, when they are not, and what a failure means for the cells.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests"

# binding COMMAND: the section of an artifact for native cells, from src/**/*.rs and Cargo.toml.
binding() {
  cat <<EOF_SECTION
artifacts:
  napi:
    for: {runtime: native}
    inputs: ["src/**/*.rs", Cargo.toml, "!**/target/**"]
    outputs: [out/*.node]
    command: $1
EOF_SECTION
}

# Notes every build, and joins the inputs.
good='[sh, -c, "echo napi >>builds; mkdir -p out; cat $(find src -name \"*.rs\") Cargo.toml >out/napi.node"]'

# artifact_suite [COMMAND]
artifact_suite() {
  mkdir -p checkout/src/deep checkout/src/target
  echo 'fn a' >checkout/src/a.rs
  echo 'fn b' >checkout/src/deep/b.rs
  echo '[package]' >checkout/Cargo.toml
  make_suite "$rows" "$(binding "${1:-$good}")"
}

# builds: how often something was built.
builds() {
  wc -l 2>/dev/null <checkout/builds || echo 0
}

passes() {
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
}

# expect_rebuilt WHAT: the next run builds, the one after it does not.
expect_rebuilt() {
  local before
  before=$(builds)
  passes
  expect_equal $((before + 1)) "$(builds)" "builds after $1"
  passes
  expect_equal $((before + 1)) "$(builds)" "builds of an untouched tree, after $1"
}

cell() {
  run "$CTEST_MATRIX" cell "$1" checkout/matrix.yaml --root checkout --build-dir build
}

test_fresh_and_untouched() {
  artifact_suite
  expect_rebuilt 'a fresh checkout'
  [ -s checkout/out/napi.node ] || die 'no output'
  touch -d '1 minute ago' checkout/matrix.yaml
  passes
  expect_equal 1 "$(builds)" 'builds after a touched matrix'
}

test_edited_input() {
  artifact_suite
  passes
  echo 'fn c' >>checkout/src/deep/b.rs
  expect_rebuilt 'an edit'
  echo '[more]' >>checkout/Cargo.toml
  expect_rebuilt 'an edit of a single file'
  grep -q '\[more\]' checkout/out/napi.node || die 'the output is not of the edited input'
}

# As from an archive whose files all have one time.
test_edit_of_the_same_size_and_time() {
  artifact_suite
  passes
  touch -r checkout/src/a.rs before
  echo 'fn z' >checkout/src/a.rs
  touch -r before checkout/src/a.rs
  expect_rebuilt 'an edit that keeps size and time'
  grep -q 'fn z' checkout/out/napi.node || die 'the output is not of the edited input'
  touch -r checkout/out/napi.node before
  sed -i 's/fn z/fn y/' checkout/out/napi.node
  touch -r before checkout/out/napi.node
  expect_rebuilt 'an output that was edited like that'
}

test_added_input() {
  artifact_suite
  passes
  # Older than everything: its time tells nothing.
  echo 'fn new' >checkout/src/new.rs
  touch -d '1 hour ago' checkout/src/new.rs
  expect_rebuilt 'an added input'
}

test_removed_input() {
  artifact_suite
  passes
  rm checkout/src/deep/b.rs
  expect_rebuilt 'a removed input'
}

test_renamed_input() {
  artifact_suite
  passes
  mv checkout/src/a.rs checkout/src/z.rs
  expect_rebuilt 'a renamed input'
}

test_excluded_input() {
  artifact_suite
  passes
  echo 'fn generated' >checkout/src/target/x.rs
  passes
  expect_equal 1 "$(builds)" 'builds after a new file that the inputs exclude'
}

test_deleted_output() {
  artifact_suite
  passes
  rm checkout/out/napi.node
  expect_rebuilt 'a deleted output'
  echo 'of somebody else' >checkout/out/napi.node
  expect_rebuilt 'a replaced output'
}

test_changed_command() {
  artifact_suite
  passes
  sed -i 's/echo napi >>builds/echo anew >>builds/' checkout/matrix.yaml
  expect_rebuilt 'another command'
  expect_equal anew "$(tail -n 1 checkout/builds)" 'the command that ran'
}

test_changed_environment() {
  artifact_suite
  passes
  sed -i 's/^    outputs:/    environment: {MODE: release}\n&/' checkout/matrix.yaml
  expect_rebuilt 'another environment'
}

test_failing_command() {
  artifact_suite '[sh, -c, "echo napi >>builds; echo compiling a.rs; echo error: expected one of x >&2; exit 101"]'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output 'the artifact napi could not be built'
  expect_output 'error: expected one of x'
  expect_output 'compiling a.rs'
  expect_output '- demo.artifact.napi (Failed)'
  expect_output '- alpha.native (Not Run)'
  # A cell that does not need it runs.
  expect_equal alpha.wasm "$(begun)" 'cells that ran'
  expect_equal '[ ] [x]' "$(boxes alpha)" 'boxes'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_equal 2 "$(builds)" 'builds: a failed one is tried again'
  expect_status 5 "$CTEST_MATRIX" artifact napi checkout/matrix.yaml --root checkout --build-dir build
}

test_failing_after_success() {
  artifact_suite
  passes
  rm checkout/trace
  echo 'broken' >>checkout/src/a.rs
  sed -i 's/echo napi >>builds;/exit 1;/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_output '- alpha.native (Not Run)'
  expect_equal '' "$(begun)" 'cells on the old output'
}

test_no_output() {
  artifact_suite '[sh, -c, "echo napi >>builds"]'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "the artifact napi was built without an error, but no file below $work/checkout matches its output \
out/*.node"
  expect_output '- alpha.native (Not Run)'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_equal 2 "$(builds)" 'builds: it is tried again'
}

test_no_input() {
  artifact_suite
  rm -r checkout/src checkout/Cargo.toml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the artifact napi has no inputs'
  expect_output 'src/**/*.rs'
  expect_equal 0 "$(builds)" builds
}

test_command_missing() {
  artifact_suite '[./no-such-compiler, build]'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the artifact napi could not be built'
  expect_output no-such-compiler
  expect_output '- alpha.native (Not Run)'
}

# interrupted SIGNAL: to the build's launcher, after it has written half of its output.
interrupted() {
  artifact_suite '[sh, -c, "echo napi >>builds; mkdir -p out; echo half >out/napi.node; sleep $(cat seconds)"]'
  echo 1000 >checkout/seconds
  "$CTEST_MATRIX" artifact napi checkout/matrix.yaml --root checkout --build-dir build >output 2>&1 </dev/null &
  local launcher=$!
  eventually 30 test -s checkout/out/napi.node || die 'the build did not start'
  kill -s "$1" "$launcher"
  wait "$launcher" && die "it exits 0 after $1"
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
  echo 0 >checkout/seconds
  expect_rebuilt "an interrupted build"
}

test_interrupted_build() {
  interrupted TERM
}

test_killed_build() {
  interrupted KILL
}

three_artifacts() {
  mkdir -p checkout
  echo lib >checkout/lib.c
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests" 'artifacts:
  lib: {inputs: [lib.c], outputs: [lib.o], command: [sh, -c, "echo lib >>builds; cp lib.c lib.o"]}
  napi:
    for: {runtime: native}
    after: lib
    inputs: [lib.c]
    outputs: [napi.node]
    command: [sh, -c, "echo napi >>builds; cat lib.o >napi.node"]
  wasm:
    for: {runtime: wasm}
    after: [lib]
    inputs: [lib.c]
    outputs: [lib.wasm]
    command: [sh, -c, "echo wasm >>builds; cat lib.o >lib.wasm"]'
}

order() {
  tr '\n' ' ' <checkout/builds | sed 's/ $//'
}

test_only_what_is_needed() {
  three_artifacts
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'lib napi' "$(order)" 'builds for a native cell'
  expect_status 0 "$CTEST" --test-dir build -R wasm
  expect_equal 'lib napi wasm' "$(order)" 'builds for wasm cells, then'
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'lib napi wasm' "$(order)" 'builds for all, then'
}

test_order() {
  three_artifacts
  CTEST_PARALLEL_LEVEL=4 expect_status 0 "$CTEST" --test-dir build
  expect_equal lib "$(head -n 1 checkout/builds)" 'the first build'
  expect_equal 'lib napi wasm' "$(sort checkout/builds | tr '\n' ' ' | sed 's/ $//')" 'builds'
  echo more >>checkout/lib.c
  CTEST_PARALLEL_LEVEL=4 expect_status 0 "$CTEST" --test-dir build
  expect_equal 6 "$(builds)" 'builds after an edit'
  expect_equal lib "$(sed -n 4p checkout/builds)" 'the first build after an edit'
  grep -q more checkout/napi.node || die 'an artifact of the old one'
}

# What comes after a changed artifact is old, though its own inputs are as they were.
test_rebuilt_after_another() {
  three_artifacts
  sed -i '/^  napi:/,/^  wasm:/s/inputs: .*/inputs: [matrix.yaml]/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  echo more >>checkout/lib.c
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'lib napi lib napi' "$(order)" 'builds'
  grep -q more checkout/napi.node || die 'an artifact of the old one'
}

# A build that changes nothing makes nothing else old.
test_same_content_again() {
  three_artifacts
  sed -i 's/"echo lib >>builds; cp lib.c lib.o"/"echo lib >>builds; grep -v \\"^#\\" lib.c >lib.o"/' checkout/matrix.yaml
  sed -i '/^  napi:/,/^  wasm:/s/inputs: .*/inputs: [matrix.yaml]/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  echo '# a comment' >>checkout/lib.c
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'lib napi lib' "$(order)" 'builds after a change that lib leaves out'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'lib napi lib' "$(order)" 'builds of an untouched tree'
  echo more >>checkout/lib.c
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'lib napi lib lib napi' "$(order)" 'builds after a change that lib takes over'
  grep -q more checkout/napi.node || die 'an artifact of the old one'
}

# ctest -FA leaves the set-up out: the cell itself looks.
test_stale_without_the_fixture() {
  artifact_suite
  expect_status 8 "$CTEST" --test-dir build -R alpha.native -FA '.*' --output-on-failure
  expect_output 'why:     SETUP - the artifact napi is not up to date: it was not built'
  expect_equal 0 "$(builds)" 'builds without the fixture'
  passes
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -FA '.*'
  rm checkout/trace
  echo 'fn new' >checkout/src/new.rs
  touch -d '1 hour ago' checkout/src/new.rs
  expect_status 8 "$CTEST" --test-dir build -R alpha.native -FA '.*' --output-on-failure
  expect_output 'why:     SETUP - the artifact napi is older than its inputs'
  expect_equal '' "$(begun)" 'cells on a stale artifact'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  expect_equal 1 "$(builds)" builds
  # By hand there is no fixture; the cell builds what it needs itself.
  cell alpha.native
  expect_equal 0 "$status" 'exit status of the cell by hand'
  expect_equal 2 "$(builds)" builds
}

check() {
  expect_status 0 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout --build-dir "$1"
}

# Also where nobody runs tests, and where another build directory or a person built it.
test_check() {
  artifact_suite
  check elsewhere
  expect_output "warning: the artifact napi is not built: no file below $work/checkout matches out/*.node"
  passes
  check build
  refute_output warning
  check elsewhere
  refute_output warning
  echo 'fn c' >>checkout/src/deep/b.rs
  check build
  expect_output 'warning: the artifact napi is older than its inputs: src/deep/b.rs was changed'
  touch -d '1 minute ago' checkout/out/napi.node
  check elsewhere
  expect_output 'warning: the artifact napi is older than its inputs: src/deep/b.rs was changed after out/napi.node'
  [ ! -e elsewhere ] || die 'check made a build directory'
  passes
  rm checkout/src/a.rs
  check build
  expect_output 'warning: the artifact napi is older than its inputs: src/a.rs was removed'
  passes
  sed -i 's/echo napi >>builds/echo anew >>builds/' checkout/matrix.yaml
  check build
  expect_output 'warning: the artifact napi is not up to date: its command'
  expect_equal 3 "$(builds)" 'builds'
}

# The log of the progress file says why a cell was not run.
test_log_says_why() {
  artifact_suite '[sh, -c, "echo compiling a.rs; echo error: expected one of x >&2; exit 101"]'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 'FAIL - SETUP: the artifact napi could not be built: error: expected one of x' "$(log_of alpha native)" \
    'the log'
  expect_equal '[ ] [ ]' "$(boxes alpha)" boxes
}

# Two at once on one file would build twice.
test_two_at_once() {
  artifact_suite
  sed -i 's/echo napi >>builds;/& sleep 0.5;/' checkout/matrix.yaml
  local first second
  "$CTEST_MATRIX" artifact napi checkout/matrix.yaml --root checkout --build-dir build >first 2>&1 </dev/null &
  first=$!
  "$CTEST_MATRIX" artifact napi checkout/matrix.yaml --root checkout --build-dir build >second 2>&1 </dev/null &
  second=$!
  wait "$first" || die "the first one failed: $(cat first)"
  wait "$second" || die "the second one failed: $(cat second)"
  expect_equal 1 "$(builds)" builds
}

# Two checkouts of one repository: what one of them does is no business of the other.
test_two_checkouts() {
  mkdir one two
  cd one
  artifact_suite '[sh, -c, "echo begun >begun; until [ -e go ]; do sleep 0.05; done; mkdir -p out; echo done >out/napi.node"]'
  cd ../two
  artifact_suite
  cd ..
  "$CTEST" --test-dir one/build -R alpha.native >first 2>&1 </dev/null &
  local first=$!
  eventually 30 test -s one/checkout/begun || die 'the build of the first checkout did not start'
  cd two
  expect_rebuilt 'a fresh checkout'
  cd ..
  : >one/checkout/go
  wait "$first" || die "the first ctest failed: $(cat first)"
}

# A checkout whose paths need quoting, for the shell and for ninja.
test_awkward_paths() {
  mkdir "it's \$HOME: \${a}"
  cd "it's \$HOME: \${a}"
  artifact_suite
  echo 'fn a' >"checkout/src/b \$c.rs"
  sed -i 's/cat $(find[^)]*)/cat src\/*.rs/' checkout/matrix.yaml
  work=$PWD
  expect_rebuilt 'a fresh checkout'
  rm "checkout/src/b \$c.rs"
  expect_rebuilt 'a removed input'
}

# Names that Ninja has no word for, a command of several lines, and one that says what Ninja says of itself.
test_awkward_names_and_commands() {
  make_suite '  fast:
    alpha: Alpha Tests' 'artifacts:
  lines:
    inputs: ["src/**"]
    outputs: [out]
    command:
      - sh
      - -c
      - |
        echo "ninja: no work to do."
        cat src/* >out
        echo built >>count'
  mkdir checkout/src
  echo a >'checkout/src/a|b'
  echo b >"checkout/src/a$(printf '\t')b"
  echo c >"checkout/src/a
b"
  echo d >'checkout/src/a b:$c'
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 1 "$(grep -c built checkout/count)" 'builds of a fresh checkout'
  expect_status 0 "$CTEST_MATRIX" artifact lines checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'lines: up to date'
  expect_equal 1 "$(grep -c built checkout/count)" 'builds of an untouched checkout'
  local input
  for input in 'a|b' 'a b:$c' "a
b"; do
    echo more >>"checkout/src/$input"
    expect_status 0 "$CTEST_MATRIX" artifact lines checkout/matrix.yaml --root checkout --build-dir build
    expect_output 'lines: built'
    expect_equal "$(cat checkout/src/* | cksum)" "$(cksum <checkout/out)" "the output after an edit of $input"
  done
}

# Its own deadline is before CTest's, which would say nothing of the reason.
test_deadline() {
  make_suite '  fast:
    alpha: Alpha Tests' 'artifacts: {slow: {inputs: runner.sh, outputs: out, command: [sh, -c, "echo compiling for ever; sleep 60"], timeout: 2}}'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output 'ended: stopped after 2'
  expect_output 'compiling for ever'
  expect_output 'Failed test dependencies: demo.artifact.slow'
  refute_output Timeout
}

# Its output is in the log as it comes, and in nobody's memory: neither ours nor Ninja's.
test_long_output() {
  artifact_suite '[sh, -c, "head -c 1G /dev/zero | tr \\\\0 x; echo; echo the end; mkdir -p out; echo >out/napi.node; false"]'
  local ninja most=0 size watched
  ninja=$(command -v ninja)
  mkdir bin
  printf '#!/bin/sh\nulimit -v 500000\nexec %s "$@"\n' "$ninja" >bin/ninja
  chmod +x bin/ninja
  PATH=$PWD/bin:$PATH "$CTEST_MATRIX" artifact napi checkout/matrix.yaml --root checkout --build-dir build >output 2>&1 &
  watched=$!
  while size=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$watched/status 2>/dev/null) && [ -n "$size" ]; do
    most=$size
    sleep 0.2
  done
  status=0
  wait "$watched" || status=$?
  expect_equal 5 "$status" 'the exit status'
  expect_output 'the end'
  [ "$(stat -c %s build/ctest-matrix/demo/logs/artifact.napi.log)" -gt 1073741824 ] || die 'the log is not whole'
  [ "$most" -gt 0 ] && [ "$most" -lt 700000 ] || die "it took $most kB of memory" # a sanitizer takes its share
}

run_case "$@"
