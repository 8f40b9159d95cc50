# The upstream matrix of RivetKit as CTest sees it, and what a plain `ctest` notices of later edits.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

upstream=$source_dir/templates/rivetkit/matrix.yaml
package=rivetkit-typescript/packages/rivetkit

# rows_of SECTION...: the names of the rows in these sections of the matrix, in its order, without the optional ones.
rows_of() {
  local section
  for section; do
    sed -n "/^rows:/,\$p" "$upstream" | sed '/optional: true/d' | sed -n "/^  $section:/,/^  [a-z]/s/^    \([a-z-]*\):.*/\1/p"
  done
}

# make_upstream [ARGUMENTS]: the upstream matrix, its 42 empty test files in `checkout`, and the build directory.
make_upstream() {
  local row
  mkdir -p "checkout/$package/tests/driver"
  for row in $(rows_of fast slow excluded); do
    : >"checkout/$package/tests/driver/$row.test.ts"
  done
  cp "$upstream" matrix.yaml
  generate_upstream --build-dir build "$@"
}

generate_upstream() {
  expect_status 0 "$CTEST_MATRIX" generate matrix.yaml --root checkout "$@"
}

# names [ARGUMENTS of ctest]: the names of the tests that it would run, one a line; disabled ones say so.
names() {
  run "$CTEST" --test-dir build -N "$@"
  [ "$status" = 0 ] || echo "ctest exited $status" # in a subshell nothing else would end the test
  sed -n 's/^ *Test *#[0-9]*: //p' output
}

# cells [ARGUMENTS]: the same without fixtures.
cells() {
  names "$@" | grep -v '^rivetkit\.' || true
}

# count [ARGUMENTS]: how many cells ctest would run.
count() {
  cells "$@" | grep -vc '(Disabled)' || true
}

# cells_of ROW...: the names of their cells.
cells_of() {
  local row
  for row; do
    printf '%s.native\n%s.wasm\n' "$row" "$row"
  done
}

# show: one line per test of --show-only=json-v1 in `tests`, see show_tests.cmake.
show() {
  expect_status 0 "$CTEST" --test-dir build --show-only=json-v1
  mv output tests.json
  expect_status 0 cmake -DINPUT="$work/tests.json" -DOUTPUT="$work/tests" -P "$source_dir/tests/e2e/show_tests.cmake"
}

# property NAME FIELD: what `tests` says about a test.
property() {
  sed -n "s/^$1|\(.*|\)*$2=\([^|]*\)|.*/\2/p" tests
}

# line_of ROW: the line of the matrix that defines it.
line_of() {
  grep -n "^    $1:" matrix.yaml | cut -d: -f1
}

test_upstream_cells() {
  make_upstream
  expect_equal 42 "$(find checkout -name '*.test.ts' | wc -l)" 'test files'
  {
    echo rivetkit.ready
    sed -n '/^rules:/,/^rows:/s/^  \([a-z-]*\):$/rivetkit.rule.\1/p' matrix.yaml
    printf '%s\n' rivetkit.artifact.protocols rivetkit.artifact.dist rivetkit.artifact.inspector rivetkit.artifact.napi rivetkit.artifact.wasm \
      rivetkit.engine.up rivetkit.engine.down
    # shellcheck disable=SC2046
    cells_of $(rows_of fast slow)
    printf '%s (Disabled)\n' actor-agent-os.native actor-agent-os.wasm
  } >wanted
  names >got
  diff -u wanted got || die 'the tests, or their order'
  expect_equal 82 "$(count)" 'enabled cells'
}

# Rows that came later, where their files are there; one of them has nothing on native.
test_upstream_head() {
  make_upstream
  local row
  for row in conn-preflight-disconnect gateway-skip-ready-wait-client shared-matrix; do
    : >"checkout/$package/tests/driver/$row.test.ts"
  done
  expect_equal 85 "$(count)" 'enabled cells'
  expect_equal conn-preflight-disconnect.wasm "$(cells -R conn-preflight)" 'the cells of a row for wasm alone'
  cells -R shared-matrix >got
  printf '%s (Disabled)\n' shared-matrix.native shared-matrix.wasm | diff - got || die 'the excluded row'
}

test_upstream_selection() {
  make_upstream
  # shellcheck disable=SC2046
  expect_equal "$(cells_of $(rows_of fast))" "$(cells -L '^fast$')" 'the cells of -L ^fast$'
  expect_equal 62 "$(count -L '^fast$')" 'cells of -L ^fast$'
  expect_equal 62 "$(count -L fast)" 'cells of -L fast'
  expect_equal 20 "$(count -L '^slow$')" 'cells of -L ^slow$'
  expect_equal 41 "$(count -L wasm)" 'cells of -L wasm'
  expect_equal 31 "$(count -L fast -L native)" 'cells of -L fast -L native'
  expect_equal 82 "$(count -L bare)" 'cells of -L bare'
  expect_equal actor-conn.wasm "$(cells -R actor-conn.wasm)" 'the cells of -R actor-conn.wasm'
  names -R actor-conn.wasm >got
  printf '%s\n' rivetkit.ready rivetkit.artifact.protocols rivetkit.artifact.dist rivetkit.artifact.inspector rivetkit.artifact.wasm \
    rivetkit.engine.up rivetkit.engine.down actor-conn.wasm >wanted
  diff -u wanted got || die 'the fixtures of one wasm cell'
}

test_upstream_properties() {
  make_upstream
  show
  expect_equal 120 "$(property actor-conn.native timeout)" 'time-out of a fast cell'
  expect_equal 600 "$(property actor-sleep.wasm timeout)" 'time-out of a slow cell'
  expect_equal 'bare,fast,native,todo' "$(property actor-conn.native labels)" 'labels of a fast cell'
  expect_equal 'bare,slow,todo,wasm' "$(property actor-sleep.wasm labels)" 'labels of a slow cell'
  expect_equal excluded "$(property actor-agent-os.wasm labels)" 'labels of an excluded cell'
  expect_equal '' "$(property rivetkit.engine.up labels)" 'labels of a fixture'
  expect_equal 'rivetkit.artifact.dist,rivetkit.artifact.inspector,rivetkit.artifact.napi,rivetkit.artifact.protocols,rivetkit.engine,rivetkit.ready' \
    "$(property actor-conn.native required)" 'fixtures of a native cell'
  expect_equal 'rivetkit.artifact.dist,rivetkit.artifact.inspector,rivetkit.artifact.protocols,rivetkit.artifact.wasm,rivetkit.engine,rivetkit.ready' \
    "$(property actor-conn.wasm required)" 'fixtures of a wasm cell'
  expect_equal 62 "$(grep -c '|timeout=120|.*fast,' tests)" 'fast cells with 120 s'
  expect_equal 20 "$(grep -c '|timeout=600|.*slow,' tests)" 'slow cells with 600 s'
  expect_equal 77 "$(property hibernatable-websocket-protocol.wasm skip)" 'a declared skip'
  expect_equal '' "$(property hibernatable-websocket-protocol.native skip)" 'no declared skip'
  expect_equal rivetkit.serial "$(property raw-http.wasm lock)" 'the lock of a serial matrix'
}

test_upstream_places() {
  make_upstream
  show
  local row column
  for row in manager-driver actor-conn serverless-handler actor-state hibernatable-websocket-protocol actor-agent-os; do
    for column in native wasm; do
      expect_equal "$work/matrix.yaml:$(line_of "$row")" "$(property "$row.$column" place)" "the place of $row.$column"
    done
  done
  expect_equal "$work/matrix.yaml:$(grep -n '^  engine:' matrix.yaml | cut -d: -f1)" \
    "$(property rivetkit.engine.up place)" 'the place of the service'
  expect_equal "$work/matrix.yaml:$(grep -n '^  napi:' matrix.yaml | cut -d: -f1)" \
    "$(property rivetkit.artifact.napi place)" 'the place of an artifact'
}

test_ticked_by_hand() {
  make_upstream
  expect_equal 82 "$(count -L todo)" 'cells to do at first'
  expect_equal 0 "$(count -L 'done')" 'cells done at first'
  local notes=checkout/.agent/notes/driver-test-progress.md
  expect_status 0 "$CTEST_MATRIX" progress matrix.yaml --root checkout --build-dir build
  expect_line "$notes" '- [ ] [ ] actor-conn | Actor Connection Tests'
  sed -i 's/^- \[ \] \[ \] actor-conn |/- [ ] [x] actor-conn |/' "$notes"
  expect_equal 81 "$(count -L todo)" 'cells to do after a tick'
  expect_equal actor-conn.wasm "$(cells -L 'done')" 'the cells done after a tick'
  sed -i 's/^- \[ \] \[x\] actor-conn |/- [ ] [ ] actor-conn |/' "$notes"
  expect_equal 82 "$(count -L todo)" 'cells to do without the tick'
}

test_numbers_stay() {
  make_upstream
  expect_status 0 "$CTEST_MATRIX" progress matrix.yaml --root checkout --build-dir build
  names >before
  sed -i 's/^- \[ \] \[ \] actor-/- [x] [x] actor-/' checkout/.agent/notes/driver-test-progress.md
  grep -q '^- \[x\]' checkout/.agent/notes/driver-test-progress.md || die 'no box was ticked'
  CTEST_MATRIX_INCLUDE=all names | sed 's/ (Disabled)//' >after
  sed 's/ (Disabled)//' before | diff -u - after || die 'ticks or exclusions moved a test'
}

# expect_seed_command COLUMN FILTER: the seed's command to the letter, and then only flags, among them the reporter's.
expect_seed_command() {
  expect_status 0 "$CTEST_MATRIX" cell "actor-conn.$1" matrix.yaml --root checkout --build-dir build --print
  local command="cd $work/checkout/$package && pnpm test tests/driver/actor-conn.test.ts -t '$2'" flags
  flags=$(<output)
  [ "${flags#"$command" }" != "$flags" ] || die "expected the command to begin with: $command"
  flags=${flags#"$command"}
  expect_equal '' "$(tr ' ' '\n' <<<"$flags" | grep -v "^'\{0,1\}--[a-zA-Z.]*=\|^$")" 'what is no flag'
  local flag
  for flag in --reporter=default --reporter=json "'--outputFile={report}'" --allowOnly=false; do
    [[ "$flags " = *" $flag "* ]] || die "expected the flag $flag"
  done
}

test_cell_command() {
  make_upstream
  expect_seed_command native 'runtime \(native\) / sqlite \(local\) / encoding \(bare\)'
  expect_seed_command wasm 'runtime \(wasm\) / sqlite \(remote\) / encoding \(bare\)'
  expect_status 0 "$CTEST_MATRIX" cell actor-conn.wasm matrix.yaml --root checkout --build-dir build --print \
    --set encoding=cbor
  expect_output "'runtime \\(wasm\\) / sqlite \\(remote\\) / encoding \\(cbor\\)'"
  expect_status 2 "$CTEST_MATRIX" cell actor-con.wasm matrix.yaml --root checkout --build-dir build --print
  expect_output "no cell 'actor-con.wasm'"
  [ ! -e checkout/.agent ] || die 'printing a command wrote a progress file'
}

test_edited_matrix() {
  make_upstream
  sed -i 's/^    actor-conn: .*/&\n    actor-new: Actor New Tests/' matrix.yaml
  : >"checkout/$package/tests/driver/actor-new.test.ts"
  expect_equal "$(cells_of actor-new)" "$(cells -R actor-new)" 'an added row'
  expect_equal 84 "$(count)" 'cells with an added row'
  cells | sed -n '3,6p' >got
  cells_of actor-conn actor-new | diff -u - got || die 'the place of an added row'
  sed -i '/^    manager-driver:/d; /^    actor-new:/d' matrix.yaml
  expect_equal '' "$(cells -R 'manager-driver|actor-new')" 'removed rows'
  expect_equal 80 "$(count)" 'cells without a row'
}

test_excluded_row() {
  make_upstream
  cells_of actor-agent-os >wanted
  cells -L excluded >got
  sed 's/$/ (Disabled)/' wanted | diff -u - got || die 'the excluded row'
  CTEST_MATRIX_INCLUDE=actor-agent-os cells -L excluded | diff -u wanted - || die 'the excluded row, asked for'
  CTEST_MATRIX_INCLUDE=all cells -L excluded | diff -u wanted - || die 'all excluded rows, asked for'
  CTEST_MATRIX_INCLUDE=actor-conn cells -L excluded | diff -u got - || die 'another row was asked for'
}

test_full_profile() {
  make_upstream
  export CTEST_MATRIX_PROFILE=full
  expect_equal 369 "$(count)" 'cells of the full profile'
  cells -R '^actor-conn\.' >got
  {
    printf 'actor-conn.native.%s\n' {local,remote}.{bare,cbor,json}
    printf 'actor-conn.wasm.remote.%s\n' bare cbor json
  } >wanted
  diff -u wanted got || die 'the cells of one row'
  expect_equal actor-conn.wasm.remote.cbor "$(cells -R actor-conn.wasm.remote.cbor)" 'one cell of the full profile'
  unset CTEST_MATRIX_PROFILE
  expect_equal 82 "$(count)" 'cells of the default profile, afterwards'
  export CTEST_MATRIX_PROFILE=ful
  expect_status 8 "$CTEST" --test-dir build -R actor-conn.native
  grep -q "unknown profile 'ful'" build/Testing/Temporary/LastTest.log || expect_output "unknown profile 'ful'"
}

test_foreign_testfile() {
  make_upstream
  mkdir other
  printf '# of another project\nadd_test(a b)\n' >other/CTestTestfile.cmake
  cp other/CTestTestfile.cmake before
  expect_status 3 "$CTEST_MATRIX" generate matrix.yaml --root checkout --build-dir other
  expect_output "$work/other/CTestTestfile.cmake was not written by ctest-matrix and stays as it is"
  cmp before other/CTestTestfile.cmake || die 'the file was changed'
  expect_equal CTestTestfile.cmake "$(ls -A other)" 'files of the refused build directory'
}

test_generate_again() {
  make_upstream
  cp build/CTestTestfile.cmake before
  generate_upstream --build-dir build
  cmp before build/CTestTestfile.cmake || die 'the same call gives another file'
  generate_upstream --build-dir build --profile full
  expect_equal 369 "$(count)" 'cells with another profile'
}

test_two_matrices() {
  make_upstream
  cp matrix.yaml second.yaml
  expect_status 0 "$CTEST_MATRIX" generate second.yaml --root checkout --build-dir build --prefix second/
  names >got
  expect_equal 82 "$(grep -c '^[a-z-]*\.\(native\|wasm\)$' got)" 'cells of the first matrix'
  expect_equal 82 "$(grep -c '^second/[a-z-]*\.\(native\|wasm\)$' got)" 'cells of the second matrix'
  expect_equal second/rivetkit.ready "$(grep '^second/rivetkit\.ready' got)" 'a fixture of the second matrix'
  expect_equal second/actor-conn.wasm "$(names -R '^second/actor-conn.wasm' | grep actor-conn)" 'one cell'
}

test_two_matrices_of_one_name() {
  make_upstream
  sed 's/^name: rivetkit/name: second/' matrix.yaml >second.yaml
  expect_status 0 "$CTEST_MATRIX" generate second.yaml --root checkout --build-dir build
  expect_status 8 "$CTEST" --test-dir build -L fast
  tr -s ' \n' ' ' <output >said # CMake breaks lines where it likes
  grep -qF "$work/second.yaml, have 84 tests of the same name: manager-driver.native, manager-driver.wasm," said ||
    die 'the matrix and its tests are not named'
  expect_output PREFIX
  expect_equal 1 "$(grep -c 'CMake Error' output)" 'messages about the names'
}

# One of them would replace the other, in silence.
test_another_matrix_of_the_name() {
  make_upstream
  cp matrix.yaml other.yaml
  cp build/ctest-matrix/rivetkit/load.cmake before
  expect_status 3 "$CTEST_MATRIX" generate other.yaml --root checkout --build-dir build
  expect_output "$work/other.yaml: the build directory $work/build holds the tests of another matrix named 'rivetkit', $work/matrix.yaml; give one of the two another name, --prefix or --build-dir"
  cmp before build/ctest-matrix/rivetkit/load.cmake || die 'the first matrix was replaced'
  generate_upstream --build-dir build # the same one, again
  rm matrix.yaml
  expect_status 0 "$CTEST_MATRIX" generate other.yaml --root checkout --build-dir build # the first one is gone
  expect_equal 82 "$(names | grep -c '^[a-z-]*\.\(native\|wasm\)$')" 'cells of the matrix that is there'
}

run_case "$@"
