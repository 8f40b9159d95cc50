# The tests as test explorers of editors show and run them: VS Code's CMake Tools and Qt Creator. The rules of each
# are in explorers.py, the ctest that they drive is the real one.
# Environment, besides that of tests/e2e/lib.sh: CTEST_MATRIX_CHILD, the program of tests/children.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"
export PATH=${CTEST%/*}:$PATH

explorer() {
  /usr/bin/python3 "$source_dir/tests/ide/explorers.py" "$@" || die "explorers.py $*"
}

# needy_suite [MORE OF THE SERVICE]: the cells ask a service for its health and read an artifact.
needy_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  make_suite "  fast:
    alpha: Alpha Tests
    alpha-two: Alpha Tests, the second
    beta: {suite: Beta Tests, skip: {wasm: no such protocol}}
  excluded:
    gamma: {suite: Gamma Tests, reason: needs a licence}" "  environment: {ENGINE_PORT: '{engine.port.main}'}
services:
  engine:
    command: [sh, -c, 'echo start >>\$PWD/started; exec $CTEST_MATRIX_CHILD health {engine.port.main}']
    ports: [main]
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 60s}
    grace: 30s
    linger: ${1:-0s}
artifacts:
  binding:
    inputs: [source]
    outputs: [built]
    command: [sh, -c, 'echo build >>builds; cp source built']"
  : >checkout/source
  local cell
  for cell in {alpha,alpha-two,beta,gamma}.{native,wasm}; do
    behave "$cell" <<<'. behaviour/needy'
  done
  behave beta.wasm <<<'add skipped one'
  behave needy <<'EOF_SNIPPET'
if [ -e built ] && exec 3<>"/dev/tcp/127.0.0.1/$ENGINE_PORT" && printf 'GET /health HTTP/1.0\r\n\r\n' >&3 &&
  read -r answer <&3 && [[ $answer = *' 200 '* ]]; then
  add passed healthy
else
  add failed healthy "Error: no engine"
fi
EOF_SNIPPET
}

# by_vs_code TEST: runs it as CMake Tools does, in the build directory, in a process of its own.
by_vs_code() {
  (cd build && "$CTEST" -j1 -C Debug -T test --output-on-failure -R "$(explorer pattern . "$1")") >said 2>&1 || true
}

test_places() {
  needy_suite
  explorer tests build >got
  local line name row at
  while read -r line name at; do
    case $name in
      demo.ready) row=version ;;
      demo.artifact.binding) row=binding ;;
      demo.engine.*) row=engine ;;
      *) row=${name%.*} ;;
    esac
    expect_equal "$work/checkout/matrix.yaml" "${at%:*}" "the file of $name"
    [[ $(sed -n "${at##*:}p" checkout/matrix.yaml) =~ ^\ *$row: ]] || die "$name leads to line ${at##*:}"
  done <got
  expect_equal 12 "$(wc -l <got)" 'the tests'
}

# A CTest that knows DEF_SOURCE_LINE is told it; to one that does not it would only cost time.
test_source_lines() {
  needy_suite
  load() {
    expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --state build/ctest-matrix/demo --load "$1"
  }
  load 3.25.1
  refute_output DEF_SOURCE_LINE
  load 3.30.0
  local row=beta line
  line=$(grep -n "^    $row:" checkout/matrix.yaml | cut -d: -f1)
  [[ $(grep -F 'set_tests_properties([=[beta.native]=]' output) = *"DEF_SOURCE_LINE [=[$work/checkout/matrix.yaml:$line]=]"* ]] ||
    die 'no place of a cell'
  expect_equal 8 "$(grep -c DEF_SOURCE_LINE output)" 'cells with their place'
}

test_tree() {
  needy_suite
  explorer tree build >got
  diff -u - got <<'EOF_TREE' || die 'the tree'
alpha/
  native
  wasm
alpha-two/
  native
  wasm
beta/
  native
  wasm
demo/
  artifact/
    binding
  engine/
    down
    up
  ready
gamma/
  native
  wasm
EOF_TREE
}

# No test of the upstream matrix, in any profile, is a group of others too: explorer.py refuses that.
test_tree_of_profiles() {
  local profile upstream=$source_dir/templates/rivetkit/matrix.yaml row
  mkdir -p checkout/rivetkit-typescript/packages/rivetkit/tests/driver
  for row in $(sed -n '/^rows:/,$s/^    \([a-z-]*\):.*/\1/p' "$upstream"); do
    : >"checkout/rivetkit-typescript/packages/rivetkit/tests/driver/$row.test.ts"
  done
  for profile in default full; do
    expect_status 0 "$CTEST_MATRIX" generate "$upstream" --root checkout --build-dir "$profile" --profile $profile
    explorer tree $profile >got
    grep -qx 'actor-conn/' got || die "the rows are no groups: $(cat got)"
  done
  [[ $(grep -A 10 -x 'actor-conn/' got) = *$'\n    remote/\n'* ]] || die 'the axes are no groups'
}

test_vs_code_runs_one_test() {
  needy_suite 60s
  expect_equal '^alpha\.n' "$(explorer pattern build alpha.native)" 'the pattern for a test'
  # One ctest for each test, in the order of the alphabet; fixtures and loading each time.
  local test
  for test in alpha-two.native alpha-two.wasm alpha.native alpha.wasm beta.native; do
    by_vs_code "$test"
    expect_equal passed "$(explorer state build "$test")" "the state of $test"
  done
  expect_equal 'alpha-two.native alpha-two.wasm alpha.native alpha.wasm beta.native' "$(begun)" 'the cells that ran'
  expect_equal build "$(cat checkout/builds)" 'builds of the artifact'
  expect_equal start "$(cat checkout/started)" 'starts of a service that lingers'
  by_vs_code beta.wasm
  expect_equal skipped "$(explorer state build beta.wasm)" 'the state of a declared skip'
  by_vs_code gamma.wasm
  expect_equal skipped "$(explorer state build gamma.wasm)" 'the state of an excluded row'
  expect_status 0 "$CTEST_MATRIX" service down engine checkout/matrix.yaml --root checkout --build-dir build --now
  eventually 60 all_gone || die "left behind: $(marked_processes "$work")"
}

test_vs_code_shows_a_failure() {
  needy_suite
  mkdir -p checkout/src
  : >checkout/src/kv.ts
  behave alpha.wasm <<'EOF_SNIPPET'
printf '\e[31mnoise.ts:7: warning: not this one\e[0m\n'
add failed breaks "AssertionError: expected 'south' to be 'north'\\n    at $PWD/tests/alpha.test.ts:23:66"
add failed 'breaks too' "Error: no such key\\n    at get ($PWD/src/kv.ts:5:9)\\n    at $PWD/tests/alpha.test.ts:31:12"
EOF_SNIPPET
  by_vs_code alpha.wasm
  expect_equal 'failed 4' "$(explorer state build alpha.wasm)" 'the state'
  explorer links build alpha.wasm >got
  diff -u - got <<EOF_LINKS || die 'the links'
$work/checkout/tests/alpha.test.ts:23: AssertionError: expected 'south' to be 'north'
$work/checkout/tests/alpha.test.ts:31: Error: no such key
EOF_LINKS
}

# What is not ready is a failure of the test that was asked for, with a reason, whatever started it.
test_vs_code_shows_a_broken_set_up() {
  needy_suite
  sed -i 's/cp source built/exit 3/' checkout/matrix.yaml
  by_vs_code alpha.native
  expect_equal 'errored Fixture dependency failed' "$(explorer state build alpha.native | sed 's/: .*//')" 'the state'
  expect_equal '' "$(begun)" 'the cells that ran'
}

# By its number, as `ctest --show-only` counts, with colours forced.
test_qt_creator_runs_one_test() {
  needy_suite
  local number
  number=$(explorer tests build | sed -n 's/^\([0-9]*\) alpha-two\.wasm .*/\1/p')
  (cd build && CLICOLOR_FORCE=1 "$CTEST" --output-on-failure --timeout 60 -I "0,0,0,$number") >said 2>&1 ||
    die "ctest failed: $(cat said)"
  explorer results said >got
  diff -u - got <<'EOF_RESULTS' || die 'what Qt Creator reads'
demo.ready Passed
demo.artifact.binding Passed
demo.engine.up Passed
alpha-two.wasm Passed
demo.engine.down Passed
EOF_RESULTS
  expect_equal alpha-two.wasm "$(begun)" 'the cells that ran'
  eventually 60 all_gone || die "left behind: $(marked_processes "$work")"
}

# What CLion and Visual Studio say is not documented; any of these ways to name one test is good.
test_by_whole_name() {
  needy_suite
  local pattern
  for pattern in '^alpha\.native$' '^(alpha\.native)$' '^alpha.native$'; do
    rm -f checkout/trace
    (cd build && "$CTEST" --extra-verbose --no-label-summary -R "$pattern") >said 2>&1 || die "ctest failed: $(cat said)"
    expect_equal alpha.native "$(begun)" "the cells that ran by $pattern"
  done
}

# Without fixtures a cell starts the service that it needs itself, and builds nothing: an old artifact is told.
test_without_fixtures() {
  needy_suite
  run "$CTEST" --test-dir build -FA '.*' -R '^alpha\.native$' --output-on-failure
  expect_equal 8 "$status" 'exit status without the artifact'
  expect_output 'SETUP - the artifact binding'
  expect_status 0 "$CTEST_MATRIX" artifact binding checkout/matrix.yaml --root checkout --build-dir build
  expect_status 0 "$CTEST" --test-dir build -FA '.*' -R '^alpha\.native$' --output-on-failure
  expect_output '100% tests passed, 0 tests failed out of 1'
  expect_equal start "$(cat checkout/started)" 'starts of the service'
  eventually 60 all_gone || die "left behind: $(marked_processes "$work")"
}

# editor_settings [DIRECTORY]: what init wrote for VS Code, as <key>=<value> lines.
editor_settings() {
  /usr/bin/python3 -c 'import json, sys
for key, value in json.load(open(sys.argv[1])).items(): print(f"{key}={value}")' checkout/.vscode/settings.json
}

test_init_writes_editor_settings() {
  mkdir -p checkout/test
  git init -q checkout
  printf '{"name": "shop"}\n' >checkout/package.json
  : >checkout/test/alpha.test.ts
  expect_status 0 "$CTEST_MATRIX" init vitest checkout/ci/driver --no-try --vscode
  expect_output "wrote $work/checkout/.vscode/settings.json"
  editor_settings >got
  diff -u - got <<'EOF_SETTINGS' || die 'the settings'
cmake.sourceDirectory=${workspaceFolder}/ci/driver
cmake.ctest.testSuiteDelimiter=[./]+
cmake.ctest.allowParallelJobs=True
cmake.ctest.parallelJobs=1
EOF_SETTINGS
  # Those of somebody are left alone.
  echo '{"editor.tabSize": 2}' >checkout/.vscode/settings.json
  expect_status 0 "$CTEST_MATRIX" init vitest checkout/other --no-try --vscode
  refute_output settings.json
  expect_equal editor.tabSize=2 "$(editor_settings)" 'the settings of somebody'
}

test_init_leaves_a_cmake_project_the_editors() {
  mkdir -p checkout/test
  git init -q checkout
  printf '{"name": "shop"}\n' >checkout/package.json
  : >checkout/test/alpha.test.ts
  : >checkout/CMakeLists.txt
  expect_status 0 "$CTEST_MATRIX" init vitest checkout/ci --no-try --vscode
  editor_settings >got
  grep -q '^cmake.ctest.testSuiteDelimiter=' got || die 'no settings'
  ! grep -q sourceDirectory got || die 'the editor would open another project'
}

run_case "$@"
