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

run_catalogue "$@"
