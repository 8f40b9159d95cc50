# Cells in parallel: an instance of a pool for each, and the longest first.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

all_cells='alpha.native alpha.wasm beta.native beta.wasm'

# pool_suite [MORE]: two instances; every cell notes which one it has, and that it is healthy.
pool_suite() {
  service_suite "$good" 5s "    instances: 2
${1:-}
parallel: true"
  sed -i "s/^  environment: {ENGINE_PORT/  environment: {INSTANCE: '{engine.instance}', ENGINE_DIR: '{engine.dir}', ENGINE_PORT/" checkout/matrix.yaml
  local cell
  for cell in $all_cells; do
    behave "$cell" <<<'. behaviour/noted'
  done
  behave noted <<'EOF_SNIPPET'
echo "use $INSTANCE" >>uses
echo "$INSTANCE $ENGINE_PORT $ENGINE_DIR $(env | sed -n 's/^CTEST_RESOURCE_GROUP_0_MATRIX_.*=id:\([0-9]*\),.*/\1/p')" >>instances
[ -d "$ENGINE_DIR" ] && . behaviour/healthy
[ ! -e behaviour/meanwhile ] || . behaviour/meanwhile
echo "free $INSTANCE" >>uses
EOF_SNIPPET
}

# together: of the first two cells, each waits until the other one runs too.
together() {
  behave meanwhile <<'EOF_SNIPPET'
for i in $(seq 600); do [ "$(grep -c '^begin' trace)" -lt 2 ] || break; sleep 0.05; done
[ "$i" -lt 600 ] || add failed alone
EOF_SNIPPET
}

# expect_alone: no instance was used by two cells at once.
expect_alone() {
  awk '$1 == "use" { if (used[$2]) { print $2; bad = 1 } used[$2] = 1 } $1 == "free" { used[$2] = 0 } END { exit bad }' \
    checkout/uses || die "an instance for two cells at once: $(cat checkout/uses)"
}

test_an_instance_for_each() {
  pool_suite
  together
  expect_status 0 "$CTEST" --test-dir build -j 4
  expect_equal 4 "$(wc -l <checkout/instances)" 'cells that ran'
  expect_equal 2 "$(cut -d ' ' -f 1-3 checkout/instances | sort -u | wc -l)" 'instances with port and directory'
  expect_equal '0 1' "$(cut -d ' ' -f 1 checkout/instances | sort -u | xargs)" 'instances'
  expect_equal 2 "$(cut -d ' ' -f 2 checkout/instances | sort -u | wc -l)" ports
  expect_equal 2 "$(cut -d ' ' -f 3 checkout/instances | sort -u | wc -l)" directories
  expect_equal 2 "$(starts)" 'starts of the service'
  expect_alone
  expect_equal '[x] [x] [x] [x]' "$(boxes alpha) $(boxes beta)" boxes
  gone_in_time
}

# CTest hands the instances out itself when it is told of them.
test_allocated_by_ctest() {
  pool_suite
  together
  expect_status 0 "$CTEST" --test-dir build -j 4 --resource-spec-file "$work/build/ctest-matrix/resources.json"
  expect_equal 4 "$(wc -l <checkout/instances)" 'cells that ran'
  awk '$1 != $4 { exit 1 }' checkout/instances || die "not the instance that CTest allocated: $(cat checkout/instances)"
  expect_equal '0 1' "$(cut -d ' ' -f 1 checkout/instances | sort -u | xargs)" 'instances'
  expect_alone
  gone_in_time
}

# Of a pool only what is needed is started.
test_one_cell() {
  pool_suite
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -j 4
  expect_equal 1 "$(starts)" 'starts of the service'
  gone_in_time
  service status
  expect_equal 'engine.0: stopped engine.1: stopped' "$(xargs <output)" status
}

test_two_build_directories() {
  pool_suite
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  local first second
  "$CTEST" --test-dir build -j 2 >first 2>&1 </dev/null &
  first=$!
  "$CTEST" --test-dir build2 -j 2 >second 2>&1 </dev/null &
  second=$!
  wait "$first" || die "the first ctest failed: $(cat first)"
  wait "$second" || die "the second ctest failed: $(cat second)"
  expect_equal 8 "$(wc -l <checkout/instances)" 'cells that ran'
  expect_alone
  [ "$(starts)" -le 4 ] || die "starts of the service: $(starts)"
  gone_in_time
}

test_all_in_use() {
  pool_suite
  local holder holders=() name
  for name in alpha.native alpha.wasm; do
    behave "$name" <<<'echo $$ >>pids; sleep 1000'
    "$CTEST_MATRIX" cell $name checkout/matrix.yaml --root checkout --build-dir build >"$name" 2>&1 </dev/null &
    holders+=($!)
  done
  both_run() { [ "$(wc -l 2>/dev/null <checkout/pids)" = 2 ]; }
  eventually 30 both_run || die 'the cells by hand did not start'
  sed -i 's/^rows:/labels: {fast: {timeout: 4}}\n&/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R beta.native --output-on-failure
  expect_output 'why:     SETUP - all 2 instances of the service engine are in use; waited 2'
  expect_equal '' "$(grep beta checkout/trace || true)" 'what of beta ran'
  expect_equal '[ ] [ ]' "$(boxes beta)" boxes
  for holder in "${holders[@]}"; do
    kill -TERM "$holder"
    wait "$holder" || true
  done
  gone_in_time
}

# One instance ends while its cell runs: that cell alone does not pass.
test_one_instance_killed() {
  pool_suite '    restart: true'
  behave alpha.wasm <<'EOF_SNIPPET'
. behaviour/noted
kill -KILL $(for process in /proc/[0-9]*; do tr '\0' ' ' 2>/dev/null <$process/cmdline | grep -q "health $ENGINE_PORT $" && echo ${process#/proc/}; done)
EOF_SNIPPET
  expect_status 8 "$CTEST" --test-dir build -j 2
  expect_equal '[x] [ ] [x] [x]' "$(boxes alpha) $(boxes beta)" boxes
  log_of alpha wasm | grep -qE '^FAIL - SETUP: the service engine\.[01] (ended while the cell ran|is no longer healthy)' ||
    die "the log: $(log_of alpha wasm)"
  gone_in_time
}

# A service below a script that waits for it: it outlives its guardian. All but the first wait for the file `go`; the
# processes are in `servers`.
behind_a_script='[sh, -c, "echo $$ >>$PWD/started; (until [ $(wc -l <$PWD/started) = 1 ] || [ -e $PWD/go ]; do sleep 0.05; done; exec $CHILD health $ENGINE_PORT) & echo $! >>$PWD/servers; wait"]'

# starting_instance: a cell holds the first instance, another one waits for the second, which starts until `go` is there
# and which a ctest reserves meanwhile; the cells are $holder and $waiting.
starting_instance() {
  local good=$behind_a_script
  pool_suite
  sed -i 's/timeout: 5s}/timeout: 60s}/' checkout/matrix.yaml
  behave alpha.native <<<'until [ -e done ]; do sleep 0.05; done; . behaviour/noted'
  "$CTEST_MATRIX" cell alpha.native checkout/matrix.yaml --root checkout --build-dir build >first 2>&1 </dev/null &
  holder=$!
  eventually 30 test -s checkout/trace || die 'the first cell did not start'
  "$CTEST_MATRIX" cell alpha.wasm checkout/matrix.yaml --root checkout --build-dir build >second 2>&1 </dev/null &
  waiting=$!
  both_start() { [ "$(wc -l 2>/dev/null <checkout/servers)" = 2 ]; }
  eventually 30 both_start || die 'the second instance does not start'
  service up engine
  [ "$status" = 0 ] || die 'the service is not up'
}

test_reserved_while_it_starts() {
  local holder waiting
  starting_instance
  service status
  expect_output 'engine.1: starting'
  : >checkout/go
  wait "$waiting" || die "the cell of the starting instance failed: $(cat second)"
  : >checkout/done
  wait "$holder" || die "the cell of the first instance failed: $(cat first)"
  service down engine
  gone_in_time
}

# killed_at_once PID...: without a moment for one of them to see another one go.
killed_at_once() {
  kill -STOP "$@"
  kill -KILL "$@"
}

# runs PID: it is there, and no zombie.
runs() {
  grep -qs '^State:[^Z]*$' "/proc/$1/status"
}

# orphan: supervisors and guardians are killed at once, the services live on.
orphan() {
  local process
  # shellcheck disable=SC2046 # several
  killed_at_once $(service_supervisors) $(while read -r process; do sed -n 's/^PPid:\t//p' "/proc/$process/status"; done <checkout/started)
  while read -r process; do
    runs "$process" || die 'the process is gone, there is nothing to be ended'
  done <checkout/servers
}

# Supervisor and guardian go at once, while a state that somebody else wrote may say anything of it.
test_reserved_and_orphaned() {
  local holder waiting
  starting_instance
  orphan
  : >checkout/go
  : >checkout/done
  wait "$waiting" && die 'a cell passes whose service was killed'
  wait "$holder" || true
  expect_status 0 "$CTEST" --test-dir build -j 2
  service down engine
  gone_in_time
}

# What a state says of the end of an instance is no proof that its processes are gone.
test_left_behind_a_state_that_says_stopped() {
  local good=$behind_a_script state
  pool_suite '    linger: 60s'
  : >checkout/go
  expect_status 0 "$CTEST" --test-dir build -j 2
  orphan
  for state in $(service_states); do
    sed -i 's/"phase": *"[a-z]*"/"phase": "stopped"/' "$state"
  done
  sed -i 's/linger: 60s/linger: 0s/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -j 2
  gone_in_time
}

test_ctest_killed() {
  pool_suite
  behave meanwhile <<<'echo $$ >>pids; sleep 1000'
  "$CTEST" --test-dir build -j 4 >output 2>&1 </dev/null &
  local ctest=$!
  two_run() { [ "$(wc -l 2>/dev/null <checkout/pids)" = 2 ]; }
  eventually 30 two_run || die 'the cells did not start'
  kill -KILL "$ctest"
  wait "$ctest" && die 'a killed ctest exits 0'
  gone_in_time
  rm checkout/behaviour/meanwhile checkout/uses
  expect_status 0 "$CTEST" --test-dir build -j 4
  expect_alone
  gone_in_time
}

# long_rows: a parallel matrix whose later rows take longer, as the log of its progress file tells.
long_rows() {
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests" 'parallel: true'
  cat >checkout/demo-progress.md <<'EOF_PROGRESS'
# demo progress

Started: 2026-01-31T09:05:07+01:00
Config: runtimes (native, wasm)

Each row: `[native] [wasm] <file> | <suite description>`

## Fast Tests

- [ ] [ ] alpha | Alpha Tests
- [ ] [ ] beta | Beta Tests
- [ ] [ ] gamma | Gamma Tests

## Log

- 2026-01-31T09:05:38+01:00 alpha [native]: PASS (2 tests, 840ms)
- 2026-01-31T09:05:39+01:00 beta [native]: PASS (2 tests, 31.2s)
- 2026-01-31T09:06:39+01:00 gamma [wasm]: PASS (2 tests, 4m 05s)
- 2026-01-31T09:06:39+01:00 gamma [native]: PASS (2 tests, 1m 02s, leaked: 1)
EOF_PROGRESS
}

cost_of() {
  awk -v name="$1" '$1 == name { print $2, $3 }' build/Testing/Temporary/CTestCostData.txt
}

# In a fresh build directory the log of the progress file knows; then the journal does; CTest's own word stays.
test_longest_first() {
  long_rows
  expect_status 0 "$CTEST" --test-dir build -N
  expect_equal '1 245.000' "$(cost_of gamma.wasm)" 'the seeded cost of gamma.wasm'
  expect_equal '1 31.200' "$(cost_of beta.native)" 'the seeded cost of beta.native'
  expect_equal '' "$(cost_of beta.wasm)" 'the seeded cost of a cell that nobody knows'
  # They begin together: gamma's two, before all others.
  behave gamma.native <<<'until grep -q "begin gamma.wasm" trace; do sleep 0.05; done; add passed one'
  behave gamma.wasm <<<'until grep -q "begin gamma.native" trace; do sleep 0.05; done; sleep 1.5; add passed one'
  expect_status 0 "$CTEST" --test-dir build -j 2
  expect_equal 'gamma.native gamma.wasm' "$(begun | tr ' ' '\n' | head -n 2 | sort | xargs)" 'the first cells'
  expect_equal beta.native "$(begun | cut -d ' ' -f 3)" 'the third cell'
  expect_equal 2 "$(cost_of gamma.wasm | cut -d ' ' -f 1)" 'runs of gamma.wasm that CTest knows of'
  local learned
  learned=$(cost_of gamma.wasm)
  expect_status 0 "$CTEST" --test-dir build -N
  expect_equal "$learned" "$(cost_of gamma.wasm)" 'what CTest has learned, after a load'
  # Without CTest's own data, from the journal.
  rm -r build/Testing
  expect_status 0 "$CTEST" --test-dir build -N
  [ "$(cost_of gamma.wasm | cut -d ' ' -f 2 | cut -d . -f 1)" -ge 1 ] || die "the cost of gamma.wasm: $(cost_of gamma.wasm)"
  [ "$(cost_of gamma.wasm | cut -d ' ' -f 2 | cut -d . -f 1)" -lt 245 ] || die "the cost of gamma.wasm: $(cost_of gamma.wasm)"
  expect_equal 1 "$(cost_of beta.wasm | cut -d ' ' -f 1)" 'runs of beta.wasm'
}

# One cell at a time keeps the order of the matrix.
test_serial_seeds_nothing() {
  long_rows
  sed -i '/^parallel:/d' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -N
  [ ! -e build/Testing/Temporary/CTestCostData.txt ] || die 'costs were seeded'
  expect_status 0 "$CTEST" --test-dir build -j 2
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm gamma.native gamma.wasm' "$(begun)" 'the order of the cells'
}

run_case "$@"
