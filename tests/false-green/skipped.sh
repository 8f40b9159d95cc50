# Every test skipped or todo, in ways that the matrix does not declare.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

test_describe_skip() {
  class 'every test skipped' 'describe.skip'
  suite a <<'END'
describe.skip("runtime (native)", () => { it("works", () => {}); it("still works", () => {}); });
END
  deceptive NO-TESTS 'every test of the cell (2) is skipped'
}

test_todo() {
  class 'every test skipped' 'it.todo'
  suite a <<'END'
describe("runtime (native)", () => { it.todo("works"); });
END
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_condition() {
  class 'every test skipped' 'skipped without a variable of the environment'
  suite a <<'END'
describe.skipIf(!process.env.NATIVE_BINDING)("runtime (native)", () => { it("works", () => {}); });
END
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_while_running() {
  class 'every test skipped' 'by itself, while it runs'
  suite a <<'END'
describe("runtime (native)", () => { it("works", ({ skip }) => skip("no binding")); });
END
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_in_a_hook() {
  class 'every test skipped' 'beforeEach skips'
  suite a <<'END'
describe("runtime (native)", () => { beforeEach(({ skip }) => skip()); it("works", () => {}); });
END
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_declared_but_exits_1() {
  class 'every test skipped' 'as declared, but the runner exits 1'
  row='a: {suite: a, skip: {native: there is no binding}}'
  plain_properties='SKIP_REGULAR_EXPRESSION "0 passed"'
  runner <<'END'
write_report skipped
exit 1
END
  judged NO-TESTS 'the runner exited 1'
}

test_declared() {
  class 'every test skipped' 'as declared (right: ticked, with its reason)'
  row='a: {suite: a, skip: {native: there is no binding}}'
  suite a <<'END'
describe.skip("runtime (native)", () => { it("works", () => {}); });
END
  judged SKIP 'SKIP - there is no binding'
}

test_some_while_running() {
  class 'a test skips itself while running' 'the other one passed (right: counted)'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); it("skips", ({ skip }) => skip()); });
END
  deceptive PASS 'PASS (1 tests, 1 skipped, '
}

run_catalogue "$@"
