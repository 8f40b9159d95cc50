# Passed, but only when tried again; and snapshots that a run wrote for itself.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

test_retry() {
  class 'passed only on retry' '`retry: 2` (right: ticked, marked flaky)'
  suite a <<'END'
let tries = 0;
describe("runtime (native)", () => { it("works", () => expect(++tries).toBe(2)); });
END
  vitest_config '{"retry":2}'
  deceptive PASS 'flaky'
}

test_retry_and_fail() {
  class 'passed only on retry' 'one test on retry, the other never'
  suite a <<'END'
let tries = 0;
describe("runtime (native)", () => {
  it("works at last", () => expect(++tries).toBe(2));
  it("never works", () => expect(1).toBe(2));
});
END
  vitest_config '{"retry":1}'
  judged FAIL 'never works'
}

test_repeat_until_pass() {
  class 'passed only on retry' '`ctest --repeat until-pass:3` (right: the failure stays in the log)'
  runner <<'END'
if [ -e tried ]; then write_report; else touch tried && write_report failed && exit 1; fi
END
  generate
  alone --repeat until-pass:3
  rm project/tried
  ours --repeat until-pass:3
  expect_verdict PASS 'a [native]: FAIL - works'
  expect_in_log 'a [native]: PASS'
  note_row '**FAIL**, then **PASS**'
}

snapshot_suite() {
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => expect({ one: 1 }).toMatchSnapshot()); });
END
}

# snapshots FILE: of tests/FILE, from standard input.
snapshots() {
  mkdir -p project/tests/__snapshots__
  { printf '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\n'; cat; } \
    >"project/tests/__snapshots__/$1.test.js.snap"
}

# pristine [MORE ARGUMENTS]: a command that first takes back what the runner wrote, so that each column of the table
# meets the same files.
pristine() {
  cp -r project/tests pristine
  command="bash, -c, 'rm -rf tests && cp -r ../pristine tests && \"\$@\"', _, $vitest, $by_filter${1:-}"
}

test_snapshot_written() {
  class 'snapshot written' 'a new one, by toMatchSnapshot'
  snapshot_suite
  pristine
  deceptive FAIL 'snapshots written: 1'
}

test_snapshot_written_inline() {
  class 'snapshot written' 'a new one, into the test file'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => { expect({ one: 1 }).toMatchInlineSnapshot(); }); });
END
  pristine
  deceptive FAIL 'snapshots written: 1'
}

test_snapshot_updated() {
  class 'snapshot written' 'a wrong one overwritten (`--update`)'
  snapshot_suite
  snapshots a <<'END'
exports[`runtime (native) > works 1`] = `
{
  "one": 2,
}
`;
END
  pristine ', --update'
  deceptive FAIL 'snapshots updated: 1'
}

test_snapshot_obsolete() {
  class 'snapshot obsolete' 'its test asks for it no more'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
END
  snapshots a <<'END'
exports[`runtime (native) > works 1`] = `1`;
END
  pristine
  deceptive FAIL 'snapshots obsolete: 1'
}

run_catalogue "$@"
