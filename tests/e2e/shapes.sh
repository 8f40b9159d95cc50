# The shapes of suites: test files in directories, by name and by pattern.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

of_matrix() {
  local verb=$1
  shift
  "$CTEST_MATRIX" "$verb" "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# files NAME...: test files of these rows.
files() {
  local name
  for name in "$@"; do
    mkdir -p "checkout/tests/$(dirname "$name")"
    : >"checkout/tests/$name.test.ts"
  done
}

nested_suite() {
  mkdir -p checkout/tests
  files top http/get http/v2/get lib/old/gone
  make_suite "  fast:
    http/get: Suite
    '**': {except: ['lib/**']}" "${1:-}"
  sed -i 's|"{file}"|"{path}"|' checkout/matrix.yaml
}

test_nested_rows() {
  nested_suite
  mkdir -p checkout/behaviour/http/v2
  behave http/v2/get.wasm <<<'add failed works "Error: broken"'
  expect_status 0 of_matrix list
  expect_output http/v2/get.wasm
  refute_output lib/old
  expect_status 0 "$CTEST" --test-dir build -R '^http/get.wasm$'
  expect_status 8 "$CTEST" --test-dir build
  expect_equal 'http/get.wasm http/get.native http/get.wasm http/v2/get.native http/v2/get.wasm top.native top.wasm' \
    "$(begun)" 'what ran'
  expect_equal '[x] [x]' "$(boxes http/get)" 'the boxes of a row'
  expect_equal '[x] [ ]' "$(boxes http/v2/get)" 'the boxes of the row below'
  expect_equal 'FAIL - Suite > works: Error: broken' "$(log_of http/v2/get wasm)" 'the log'
  [ -e build/ctest-matrix/demo/logs/http/v2/get.wasm.log ] || die 'no log of the cell'
  expect_status 0 of_matrix report
  expect_output 'http/v2/get'
  expect_status 0 of_matrix explain http/v2/get.wasm
  expect_output "file         $work/checkout/tests/http/v2/get.test.ts"
  expect_status 4 "$CTEST_MATRIX" run checkout/matrix.yaml only http/v2/get --root checkout --build-dir build
  expect_output 'http/v2/get.wasm: FAIL'
  sed -i 's/^- \[x\] \[x\] http\/get/- [ ] [x] http\/get/' checkout/demo-progress.md
  expect_status 0 "$CTEST" --test-dir build -R http/get -L todo -N
  expect_output 'http/get.native'
  refute_output 'http/get.wasm'
  expect_status 0 of_matrix report --html page.html
  grep -q 'http/v2/get.wasm' page.html || die 'the page does not have the cell'
}

test_wildcards_in_the_file() {
  make_suite '  fast:
    alpha: Suite'
  mkdir -p checkout/packages/{core,net}/test/deep
  : >checkout/packages/core/test/a.test.ts
  : >checkout/packages/net/test/a.test.ts
  : >checkout/packages/net/test/deep/b.test.ts
  sed -i 's|"tests/{file}.test.ts"|"{path}"|; s|^  scope|  file: packages/*/test/**/{file}.test.ts\n  scope|
    s|^    alpha: Suite|    "**":|' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'core/a.native core/a.wasm net/a.native net/a.wasm net/deep/b.native net/deep/b.wasm' "$(begun)" 'what ran'
}

test_file_of_no_row() {
  nested_suite
  files http/v2/odd 'http/[id]'
  # A matrix that names no file below http/v2 and leaves nothing out of it.
  sed -i "s|'\*\*': .*|'*':|" checkout/matrix.yaml
  run of_matrix check
  expect_equal 3 "$status" 'exit status'
  expect_output 'rows: no row names the test file tests/http/v2/odd.test.ts'
  expect_output 'rows: no row names the test file tests/lib/old/gone.test.ts'
  expect_output 'rows: no row can name the test file tests/http/[id].test.ts'
  # A pattern does not leave out what it cannot name.
  sed -i "s|'\*':|'**': {except: ['lib/**']}|" checkout/matrix.yaml
  run of_matrix list
  expect_equal 3 "$status" 'exit status'
  expect_output "the test file tests/http/[id].test.ts: expected a name of letters"
  sed -i "s|except: \['lib/\*\*'\]|except: ['lib/**', 'http/\\\\[*']|" checkout/matrix.yaml
  sed -i 's|http/get: Suite|http/get:|' checkout/matrix.yaml
  expect_status 0 of_matrix check
}

run_case "$@"
