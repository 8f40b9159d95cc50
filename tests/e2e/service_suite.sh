# A suite with a service, for the end-to-end tests: the cells ask it for its health.
# Environment: CTEST_MATRIX_CHILD, the program of tests/children, which serves /health.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"
grace=1 # seconds, of the service and of the runner

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"

# service_suite COMMAND [HEALTH] [MORE]: a service `engine` on a port chosen free; the cells ask it for its health.
service_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "$rows" "  environment: {ENGINE_PORT: '{engine.port.main}', CHILD: $CTEST_MATRIX_CHILD}
services:
  engine:
    command: $1
    ports: [main]
    environment: {CHILD: $CTEST_MATRIX_CHILD, ENGINE_PORT: '{engine.port.main}', ENGINE_DIR: '{engine.dir}'}
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: ${2:-5s}}
    grace: ${grace}s
${3:-}"
  healthy_everywhere
}

# A service that notes its starts and its process.
good='[sh, -c, "echo $$ >>$PWD/started; echo engine is up; exec $CHILD health $ENGINE_PORT"]'

healthy_everywhere() {
  local cell
  for cell in {alpha,beta}.{native,wasm}; do
    behave "$cell" <<<'. behaviour/healthy'
  done
  behave healthy <<'EOF_SNIPPET'
echo "$ENGINE_PORT" >>ports
if exec 3<>"/dev/tcp/127.0.0.1/$ENGINE_PORT" && printf 'GET /health HTTP/1.0\r\n\r\n' >&3 && read -r answer <&3 &&
  [[ $answer = *' 200 '* ]]; then
  add passed healthy
else
  add failed healthy "Error: no engine"
fi
EOF_SNIPPET
}

# fixed_suite [HEALTH]: a service with a fixed address, on the port of $port; its own command only notes its start.
fixed_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "$rows" "  environment: {ENGINE_PORT: '$port'}
services:
  engine:
    command: [sh, -c, 'echo \$\$ >>\$PWD/started; exec $CTEST_MATRIX_CHILD health $port']
    health: {url: 'http://127.0.0.1:$port${1:-/health}', interval: 100ms, timeout: 5s${2:-}}
    grace: ${grace}s"
  healthy_everywhere
}

# listening PORT
listening() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# choose_port: a port that nobody listens on, in $port.
choose_port() {
  port=$((20000 + RANDOM % 10000))
  while listening "$port"; do
    port=$((port + 1))
  done
}

# start_stranger WORDS...: the child program in the background, listening on $port; its process in $stranger.
start_stranger() {
  "$CTEST_MATRIX_CHILD" "$@" >/dev/null 2>&1 </dev/null &
  stranger=$!
  eventually 30 listening "$port" || die 'the stranger does not listen'
}

starts() {
  wc -l 2>/dev/null <checkout/started || echo 0
}

service() {
  run "$CTEST_MATRIX" service "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# status_says TEXT: the status of the service has this literal text.
status_says() {
  service status engine
  grep -qF -- "$1" output
}

cell() {
  run "$CTEST_MATRIX" cell "$1" checkout/matrix.yaml --root checkout --build-dir build
}

# gone_in_time: nothing is left, long before a service would end because of its linger.
gone_in_time() {
  # grace + 1 s is what is promised; a machine under load may be late.
  eventually $((grace + 10)) all_gone || die "left behind: $(marked_processes "$work" | xargs ps -o pid,args -p)"
}

# first_ends_before_second BUILD: a ctest on `build` and then one on BUILD, whose process is in $second, hold the service at
# once; the first has ended when this returns, the second ends once checkout/first-ended is there.
first_ends_before_second() {
  behave alpha.native <<<'until [ -e second-is-up ]; do sleep 0.05; done; . behaviour/healthy'
  behave beta.native <<<'until [ -e first-ended ]; do sleep 0.05; done; . behaviour/healthy'
  local first
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  first=$!
  eventually 30 test -s checkout/trace || die 'the first cell did not start'
  "$CTEST" --test-dir "$1" -R beta >second 2>&1 </dev/null &
  second=$!
  eventually 30 status_says "$second (" || die 'the second ctest does not hold the service'
  : >checkout/second-is-up
  wait "$first" || die "the first ctest failed: $(cat first)"
}
