# A project that uses ctest-matrix, and what it must see however it got it.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

rows='  fast:
    alpha: Alpha Tests
  slow:
    beta: {suite: Beta Tests, timeout: 60}'

# consumer_suite [DIRECTORY]: the consumer and its checkout, by default in a path that is hard to quote; goes there.
consumer_suite() {
  place=${1:-$work/ein Prüfling}
  mkdir -p "$place"
  cd "$place"
  make_suite "$rows"
  rm -rf build
  cp -r "$source_dir"/tests/package/{consumer,nested} .
}

# configure BUILD [ARGUMENTS]: the consumer, with Ninja or with $generator.
configure() {
  local build=$1
  shift
  expect_status 0 cmake -G "${generator:-Ninja}" -S consumer -B "$build" -DCHECKOUT="$place/checkout" "$@"
}

# expect_tests BUILD PREFIX... : exactly these tests, whose names are one a line on standard input.
expect_tests() {
  local build=$1
  shift
  sort >wanted
  expect_status 0 "$CTEST" --test-dir "$build" -N "$@"
  sed -n 's/^ *Test *#[0-9]*: //p' "$work/output" | sort | diff wanted - || die "the tests of $build"
}

matrix_tests='demo.ready
alpha.native
alpha.wasm
beta.native
beta.wasm'

# expect_good BUILD [ARGUMENTS of ctest]: it has the tests of the consumer, they pass, and a failure is one.
expect_good() {
  local build=$1
  shift
  printf 'consumer.own\n%s\n' "$matrix_tests" | expect_tests "$build" "$@"
  rm -f checkout/demo-progress.md checkout/trace
  expect_status 0 "$CTEST" --test-dir "$build" --output-on-failure "$@"
  expect_output '100% tests passed, 0 tests failed out of 6'
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes of a row'
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm' "$(begun)" 'the cells that ran'
  behave beta.wasm <<<'add failed "breaks" "expected 1 to be 2"'
  expect_status 8 "$CTEST" --test-dir "$build" -L slow "$@"
  expect_equal '[x] [ ]' "$(boxes beta)" 'the boxes of a row that fails'
  rm checkout/behaviour/beta.wasm
}
