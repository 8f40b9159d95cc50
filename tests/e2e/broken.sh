# A program that is gone and a matrix with mistakes: never a green run, always a reason, nothing half-written.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    actor-conn: Actor Connection Tests
    actor-kv: Actor KV Tests
  slow:
    actor-sleep: Actor Sleep Tests"

# own_tool: the program under test is a copy that may be removed.
own_tool() {
  cp "$CTEST_MATRIX" tool
  CTEST_MATRIX=$work/tool
}

# no_earlier_emission: as in a build directory that was configured but never loaded with success.
no_earlier_emission() {
  rm -f build/ctest-matrix/demo/last-good.cmake
}

# expect_red CELLS REASON...: whatever is selected, ctest fails and says why, and no cell passes or fails.
expect_red() {
  local reason arguments
  for arguments in '-L fast' '-R actor-conn.native' '-L todo --stop-on-failure' ''; do
    # shellcheck disable=SC2086
    expect_status 8 "$CTEST" --test-dir build $arguments
    for reason; do
      tr -s ' \n' ' ' <output >said # CMake breaks lines where it likes
      grep -qF -- "$reason" said || die "ctest $arguments does not say: $reason"
    done
    refute_output 'Passed'
  done
  [ ! -e checkout/trace ] || die "a cell ran: $(begun)"
}

# expect_not_run CELL...: the last ctest called them `Not Run`, and the set-up failed.
expect_not_run() {
  local cell
  expect_output ' - demo.ready (Failed)'
  for cell; do
    grep -q " - $cell (Not Run)" output || die "$cell is not told as Not Run"
  done
}

# emission: a fingerprint of everything that generate wrote, and when.
emission() {
  find build -path build/Testing -prune -o -type f -printf '%p %T@ ' -exec cksum {} \; | sort
}

test_program_gone() {
  own_tool
  make_suite "$rows"
  cp build/ctest-matrix/demo/last-good.cmake before
  rm tool
  expect_red "$work/tool"
  expect_not_run actor-conn.native actor-conn.wasm actor-kv.native actor-sleep.wasm
  cmp before build/ctest-matrix/demo/last-good.cmake || die 'the last good emission changed'
  printf "#!/bin/sh\n" >tool # succeeds, and says nothing
  chmod +x tool
  expect_red 'could not be generated'
  expect_not_run actor-conn.native actor-sleep.wasm
}

test_program_gone_at_first() {
  own_tool
  make_suite "$rows"
  no_earlier_emission
  rm tool
  expect_red "$work/tool"
}

test_program_comes_back() {
  own_tool
  make_suite "$rows"
  mv tool tool.away
  expect_status 8 "$CTEST" --test-dir build
  mv tool.away tool
  expect_status 0 "$CTEST" --test-dir build
  expect_equal '[x] [x]' "$(boxes actor-conn)" 'the boxes of a row that ran afterwards'
}

# The matrix breaks below our feet: what was emitted before stays, and every diagnostic is shown.
test_matrix_broken() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -N
  cp build/ctest-matrix/demo/last-good.cmake before
  sed -i 's/^  wasm: {runtime: wasm}/  wasm: {runtime: wsam}/; s/^  grace: 1s/  graze: 1s/' checkout/matrix.yaml
  local column runner
  column=$(grep -n 'wsam' checkout/matrix.yaml | cut -d: -f1)
  runner=$(grep -n 'graze' checkout/matrix.yaml | cut -d: -f1)
  expect_red "$work/checkout/matrix.yaml:$column:19: error: column 'wasm': unknown runtime 'wsam', did you mean 'wasm'?" \
    "$work/checkout/matrix.yaml:$runner:3: error: runner: unknown key 'graze', did you mean 'grace'?"
  expect_not_run actor-conn.native actor-sleep.wasm
  cmp before build/ctest-matrix/demo/last-good.cmake || die 'the last good emission changed'
}

# What a reason is made of is never taken for a part of the set-up's command.
test_reason_of_brackets_and_semicolons() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -N
  sed -i 's/^  grace: 1s/  graze: "[;]" # [\[ $ENV{HOME} "/' checkout/matrix.yaml
  expect_red 'graze: "[;]" # [[ $ENV{HOME} "'
  expect_not_run actor-conn.native actor-sleep.wasm
}

# A cell of the last good tests does not run either where the set-up was left out.
test_matrix_broken_and_fixtures_left_out() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -N
  sed -i 's/^  grace: 1s/  graze: 1s/' checkout/matrix.yaml
  local left_out
  for left_out in -FA -FS; do
    expect_status 8 "$CTEST" --test-dir build "$left_out" . -R actor-conn --output-on-failure
    expect_output '[ctest-matrix] SETUP actor-conn.native'
    expect_output "unknown key 'graze', did you mean 'grace'?"
    refute_output 'Passed'
  done
  [ ! -e checkout/trace ] || die "a cell ran: $(begun)"
  sed -i 's/^  graze: 1s/  grace: 1s/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -FA . -R actor-conn
}

# A path is never taken for CMake code.
test_paths_with_brackets() {
  make_suite "$rows"
  local build
  for build in 'b]==]' 'b]=' 'b]==])message(FATAL_ERROR [==[x'; do
    mkdir "in $build"
    cp -r checkout "in $build/"
    expect_status 0 "$CTEST_MATRIX" generate "in $build/checkout/matrix.yaml" --root "in $build/checkout" --build-dir "$build"
    expect_status 0 "$CTEST" --test-dir "$build" -R actor-conn
    expect_output '100% tests passed'
  done
}

test_matrix_broken_at_first() {
  make_suite "$rows"
  no_earlier_emission
  sed -i 's/^  grace: 1s/  graze: 1s/' checkout/matrix.yaml
  expect_red "$work/checkout/matrix.yaml:$(grep -n graze checkout/matrix.yaml | cut -d: -f1):3: error"
}

test_matrix_gone() {
  make_suite "$rows"
  rm checkout/matrix.yaml
  expect_red "$work/checkout/matrix.yaml"
  expect_not_run actor-conn.native
}

test_test_file_gone() {
  make_suite "$rows"
  rm checkout/tests/actor-kv.test.ts
  local line
  line=$(grep -n 'actor-kv' checkout/matrix.yaml | cut -d: -f1)
  expect_red "$work/checkout/matrix.yaml:$line:5: error: row 'actor-kv': the file $work/checkout/tests/actor-kv.test.ts is not there"
}

test_profile_unknown() {
  make_suite "$rows"
  export CTEST_MATRIX_PROFILE=nightly
  expect_red "unknown profile 'nightly'" 'expected default'
}

# expect_rejected DIAGNOSTIC...: exit status 3, exactly these diagnostics (without quotations), nothing written.
expect_rejected() {
  emission >before
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  # The list of all keys grows.
  grep -v '^ *[0-9]* |' output | sed 's/\(expected one of: version\), .*\(, rows\)/\1, ...\2/' >got
  printf '%s\n' "$@" | sed 's/^[0-9]*:[0-9]/checkout\/matrix.yaml:&/' >wanted
  diff -u wanted got || die 'the diagnostics'
  emission | diff - before || die 'the earlier emission was touched'
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir fresh
  [ ! -e fresh ] || die 'something was emitted from a broken matrix'
  expect_status 3 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
}

# at TEXT: line:column of the text in the matrix.
at() {
  local line before
  line=$(grep -nF -- "$1" checkout/matrix.yaml | head -n 1)
  before=${line#*:}
  before=${before%%"$1"*}
  printf '%s:%s' "${line%%:*}" $((${#before} + 1))
}

upstream_suite() {
  make_suite "$rows"
  cat >checkout/matrix.yaml <<'EOF_MATRIX'
version: 1
name: demo
axes:
  runtime: [native, wasm]
  sqlite: [local, remote]
forbid:
  - {runtime: wasm, sqlite: local, reason: wasm has no local SQLite}
columns:
  native: {runtime: native, sqlite: local}
  wasm: {runtime: wasm, sqlite: remote}
runner:
  command: [./runner.sh, "tests/{file}.test.ts", "{report}", "{cell}", "{runtime}"]
  report: vitest-json
rows:
  fast:
    actor-conn: Actor Connection Tests
    actor-kv: Actor KV Tests
EOF_MATRIX
  generate
}

test_unknown_key() {
  upstream_suite
  sed -i 's/^runner:/runer:/' checkout/matrix.yaml
  expect_rejected \
    "1:1: error: matrix: the key 'runner' is missing [M004]" \
    "$(at runer): error: matrix: unknown key 'runer', did you mean 'runner'? expected one of: version, ..., rows [M003]" \
    '2 errors in the matrix'
}

test_duplicate_row() {
  upstream_suite
  sed -i '$a\  slow:\n    actor-conn: Once more' checkout/matrix.yaml
  expect_rejected \
    "$(at 'actor-conn: Once'): error: rows: the row 'actor-conn' is there twice [M012]" \
    "$(at 'actor-conn: Actor'): note: the first one is here" \
    '1 error in the matrix'
}

test_duplicate_row_of_one_section() {
  upstream_suite
  sed -i '$a\    actor-conn: Once more' checkout/matrix.yaml
  expect_rejected \
    "$(at 'actor-conn: Once'): error: rows: the row 'actor-conn' is there twice [M012]" \
    "$(at 'actor-conn: Actor'): note: the first one is here" \
    '1 error in the matrix'
}

test_forbidden_pair() {
  upstream_suite
  sed -i 's/^  wasm: .*/  wasm: {runtime: wasm, sqlite: local}/' checkout/matrix.yaml
  local column
  column=$(grep -n '^  wasm: ' checkout/matrix.yaml | cut -d: -f1)
  expect_rejected \
    "$column:9: error: column 'wasm': this combination is forbidden: wasm has no local SQLite [M008]" \
    "$(at '{runtime: wasm, sqlite: local, reason'): note: it is forbidden here" \
    '1 error in the matrix'
}

test_unknown_placeholder() {
  upstream_suite
  sed -i 's/"{cell}"/"{engine}"/' checkout/matrix.yaml
  expect_rejected \
    "$(at '{engine}'): error: runner: command: unknown placeholder {engine}; expected one of: runtime, sqlite, file, \
path, suite, column, cell, root, worktree, worktree.number, report, tmp [M009]" \
    '1 error in the matrix'
}

test_everything_at_once() {
  upstream_suite
  sed -i 's/^forbid:/forbidden:/; s/native, sqlite: local/natve, sqlite: local/; s/vitest-json/vitest/' \
    checkout/matrix.yaml
  sed -i '$a\    actor-kv: Once more\n  medium:\n    actor-new: New' checkout/matrix.yaml
  : >checkout/tests/actor-new.test.ts
  expect_rejected \
    "$(at forbidden): error: matrix: unknown key 'forbidden', did you mean 'forbid'? expected one of: version, ..., rows [M003]" \
    "$(at natve): error: column 'native': unknown runtime 'natve', did you mean 'native'? expected one of: native, wasm \
[M007]" \
    "$(grep -n 'report: vitest' checkout/matrix.yaml | cut -d: -f1):11: error: runner: report: unknown format 'vitest', did \
you mean 'vitest-json'? expected one of: vitest-json, junit, tap, libtest, exit-code [M007]" \
    "$(at 'actor-kv: Once'): error: rows: the row 'actor-kv' is there twice [M012]" \
    "$(at 'actor-kv: Actor'): note: the first one is here" \
    "$(at medium): error: rows: unknown label 'medium'; expected one of: fast, slow, excluded [M016]" \
    '5 errors in the matrix'
}

test_no_yaml() {
  upstream_suite
  printf 'version: 1\nname: [demo\n' >checkout/matrix.yaml
  expect_rejected '3:1: error: not valid YAML: end of sequence flow not found [M001]' '1 error in the matrix'
  printf 'not a matrix\n' >checkout/matrix.yaml
  expect_rejected "1:1: error: matrix: expected a map, got 'not a matrix' [M002]" '1 error in the matrix'
  : >checkout/matrix.yaml
  expect_rejected '1:1: error: expected a matrix, got an empty file [M001]' '1 error in the matrix'
}

test_missing_file() {
  upstream_suite
  rm checkout/tests/actor-kv.test.ts
  expect_rejected \
    "$(at actor-kv): error: row 'actor-kv': the file $work/checkout/tests/actor-kv.test.ts is not there [M013]" \
    '1 error in the matrix'
}

test_unknown_profile() {
  upstream_suite
  emission >before
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build --profile fll
  expect_output "checkout/matrix.yaml: error: unknown profile 'fll'; expected default [M020]"
  emission | diff - before || die 'the earlier emission was touched'
}

test_missing_matrix() {
  expect_status 3 "$CTEST_MATRIX" generate nowhere.yaml --build-dir build
  expect_output 'there is no matrix file nowhere.yaml'
  [ ! -e build ] || die 'something was emitted without a matrix'
}

test_usage() {
  expect_status 2 "$CTEST_MATRIX"
  expect_output '`ctest-matrix --help` lists them'
  expect_status 2 "$CTEST_MATRIX" generat
  expect_output "unknown verb 'generat', did you mean 'generate'?"
  expect_status 2 "$CTEST_MATRIX" generate --build-directory build
  expect_output "generate: unknown option '--build-directory'"
  expect_status 2 "$CTEST_MATRIX" cell
  expect_output 'NAME is required'
  upstream_suite
  expect_status 2 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build --set encoding
  expect_output "expected AXIS=VALUE, got 'encoding'"
  expect_status 2 "$CTEST_MATRIX" cell actor-conn.nativ checkout/matrix.yaml --root checkout --build-dir build
  expect_output "no cell 'actor-conn.nativ', did you mean 'actor-conn.native'?"
  expect_status 0 "$CTEST_MATRIX" --help
  expect_status 0 "$CTEST_MATRIX" generate --help
  expect_output 'Usage: ctest-matrix generate'
}

run_case "$@"
