# A load of the tests that says "nothing has changed" where something has would be a false green. Each case makes a load
# that is remembered, changes one thing as quietly as that can be done, and insists that the next load sees it.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

state=build/ctest-matrix/demo

# load [CTEST VERSION]: what CTest evaluates at a load, in the file `script`.
load() {
  expect_status 0 "${program:-$CTEST_MATRIX}" generate checkout/matrix.yaml --root checkout --profile default --prefix '' \
    --state "$work/$state" --load "${1:-3.25.1}"
  mv output script
}

# make_loaded [MORE OF THE MATRIX]: a suite of alpha and beta (or $rows), loaded once. What is remembered is marked, so that a load
# that uses it can be told from one that generates.
make_loaded() {
  make_suite "${rows:-  fast:
    alpha: Alpha Tests
    beta: Beta Tests}" "${1:-}"
  load
  mark
  load
  grep -q REMEMBERED script || die 'a load of nothing new was not remembered'
}

# mark: another reason to wait in the remembered script, as long as the one before.
mark() {
  sed -i '0,/TIMEOUT 60/s//TIMEOUT REMEMBERED/; s/^\(# ctest-matrix-load \)\([0-9]*\)/\1@\2/' "$state/last-good.cmake"
  local size
  size=$(sed -n 's/^# ctest-matrix-load @0*\([0-9]*\) .*/\1/p' "$state/last-good.cmake")
  sed -i "s/^\(# ctest-matrix-load \)@[0-9]*/\1$(printf %012d $((size + 8)))/" "$state/last-good.cmake"
}

# expect_generated [TEXT]: the last load generated anew, with this text.
expect_generated() {
  ! grep -q REMEMBERED script || die 'the load was told what was remembered'
  [ -z "${1:-}" ] || grep -qF -- "$1" script || die "expected in the script: $1; it is: $(cat script)"
}

expect_remembered() {
  grep -q REMEMBERED script || die 'the load did not use what was remembered'
}

# quietly COMMAND...: changes checkout/matrix.yaml, or what is in these directories, and puts all times back.
quietly() {
  local path
  for path in checkout checkout/tests checkout/matrix.yaml; do
    touch -r "$path" "$work/time.$(basename "$path")"
  done
  "$@"
  for path in checkout checkout/tests checkout/matrix.yaml; do
    touch -r "$work/time.$(basename "$path")" "$path"
  done
}

test_same_size_and_time() {
  rows='  fast:
    alpha: {timeout: 66}'
  make_loaded
  quietly sed -i 's/66/77/' checkout/matrix.yaml
  load
  expect_generated 'TIMEOUT 77'
}

# In place, so that not even the inode tells.
test_same_inode_size_and_time() {
  local size
  make_loaded
  sed 's/    beta: Beta Tests/    alp0: Beta Tests/' checkout/matrix.yaml >new
  size=$(stat -c %s checkout/matrix.yaml)
  cp checkout/tests/beta.test.ts checkout/tests/alp0.test.ts
  load
  mark
  quietly dd if=new of=checkout/matrix.yaml conv=notrunc status=none
  expect_equal "$size" "$(stat -c %s checkout/matrix.yaml)" 'the size of the matrix'
  load
  expect_generated 'alp0.native'
}

test_included_file() {
  mkdir -p checkout
  printf 'rows:\n  slow:\n    gamma: {timeout: 66}\n' >checkout/more.yaml
  mkdir -p checkout/tests
  : >checkout/tests/gamma.test.ts
  make_loaded 'include: [more.yaml]'
  touch -r checkout/more.yaml time
  sed -i 's/66/67/' checkout/more.yaml
  touch -r time checkout/more.yaml
  load
  expect_generated 'TIMEOUT 67'
  mark
  rm checkout/more.yaml
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --profile default --prefix '' \
    --state "$work/$state" --load 3.25.1
  expect_output 'more.yaml'
}

test_file_that_a_pattern_finds() {
  mkdir -p checkout/tests
  : >checkout/tests/alpha.test.ts
  rows="  fast:
    '*': {}"
  make_loaded
  quietly touch checkout/tests/gamma.test.ts
  load
  expect_generated 'gamma.wasm'
  mark
  quietly rm checkout/tests/gamma.test.ts
  load
  expect_generated 'alpha.wasm'
  ! grep -q gamma script || die 'the file that is gone has tests'
}

test_test_file_that_goes() {
  make_loaded
  quietly rm checkout/tests/beta.test.ts
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --profile default --prefix '' \
    --state "$work/$state" --load 3.25.1
  expect_output "row 'beta'"
}

test_test_file_behind_a_link() {
  make_loaded
  mv checkout/tests/beta.test.ts elsewhere.ts
  ln -s ../../elsewhere.ts checkout/tests/beta.test.ts
  load
  mark
  load
  expect_remembered
  rm elsewhere.ts
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --profile default --prefix '' \
    --state "$work/$state" --load 3.25.1
  expect_output "row 'beta'"
}

test_ticked_box() {
  make_loaded 'progress: progress.md'
  run "$CTEST" --test-dir build -R alpha.native
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  load
  mark
  load
  expect_remembered
  touch -r checkout/progress.md time
  sed -i 's/- \[x\] \[x\] beta/- [ ] [x] beta/' checkout/progress.md
  touch -r time checkout/progress.md
  load
  expect_generated 'fast;native;todo'
}

# Nobody is left of a cell that passed before but its beginning in the journal: no file that is read has changed.
test_killed_to_the_last() {
  make_loaded
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal '[x] [ ]' "$(boxes alpha)" 'the boxes'
  behave alpha.native <<<'echo $PPID >guardian; sleep 30'
  load
  mark
  load
  expect_remembered
  "$CTEST" --test-dir build -R alpha.native >/dev/null 2>&1 </dev/null &
  local ctest=$!
  eventually 20 test -s checkout/guardian || die 'the cell did not start'
  load # in the middle: the journal does not grow any more
  mark
  # shellcheck disable=SC2046 # several
  kill -KILL "$ctest" $(pgrep -P "$ctest") "$(cat checkout/guardian)"
  wait "$ctest" || true
  load
  expect_generated
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'the boxes'
}

test_profile_and_variables() {
  make_loaded "profiles: {default: {}, other: {}}
labels: {fast: {timeout: 55}}"
  CTEST_MATRIX_PROFILE=other load
  expect_generated
  mark
  CTEST_MATRIX_PROFILE=other load
  expect_remembered
  load
  expect_generated
  mark
  printf 'alpha.native\n' >names
  CTEST_MATRIX_SELECT=$work/names load
  expect_generated ctest-matrix-run
  mark
  CTEST_MATRIX_SELECT=$work/names load
  expect_remembered
  printf 'beta.native\n' >names
  CTEST_MATRIX_SELECT=$work/names load
  expect_generated ctest-matrix-run
  CTEST_MATRIX_INCLUDE=all load
  mark
  CTEST_MATRIX_INCLUDE=alpha load
  expect_generated
}

test_another_program() {
  cp "$CTEST_MATRIX" program
  program=$work/program make_loaded
  load
  expect_generated
  mark
  load
  expect_remembered
  program=$work/program load
  expect_generated
  mark
  touch program
  program=$work/program load
  expect_generated
}

test_another_ctest() {
  make_loaded
  load 3.30.0
  expect_generated DEF_SOURCE_LINE
  mark
  load 3.30.0
  expect_remembered
  load
  expect_generated
}

test_index_that_goes() {
  make_loaded
  rm "$state"/cells-*
  load
  expect_generated
  [ -n "$(ls "$state"/cells-*)" ] || die 'no index'
}

test_cut_off() {
  local size
  make_loaded
  for size in 0 1 700 -1; do
    truncate -s "$([ "$size" -ge 0 ] && echo "$size" || echo "-1")" "$state/last-good.cmake"
    load
    expect_generated beta.wasm
    mark
  done
}

# The tests of a last good script that is cut off are not taken for all of them.
test_cut_off_and_broken() {
  make_loaded
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  sed -i '/set(_ctest_matrix_names/,$d' "$state/last-good.cmake"
  echo 'oops: [' >>checkout/matrix.yaml
  run "$CTEST" --test-dir build -N
  [ "$status" != 0 ] || die 'a script that was cut off is as good as none'
}

test_two_at_once() {
  local i profile
  make_loaded "profiles: {default: {}, other: {}}"
  rm "$state/last-good.cmake"
  for profile in default other; do
    CTEST_MATRIX_PROFILE=$profile load
    cp script "wanted.$profile"
  done
  for i in {1..24}; do
    profile=$([ $((i % 3)) = 0 ] && echo other || echo default)
    CTEST_MATRIX_PROFILE=$profile "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --profile default \
      --prefix '' --state "$work/$state" --load 3.25.1 >"got.$i.$profile" &
  done
  wait
  for i in got.*; do
    cmp "$i" "wanted.${i##*.}" || die "$i is not what was asked for"
  done
}

# The profile whose tests ran is that of the last load, also when that one was told what was remembered.
test_failed_load_between() {
  make_loaded "profiles: {default: {}, other: {}}"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  load
  mark
  sed -i '1s/default/other/' "$state/last-load"
  load
  expect_generated
  expect_equal default "$(head -n 1 "$state/last-load")" 'the profile of the last load'
}

# What `ctest -N` leaves is no run.
loads() {
  pgrep -f "generate $work/.* --load" >/dev/null
}

loads_no_more() {
  ! loads
}

# ctest ends while its load waits for somebody who takes over an old journal: the load goes with it.
test_ctest_killed_while_it_loads() {
  mkdir checkout
  git -C checkout init -q
  make_suite "  fast:
    alpha: Alpha Tests"
  expect_status 0 "$CTEST" --test-dir build
  local evidence=checkout/.git/ctest-matrix/demo
  cp "$evidence/journal.jsonl" build/ctest-matrix/demo/journal.jsonl
  python3 -c 'import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(1000)' "$evidence/adopt.lock" >held &
  local holder=$!
  eventually 30 test -s held || die 'the lock is not held'
  "$CTEST" --test-dir build -N >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 loads || die "nothing is loaded: $(cat output)"
  kill -KILL "$ctest"
  wait "$ctest" && die 'a killed ctest exits 0'
  eventually 5 loads_no_more || die 'the load goes on'
  kill "$holder"
}

test_listed_twice() {
  make_loaded
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  run "$CTEST" --test-dir build -N
  mark
  run "$CTEST" --test-dir build -N
  run "$CTEST" --test-dir build -N
  grep -q REMEMBERED "$state/last-good.cmake" || die 'a listing is no reason to generate'
  run "$CTEST" --test-dir build
  run "$CTEST" --test-dir build -N
  ! grep -q REMEMBERED "$state/last-good.cmake" || die 'a run has to be taken in'
}

run_case "$@"
