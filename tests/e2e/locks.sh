# One cell at a time: within one ctest, and between two of them on one checkout.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests"

all_cells='alpha.native alpha.wasm beta.native beta.wasm gamma.native gamma.wasm'

# slow_cells SECONDS: every cell takes this long.
slow_cells() {
  local cell
  for cell in $all_cells; do
    behave "$cell" <<<"sleep $1; add passed one"
  done
}

# expect_one_at_a_time FILE: each cell ends before the next one begins.
expect_one_at_a_time() {
  awk '
    $1 == "begin" { if (running != "") { print $2 " began while " running " ran"; bad = 1 } running = $2 }
    $1 == "end" { if (running != $2) { print $2 " ended while " running " ran"; bad = 1 } running = "" }
    END { if (running != "") { print running " never ended"; bad = 1 } exit bad }' "$1" >overlaps ||
    die "cells at once: $(cat overlaps)"
}

# two_ctests DIRECTORY DIRECTORY: at once, both pass.
two_ctests() {
  local first second
  "$CTEST" --test-dir "$1" >first 2>&1 </dev/null &
  first=$!
  "$CTEST" --test-dir "$2" >second 2>&1 </dev/null &
  second=$!
  wait "$first" || die "the first ctest failed: $(cat first)"
  wait "$second" || die "the second ctest failed: $(cat second)"
}

test_two_build_directories() {
  make_suite "$rows"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  slow_cells 0.1
  two_ctests build build2
  expect_equal 12 "$(begun | wc -w)" 'cells that ran'
  expect_one_at_a_time checkout/trace
  expect_equal '[x] [x]' "$(boxes gamma)" 'boxes'
  expect_equal 2 "$(log_of alpha native | wc -l)" 'log lines of one cell'
}

# The same directory by another name is the same checkout.
test_through_a_link() {
  make_suite "$rows"
  ln -s checkout link
  expect_status 0 "$CTEST_MATRIX" generate link/matrix.yaml --root link --build-dir build2
  slow_cells 0.1
  two_ctests build build2
  expect_equal 12 "$(begun | wc -w)" 'cells that ran'
  expect_one_at_a_time checkout/trace
}

# Another checkout has nothing to wait for.
test_two_checkouts() {
  make_suite "$rows"
  mkdir other
  cd other
  make_suite "$rows"
  behave alpha.native <<<'until [ -e ../../go ]; do sleep 0.05; done; add passed one'
  cd ..
  "$CTEST" --test-dir other/build -R alpha.native >first 2>&1 </dev/null &
  local first=$!
  eventually 30 test -s other/checkout/trace || die 'the cell of the other checkout did not start'
  expect_status 0 "$CTEST" --test-dir build
  : >go
  wait "$first" || die "the other ctest failed: $(cat first)"
}

test_parallel_level() {
  make_suite "$rows"
  slow_cells 0.1
  behave gamma.wasm <<<'sleep 0.5; add passed one'
  CTEST_PARALLEL_LEVEL=4 expect_status 0 "$CTEST" --test-dir build
  expect_one_at_a_time checkout/trace
  expect_equal "$all_cells" "$(begun)" 'the order of the cells'
  # CTest has learned what they cost, and would take the dearest first.
  rm checkout/trace
  CTEST_PARALLEL_LEVEL=4 expect_status 0 "$CTEST" --test-dir build
  expect_equal "$all_cells" "$(begun)" 'the order of the cells, a second time'
  rm checkout/trace
  expect_status 0 "$CTEST" --test-dir build -j 4 -L native -L fast
  expect_equal 'alpha.native beta.native gamma.native' "$(begun)" 'the order of selected cells'
}

test_parallel_matrix() {
  make_suite "$rows" 'parallel: true'
  local cell
  for cell in alpha.native alpha.wasm; do
    # Each waits for the other one: alone, neither ends.
    behave "$cell" <<<'for i in $(seq 600); do [ "$(grep -c "^begin alpha" trace)" -lt 2 ] || break; sleep 0.05; done
[ "$i" -lt 600 ] && add passed together || add failed alone'
  done
  expect_status 0 "$CTEST" --test-dir build -R alpha -j 2
}

# held: a cell that runs outside of ctest until checkout/go is there; its process in $holder.
held() {
  behave gamma.wasm <<<'until [ -e go ]; do sleep 0.05; done; add passed one'
  "$CTEST_MATRIX" cell gamma.wasm checkout/matrix.yaml --root checkout --build-dir build >held 2>&1 </dev/null &
  holder=$!
  eventually 30 grep -qs 'begin gamma.wasm' checkout/trace || die 'the cell by hand did not start'
}

# seconds_later N: this many seconds after SECONDS was set to 0.
seconds_later() {
  [ "$SECONDS" -ge "$1" ]
}

# Waiting and running together are longer than CTest's time-out (20 s), whatever the machine is busy with; waiting alone
# is shorter than its bound (10 s), running alone than the launcher's deadline (17 s).
test_waiting_is_free() {
  make_suite "$rows" 'labels:
  fast: {timeout: 20}'
  held
  behave alpha.native <<<'until [ -e enough ]; do sleep 0.05; done; add passed one'
  SECONDS=0
  "$CTEST" --test-dir build -R alpha.native >output 2>&1 </dev/null &
  local ctest=$!
  eventually 60 seconds_later 7
  expect_equal gamma.wasm "$(begun)" 'cells whose runner ran while one held the checkout'
  : >checkout/go
  eventually 60 seconds_later 21
  : >checkout/enough
  wait "$ctest" || die "ctest failed: $(cat output)"
  wait "$holder" || die "the cell by hand failed: $(cat held)"
  expect_one_at_a_time checkout/trace
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes'
}

# A bounded wait, then SETUP that says who holds the checkout.
test_waiting_ends() {
  make_suite "$rows"
  held
  sed -i 's/^rows:/labels: {fast: {timeout: 6}}\n&/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'why:     SETUP - another run holds this checkout: '
  expect_output "$holder"
  expect_equal gamma.wasm "$(begun)" 'cells whose runner ran'
  kill -TERM "$holder"
  wait "$holder" || true
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
}

# Whoever held the checkout and was killed does not hold it any more: waiting for it would last longer than this test may.
test_killed_holder() {
  make_suite "$rows"
  held
  kill -KILL "$holder"
  wait "$holder" || true
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
}

# Killed while its runner still has its grace, it holds the checkout on: its guardian does, until the last process is gone.
test_killed_holder_whose_runner_goes_on() {
  make_suite "$rows"
  sed -i 's/^  grace: 1s/  grace: 3s/' checkout/matrix.yaml
  generate
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  behave gamma.wasm <<<'trap "" TERM; while sleep 0.1; do echo gamma >>beats; done'
  behave alpha.native <<<'for i in 1 2 3 4 5; do echo alpha >>beats; sleep 0.1; done; add passed one'
  "$CTEST_MATRIX" cell gamma.wasm checkout/matrix.yaml --root checkout --build-dir build >held 2>&1 </dev/null &
  holder=$!
  eventually 30 test -s checkout/beats || die 'the cell by hand did not start'
  "$CTEST" --test-dir build2 -R alpha.native >output 2>&1 </dev/null &
  local second=$!
  kill -KILL "$holder"
  wait "$holder" || true
  wait "$second" || die "the second cell failed: $(cat output)"
  expect_equal 'gamma alpha' "$(uniq checkout/beats | tr '\n' ' ' | sed 's/ $//')" 'who ran, one after the other'
}

# Launcher and guardian are killed together: whoever has the checkout next ends what they left first, also from another
# build directory, and though it has neither an environment nor a session of the run.
test_killed_holder_and_guardian() {
  make_suite "$rows"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  behave gamma.wasm <<<'env -i setsid sh -c "while sleep 0.1; do echo gamma >>$PWD/beats; done" & sleep 1000'
  behave alpha.native <<<'for i in 1 2 3 4 5; do echo alpha >>beats; sleep 0.1; done; add passed one'
  "$CTEST_MATRIX" cell gamma.wasm checkout/matrix.yaml --root checkout --build-dir build >held 2>&1 </dev/null &
  holder=$!
  eventually 30 test -s checkout/beats || die 'the cell by hand did not start'
  kill -KILL "$holder" "$(pgrep -f "^matrix-guardian of $holder\$")"
  wait "$holder" || true
  expect_status 0 "$CTEST" --test-dir build2 -R alpha.native
  expect_equal 'gamma alpha' "$(uniq checkout/beats | tr '\n' ' ' | sed 's/ $//')" 'who ran, one after the other'
}

# A guardian that was stopped holds nobody up for good, and its launcher, which is gone, is not needed to end it.
test_stopped_guardian_of_a_killed_holder() {
  make_suite "$rows"
  held
  local guardian
  guardian=$(pgrep -f "^matrix-guardian of $holder\$")
  kill -STOP "$guardian"
  kill -KILL "$holder"
  wait "$holder" || true
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
}

# A run in a container is not gone because its process numbers mean nothing here: whoever comes next waits for it.
test_holder_in_a_container() {
  local container=(unshare --pid --fork --mount-proc)
  [ "$(id -u)" = 0 ] || container=(unshare --map-root-user --pid --fork --mount-proc)
  "${container[@]}" true 2>/dev/null || { echo 'cannot be made here: a PID namespace'; exit 77; }
  make_suite "$rows"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  behave gamma.wasm <<<'until [ -e go ]; do sleep 0.1; done; add passed one'
  "${container[@]}" "$CTEST" --test-dir build -R gamma.wasm >held 2>&1 </dev/null &
  local inside=$!
  eventually 30 grep -qs 'begin gamma.wasm' checkout/trace || die 'the cell in the container did not start'
  "$CTEST" --test-dir build2 -R alpha.native >output 2>&1 </dev/null &
  local second=$!
  sleep 4 # more than its guardian would be given
  : >checkout/go
  wait "$inside" || die "the cell in the container failed: $(cat held)"
  wait "$second" || die "the second cell failed: $(cat output)"
  expect_one_at_a_time checkout/trace
}

# ctest ends while its cell waits for the checkout: the cell goes with it, and its runner never starts.
test_ctest_killed_while_its_cell_waits() {
  make_suite "$rows"
  held
  "$CTEST" --test-dir build -R alpha.native >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 pgrep -f "cell alpha.native --index $work/" >/dev/null || die 'the cell does not wait'
  kill -KILL "$ctest"
  eventually 5 no_cell_waits || die 'the cell waits on'
  : >checkout/go
  wait "$holder" || die "the cell by hand failed: $(cat held)"
  expect_equal gamma.wasm "$(begun)" 'cells whose runner ran'
}

no_cell_waits() {
  ! pgrep -f "cell alpha.native --index $work/" >/dev/null
}

# Who may only read the directory of the progress file does not keep anybody from writing it.
test_progress_locked_by_a_reader() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  flock checkout sleep 1000 &
  expect_status 0 "$CTEST" --test-dir build -R beta.native
  kill "$!"
  expect_equal '[x] [ ]' "$(boxes beta)" 'boxes'
}

# The lock lies where git keeps what is of this checkout alone.
test_place_of_the_lock() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  [ -e checkout/.ctest-matrix/cells.lock ] || die 'no lock in a checkout without git'
  # Whoever may read a file can keep others from locking it.
  expect_equal 600 "$(stat -c %a checkout/.ctest-matrix/cells.lock)" 'permissions of the lock'
  rm -r checkout/.ctest-matrix
  git -C checkout init -q
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  [ -e checkout/.git/ctest-matrix/cells.lock ] || die 'no lock in the directory of git'
  [ ! -e checkout/.ctest-matrix ] || die 'a directory that git would show'
}

run_case "$@"
