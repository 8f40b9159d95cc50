# The suite that is tortured: four cells with an artifact and a service, which leave daemons and stubborn processes
# behind. What they are to do is in $work/plan, what they earned goes into $work/ledger, both out of reach of the strikes.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

CMAKE=${CMAKE:-cmake}
grace=1 # seconds, of the runner and of the service
cells=(alpha.native alpha.wasm beta.native beta.wasm)

# What makes a pool of the service and lets two cells run at once; what ctest is called with then.
pool='' lingering='' jobs=()
use_pool() {
  pool='
    instances: 2' lingering='
    linger: 500ms' jobs=(-j 2)
}

# What drives the cells, and what it exits with where a cell fails: ctest, or `run`, which calls that one.
driver() {
  printf '%s\0' "$CTEST" --test-dir build -V "${jobs[@]}"
}
failing=8
use_run() {
  [ -n "${TORTURE_KINDS:-}" ] || kinds+=(beneath)
  driver() {
    printf '%s\0' "$CTEST_MATRIX" run --stale --keep-going "${jobs[@]}" --matrix checkout/matrix.yaml --root checkout --build-dir build
  }
  failing=4
}

# make_tortured_suite: in the current directory, with everything ticked by a first run.
make_tortured_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  mkdir -p checkout/source checkout/built
  echo 0 >checkout/source/binding
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests" "  environment: {ENGINE_PORT: '{engine.port.main}', CHILD: $CTEST_MATRIX_CHILD, TORTURE: $work}
artifacts:
  binding:
    inputs: [source/*]
    outputs: [built/binding]
    command: [sh, -c, 'sleep 0.05; cp source/binding built/binding']
services:
  engine:
    command: [sh, -c, 'sleep \$(cat $work/delay); exec \$CHILD daemon health \$ENGINE_PORT']
    ports: [main]
    environment: {CHILD: $CTEST_MATRIX_CHILD, ENGINE_PORT: '{engine.port.main}'}
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 50ms, timeout: 20s}
    grace: ${grace}s$pool$lingering${pool:+
parallel: true}"
  local cell
  for cell in "${cells[@]}"; do
    behave "$cell" <<<'. behaviour/tortured'
  done
  behave tortured <<'EOF_SNIPPET'
if [ "$cell" = alpha.wasm ]; then
  "$CHILD" daemon fork exit 0
else
  setsid "$CHILD" ignore-term sleep </dev/null >/dev/null 2>&1 &
  trap "kill -KILL $!" EXIT
fi
sleep 0.15
add passed 'works'
if ! exec 3<>"/dev/tcp/127.0.0.1/$ENGINE_PORT" 2>/dev/null; then
  add failed 'has an engine' 'Error: no engine'
elif ! cmp -s source/binding built/binding; then
  add failed 'has a binding' 'Error: the binding is old'
elif grep -qx "$cell fail" "$TORTURE/plan"; then
  add failed 'works as planned' 'Error: planned'
fi
write_report
echo "$($success && echo pass || echo fail) $CTEST_MATRIX_RUN $cell" >>"$TORTURE/ledger"
EOF_SNIPPET
  plan_all pass
  echo 0 >"$work/delay"
  expect_status 0 tortured_run
  sed -i 's/^## Log/A note of a person.\n\n&/' checkout/demo-progress.md
}

# plan_all pass|fail|draw: what each cell does from now on; `draw`: three of four pass.
plan_all() {
  local cell outcome
  for cell in "${cells[@]}"; do
    outcome=$1
    if [ "$outcome" = draw ]; then
      draw 4
      outcome=pass
      [ "$drawn" != 0 ] || outcome=fail
    fi
    printf '%s %s\n' "$cell" "$outcome"
  done >"$work/plan"
}

# tortured_run: a run of the suite; everything below it bears TORTURE=$work in its environment.
tortured_run() {
  local command
  mapfile -d '' command < <(driver)
  env --default-signal=INT TORTURE="$work" "${command[@]}"
}
