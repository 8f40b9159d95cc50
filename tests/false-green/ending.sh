# A run whose end contradicts its report.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

passing_suite() {
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
END
}

failing_suite() {
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); it("is broken", () => expect(1).toBe(2)); });
END
}

test_killed() {
  class 'killed by a signal after a good report' 'SIGKILL'
  runner <<'END'
write_report && kill -KILL $$
END
  judged CRASH 'ended by signal 9'
}

test_crashed() {
  class 'killed by a signal after a good report' 'SIGSEGV'
  runner <<'END'
write_report && kill -SEGV $$
END
  judged CRASH 'ended by signal 11'
}

test_killed_below_a_shell() {
  class 'killed by a signal after a good report' 'below a shell that exits 137'
  runner <<'END'
write_report
(kill -KILL $BASHPID)
END
  judged EXIT 'exited 137'
}

test_exit_0_ignored() {
  class 'exit 0 with failures in the report' 'exit status thrown away (`|| true`)'
  failing_suite
  command="bash, -c, '\"\$@\" || true', _, $vitest, $by_filter"
  deceptive FAIL 'expected 1 to be 2'
}

test_exit_0_pipe() {
  class 'exit 0 with failures in the report' 'exit status lost in a pipe (`| tee log`)'
  failing_suite
  command="bash, -c, '\"\$@\" | tee log', _, $vitest, $by_filter"
  deceptive FAIL 'expected 1 to be 2'
}

test_exit_0_process_exit() {
  class 'exit 0 with failures in the report' 'a teardown that calls process.exit(0)'
  failing_suite
  echo 'export const teardown = () => process.exit(0);' >project/setup.mjs
  vitest_config '{"globalSetup":"setup.mjs"}'
  deceptive FAIL 'expected 1 to be 2'
}

test_exit_0_not_successful() {
  class 'exit 0 with failures in the report' 'the report names none, but is not successful'
  runner <<'END'
write_report
sed -i 's/"success":true/"success":false/' "$report"
END
  deceptive BAD-REPORT 'calls the run failed'
}

test_exit_0_hook() {
  class 'exit 0 with failures in the report' 'a failed afterAll hook, exit status thrown away'
  suite a <<'END'
describe("runtime (native)", () => { afterAll(() => { throw new Error("not closed"); }); it("works", () => {}); });
END
  command="bash, -c, '\"\$@\" || true', _, $vitest, $by_filter"
  deceptive FAIL 'failed outside of its tests'
}

test_unhandled_rejection() {
  class 'exit 1 with all passed' 'unhandled rejection'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => { Promise.reject(new Error("nobody looks")); }); });
END
  judged EXIT 'exited 1 although its 1 test passed'
}

test_unhandled_rejection_ignored() {
  class 'exit 1 with all passed' 'unhandled rejection, ignored by the configuration'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => { Promise.reject(new Error("nobody looks")); }); });
END
  vitest_config '{"dangerouslyIgnoreUnhandledErrors":true}'
  deceptive EXIT 'exited 1 although its 1 test passed'
}

test_failing_hook() {
  class 'exit 1 with all passed' 'failing afterAll hook'
  suite a <<'END'
describe("runtime (native)", () => { afterAll(() => { throw new Error("not closed"); }); it("works", () => {}); });
END
  judged FAIL 'failed outside of its tests'
}

test_exit_code_left_behind() {
  class 'exit 1 with all passed' 'a teardown sets process.exitCode'
  passing_suite
  echo 'export const teardown = () => { process.exitCode = 3; };' >project/setup.mjs
  vitest_config '{"globalSetup":"setup.mjs"}'
  judged EXIT 'exited 3'
}

test_leaked_handle() {
  class 'exit 1 with all passed' 'a leaked handle that the runner gives up on'
  runner <<'END'
write_report
echo 'something prevents the main process from exiting' >&2
exit 1
END
  judged EXIT 'prevents the main process from exiting'
}

test_never_exits() {
  class 'never exits although the tests are done' 'a runner that waits for its server'
  timeout=8 patience=3
  runner <<'END'
write_report
sleep 1000 & wait
END
  judged TIMEOUT 'all 1 tests were reported, but the runner did not exit'
}

test_watching() {
  class 'never exits although the tests are done' 'watch mode'
  timeout=8 patience=4
  passing_suite
  command="node_modules/.bin/node, node_modules/vitest/vitest.mjs, watch, $by_filter"
  judged TIMEOUT 'did not'
}

test_left_a_process() {
  class 'never exits although the tests are done' 'leaves a daemon behind, `leaks: fail`'
  more_of_runner='leaks: fail'
  runner <<'END'
write_report
setsid -f sleep 1000 </dev/null >/dev/null 2>&1
END
  deceptive FAIL 'left 1 process behind'
  all_gone || die 'the daemon is alive'
}

test_left_a_process_reported() {
  class 'never exits although the tests are done' 'leaves a daemon behind (right: ended and named)'
  runner <<'END'
write_report
setsid -f sleep 1000 </dev/null >/dev/null 2>&1
END
  deceptive PASS 'leaked: 1'
}

run_catalogue "$@"
