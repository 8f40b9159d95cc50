# A test file that is missing, empty, without tests, or not the one that runs.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

test_misspelt() {
  class 'file missing' 'misspelt in the command'
  command="$vitest, \"tests/{file}.tst.js\", -t, \"{filter}\""
  judged NO-TESTS 'no test'
}

test_misspelt_and_tolerated() {
  class 'file missing' 'misspelt, and the runner told to pass without tests'
  command="$vitest, --passWithNoTests, \"tests/{file}.tst.js\", -t, \"{filter}\""
  deceptive NO-TESTS 'no test'
}

test_left_out_by_configuration() {
  class 'file missing' 'left out by the configuration'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
END
  vitest_config '{"exclude":["tests/a*"],"passWithNoTests":true}'
  deceptive NO-TESTS 'no test'
}

test_missing_from_the_start() {
  class 'file missing' 'never there'
  vitest_config '{"passWithNoTests":true}'
  generate
  rm -r project/tests/a.test.js build
  alone
  tool generate
  expect_equal 3 "$status" 'the exit status of generate'
  expect_output 'tests/a.test.js is not there'
  [ ! -e build/CTestTestfile.cmake ] || die 'a matrix with an error made tests'
  note_row '**error M013**, no test is made'
}

test_removed_later() {
  class 'file missing' 'removed after the tests were made'
  vitest_config '{"passWithNoTests":true}'
  generate
  rm project/tests/a.test.js
  alone
  ours --output-on-failure
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output 'M013'
  touch project/tests/a.test.js
  expect_processed '[ ] [ ]' 'SETUP'
  note_row '**SETUP** (`suite.ready` fails)'
}

test_removed_later_and_looked_at() {
  class 'file missing' 'removed after the tests were made, and back when somebody looks'
  vitest_config '{"passWithNoTests":true}'
  generate
  rm project/tests/a.test.js
  alone
  ours
  touch project/tests/a.test.js
  tool report
  expect_box '[ ] [ ]'
  expect_in_log 'SETUP'
  note_row '**SETUP** (`suite.ready` fails)'
}

test_empty() {
  class 'file without tests' 'empty file'
  judged FAIL 'No test suite found'
}

test_empty_and_tolerated() {
  class 'file without tests' 'empty file, and the runner told to pass without tests'
  vitest_config '{"passWithNoTests":true}'
  deceptive NO-TESTS 'no test'
}

test_commented_out() {
  class 'file without tests' 'tests commented out, describe left'
  suite a <<'END'
describe("runtime (native)", () => { /* it("works", () => {}); */ });
END
  vitest_config '{"passWithNoTests":true}'
  deceptive NO-TESTS 'no test'
}

test_generated_from_nothing() {
  class 'file without tests' 'tests made from an empty list'
  suite a <<'END'
describe("runtime (native)", () => { it.each([])("works with %s", () => {}); });
describe("runtime (wasm)", () => { it("works", () => {}); });
END
  judged FAIL 'failed outside of its tests'
}

run_catalogue "$@"
