# Fewer tests ran than the file has.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

only_suite() {
  suite a <<'END'
describe("runtime (native)", () => { it.only("works", () => {}); it("is broken", () => { throw new Error("broken"); }); });
END
}

test_only() {
  class 'fewer tests than listed' '`.only` left in'
  only_suite
  deceptive FAIL 'only'
}

test_only_with_own_report() {
  class 'fewer tests than listed' '`.only` left in, the report flags written out in the matrix'
  command="$vitest, $by_filter, --reporter=json, \"--outputFile.json={report}\""
  only_suite
  deceptive FAIL 'only'
}

test_only_forbidden() {
  class 'fewer tests than listed' '`.only` left in, forbidden by the command'
  command="$vitest, --allowOnly=false, $by_filter"
  only_suite
  judged FAIL 'only'
}

test_only_elsewhere() {
  class 'fewer tests than listed' '`.only` left in another block'
  suite a <<'END'
describe("runtime (native)", () => { it("is broken", () => { throw new Error("broken"); }); });
describe.only("runtime (wasm)", () => { it("works", () => {}); });
END
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_not_collected() {
  class 'fewer tests than listed' 'the file failed to collect'
  suite a <<'END'
import "./no-such-module.js";
describe("runtime (native)", () => { it("works", () => {}); });
END
  judged FAIL 'no-such-module'
}

test_not_collected_neighbour_passed() {
  class 'fewer tests than listed' 'the file failed to collect, its neighbour passed'
  command="$vitest, \"{file}.test.js\", -t, \"{filter}\""
  suite a <<'END'
import "./no-such-module.js";
END
  suite ba <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
END
  judged FOREIGN 'ba.test.js'
}

test_neighbour_not_collected() {
  class 'fewer tests than listed' 'a neighbour failed to collect, the file passed, exit status lost'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
END
  suite ba <<'END'
throw new Error("cannot be loaded");
END
  command="bash, -c, '\"\$@\" || true', _, $vitest, \"{file}.test.js\", -t, \"{filter}\""
  deceptive FOREIGN 'ba.test.js'
}

test_numbers_disagree() {
  class 'fewer tests than listed' 'the report counts more than it lists'
  runner <<'END'
write_report
sed -i 's/"numTotalTests":1/"numTotalTests":9/' "$report"
END
  deceptive FAIL 'numTotalTests is 9, but 1 listed'
}

test_junit_numbers_disagree() {
  class 'fewer tests than listed' 'the JUnit report counts more than it lists'
  report=junit scope='runtime ({runtime})'
  runner <<'END'
cat >"$report" <<XML
<testsuites tests="3" failures="0"><testsuite name="a" tests="3" failures="0">
<testcase classname="runtime (native)" name="works"/></testsuite></testsuites>
XML
END
  deceptive FAIL '3'
}

test_tap_plan() {
  class 'fewer tests than listed' 'TAP plan longer than its tests'
  report=tap scope=''
  runner <<'END'
printf '1..3\nok 1 - works\nok 2 - works\n'
END
  deceptive FAIL '3'
}

# passed_with TITLES: the cell has passed with these tests, which a runner reports that reads them from a file that the
# matrix does not know of; a title that ends with `-` is skipped.
passed_with() {
  runner <<'END'
cases='' passed=0 skipped=0
for title in $(cat titles); do
  case $title in *-) status=skipped skipped=$((skipped + 1)) ;; *) status=passed passed=$((passed + 1)) ;; esac
  cases="$cases${cases:+,}{\"ancestorTitles\":[\"runtime (native)\"],\"title\":\"${title%-}\",\"status\":\"$status\",\"failureMessages\":[]}"
done
printf '{"numTotalTests":%s,"numPassedTests":%s,"numFailedTests":0,"numPendingTests":%s,"success":true,"startTime":%s,
"testResults":[{"name":"%s","status":"passed","message":"","assertionResults":[%s]}]}' \
  $((passed + skipped)) $passed $skipped "$(date +%s000)" "$PWD/tests/a.test.js" "$cases" >"$report"
END
  echo "$1" >project/titles
  more_of_matrix='inputs: [package.json]'
  generate
  ours
  expect_equal 0 "$ctest_status" 'the exit status of ctest'
  expect_box '[x] [ ]'
}

# reports_now TITLES
reports_now() {
  echo "$1" >project/titles
  alone
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  ours
  expect_verdict SHRUNK 'gone or skipped since the last pass, though nothing has changed: '
  note_row
}

test_gone_since_the_last_pass() {
  class 'fewer tests than listed' 'a test of the last pass is gone, nothing has changed'
  passed_with 'one two'
  reports_now 'one'
}

test_another_in_its_place() {
  class 'fewer tests than listed' 'another test runs in the place of one that the file still has'
  suite a <<'END'
describe("runtime (native)", () => { it("one", () => {}); it("two", () => {}); });
END
  passed_with 'one two'
  reports_now 'one at-12:01'
}

test_skipped_since_the_last_pass() {
  class 'fewer tests than listed' 'a test of the last pass is skipped, nothing has changed'
  passed_with 'one two'
  reports_now 'one two-'
}

test_gone_behind_a_new_build_directory() {
  class 'fewer tests than listed' 'a test of the last pass is gone, in another build directory'
  mkdir -p project/.git
  echo 'ref: refs/heads/main' >project/.git/HEAD
  passed_with 'one two three'
  rm -r build
  generate
  reports_now 'two'
}

run_catalogue "$@"
