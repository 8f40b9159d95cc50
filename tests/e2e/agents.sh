# What programs are told: `--output agent` and `--output json` of run and report, and the files of `init --agents`.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"

# agent STATUS WORDS...
agent() {
  local wanted=$1
  shift
  expect_status "$wanted" "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --output agent "$@"
}

# expect_last LINE: the last line of the output is this one.
expect_last() {
  expect_equal "$1" "$(tail -n 1 output)" 'the last line'
}

test_nothing_of_what_passes() {
  make_suite "$rows"
  rm -rf build
  agent 0
  expect_equal 'result: passed (exit 0): 4 cells passed; ALL TESTS COMPLETE' "$(cat output)" 'all that is said'
  agent 0
  expect_equal 'result: nothing ran (exit 0): 4 ticked already; ALL TESTS COMPLETE' "$(cat output)" 'nothing ran'
  agent 2 only alhpa
  expect_last 'result: error (exit 2): it could not be carried out'
  expect_output "did you mean 'alpha'?"
  : >checkout/matrix.yaml
  agent 3
  expect_last 'result: error (exit 3): it could not be carried out'
}

test_a_block_for_each_failure() {
  make_suite "$rows"
  behave beta.wasm <<<'add passed one; add failed two "Error: expected 1 to be 2\\n    at '"$work"'/checkout/tests/beta.test.ts:3:1"; touch "$PWD/colour"; printf "\033[31mred\033[0m\n"'
  agent 4 --keep-going
  cp output first
  expect_line output 'FAIL beta.wasm'
  expect_line output "at:      $work/checkout/tests/beta.test.ts:3"
  expect_line output 'test:    Suite > two'
  expect_line output '  Error: expected 1 to be 2'
  expect_line output "log:     $work/build/ctest-matrix/demo/logs/beta.wasm.log"
  expect_last 'result: failed (exit 4): 1 cell failed; 3 cells passed'
  ! grep -q $'\033' output || die 'there is colour in it'
  refute_output 'alpha'
  # The same results, the same text.
  agent 4 reset --keep-going
  cmp first output || die "it says something else: $(diff first output)"
  agent 4
  expect_last 'result: failed (exit 4): 1 cell failed; go on with `ctest-matrix run --matrix '"checkout/matrix.yaml --root checkout"'`'
}

# What narrows the cell is said by us where the runner alone has no service.
test_services() {
  # shellcheck source=service_suite.sh
  . "$source_dir/tests/e2e/service_suite.sh"
  service_suite "$good"
  sed -i 's|"{runtime}"\]|"{runtime}", "{filter}"]|; s|^  report:|  filter: "{cell}"\n  narrow: "{test}"\n  escape: none\n&|' checkout/matrix.yaml
  behave alpha.wasm <<<'add failed two "Error: broken by ${5:-}"'
  agent 4 only alpha
  expect_line output "service: $work/build/ctest-matrix/demo/logs/service.engine.log"
  local line
  line=$(sed -n 's/^narrow:  //p' output)
  expect_equal "cd $work/checkout && ctest-matrix narrow --build-dir $work/build alpha.wasm 'Suite > two'" "$line" 'the line'
  mkdir bin
  ln -s "$CTEST_MATRIX" bin/ctest-matrix
  expect_status 4 env PATH="$work/bin:$PATH" bash -c "$line"
  expect_output 'Error: broken by Suite > two'
  gone_in_time
}

# Ticks that are older than what they depend on are not complete.
test_older_ticks() {
  make_suite "$rows"
  git init -q checkout
  echo trace >checkout/.gitignore
  agent 0
  expect_last 'result: passed (exit 0): 4 cells passed; ALL TESTS COMPLETE'
  echo '// changed' >>checkout/tests/alpha.test.ts
  agent 0
  local again='ctest-matrix run --matrix checkout/matrix.yaml --root checkout'
  expect_last "result: nothing ran (exit 0): 4 ticked already; not complete (2 ticks older than what they depend on), alpha.native: test file; \`$again --stale\` runs these"
  agent 0 --stale
  expect_last 'result: passed (exit 0): 2 cells passed; ALL TESTS COMPLETE'
  echo 1 >checkout/left-by-somebody
  agent 0
  expect_output '(4 ticks older than what they depend on), alpha.native: sources (left-by-somebody);'
}

test_bounded() {
  make_suite "$rows"
  behave alpha.native <<<'for i in $(seq 300); do add failed "test number $i" "$(head -c 3000 /dev/zero | tr "\0" y)"; done'
  agent 4
  [ "$(wc -c <output)" -lt 8000 ] || die "$(wc -c <output) bytes"
  expect_output '297 more tests failing'
}

test_set_up() {
  make_suite "$rows" 'artifacts:
  binding:
    inputs: [tests/*.ts]
    outputs: [binding.out]
    command: [sh, -c, "echo no compiler here; exit 1"]'
  agent 5
  expect_output 'SETUP 4 cells did not run'
  expect_output 'no compiler here'
  expect_last 'result: set-up failed (exit 5): 4 cells did not run'
}

test_variable() {
  make_suite "$rows"
  export CTEST_MATRIX_OUTPUT=agent
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 1 "$(wc -l <output)" 'lines'
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --output people
  expect_output 'demo: 0 cells to run (4 ticked already)'
  expect_status 0 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 'report: (exit 0) 4 of 4 cells passed' "$(cat output)" 'the report'
  export CTEST_MATRIX_OUTPUT=agnet
  expect_status 2 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_output "CTEST_MATRIX_OUTPUT: unknown reader 'agnet', did you mean 'agent'?"
}

test_report() {
  make_suite "$rows"
  behave alpha.wasm <<<'add failed two "Error: broken"'
  agent 4 --keep-going
  expect_status 0 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --output agent
  expect_line output 'FAIL alpha.wasm'
  expect_last 'report: (exit 0) 3 of 4 cells passed; 1 failed (alpha.wasm)'
  : >baseline.txt
  expect_status 4 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --output agent \
    --baseline baseline.txt --gate
  expect_output 'Gate: 1 regression'
  expect_last 'report: (exit 4) 3 of 4 cells passed; 1 failed (alpha.wasm)'
}

test_events() {
  make_suite "$rows"
  behave beta.native <<<'add passed one; add failed two "Error: broken"'
  expect_status 4 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --output json
  python3 - output <<'EOF_PYTHON'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
assert all(event["version"] == 1 for event in events)
kinds = [event["event"] for event in events]
assert kinds[0] == "begin" and kinds[-1] == "end", kinds
assert events[0]["cells"] == ["alpha.native", "alpha.wasm", "beta.native", "beta.wasm"]
ends = {event["cell"]: event for event in events if event["event"] == "cell-end"}
assert ends["alpha.wasm"]["passed"] and ends["alpha.wasm"]["tests_passed"] == 2
assert not ends["beta.native"]["passed"] and ends["beta.native"]["failures"][0]["test"] == "Suite > two"
failure = next(event for event in events if event["event"] == "failure")
assert failure["cell"] == "beta.native" and failure["log"].endswith("beta.native.log")
end = events[-1]
assert end["result"] == "failed" and end["exit_code"] == 4 and not end["complete"] and not end["nothing_ran"], end
EOF_PYTHON
  expect_status 2 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --output json only alhpa
  python3 -c 'import json; assert json.loads(open("output").readlines()[-1])["exit_code"] == 2'
}

# struck SIGNAL CELL: a run that gets this signal while the cell runs.
struck() {
  make_suite "$rows"
  behave "$2" <<<'touch running; sleep 60'
  "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --output agent >output 2>&1 </dev/null &
  local pid=$!
  eventually 30 test -e checkout/running || die 'it does not run'
  kill -s "$1" "$pid"
  wait "$pid" || true
}

test_interrupted() {
  struck TERM alpha.wasm
  expect_last 'result: interrupted (exit 130): 1 of 4 cells passed; go on with `ctest-matrix run --matrix '"checkout/matrix.yaml --root checkout"'`'
}

# A run that is killed says nothing at its end.
test_killed() {
  struck KILL alpha.native
  refute_output 'result:'
}

test_files_for_agents() {
  git init -q checkout
  mkdir -p checkout/tests
  cp "$source_dir/templates/rivetkit/matrix.yaml" checkout/tests/matrix.yaml
  printf '# Notes\n' >checkout/AGENTS.md
  expect_status 0 "$CTEST_MATRIX" init rivetkit checkout/tests --agents
  skill=checkout/.claude/skills/rivetkit-tests/SKILL.md
  [ "$(wc -l <"$skill")" -le 28 ] || die "the skill has $(wc -l <"$skill") lines"
  ! grep -q '@[A-Z_]*@' "$skill" checkout/AGENTS.md || die 'a placeholder is left'
  grep -q '`ctest-matrix run --stale` runs these, too' "$skill" || die 'the skill does not say what older ticks ask for'
  expect_line "$skill" '| one runtime alone (native, wasm); both | `ctest-matrix run runtime VALUE` |'
  expect_line "$skill" '| another encoding (bare, cbor, json), which opens every box | `ctest-matrix run reset encoding VALUE` |'
  expect_output "added to $work/checkout/AGENTS.md"
  expect_line checkout/AGENTS.md '# Notes'
  expect_line checkout/AGENTS.md '## Tests of rivetkit'
  cp checkout/AGENTS.md before.md
  expect_status 0 "$CTEST_MATRIX" init rivetkit checkout/tests --agents
  cmp before.md checkout/AGENTS.md || die 'the section is there twice'
  echo mine >>"$skill"
  expect_status 3 "$CTEST_MATRIX" init rivetkit checkout/tests --agents
  expect_line "$skill" mine
}

# What the skill says to say can be said.
test_the_skill_is_right() {
  make_suite "$rows" 'known: known.txt
rules:
  no-mocks:
    forbid_text: {pattern: "mock", files: [tests/*.ts]}
    reason: tests run against real things'
  git init -q checkout
  echo trace >checkout/.gitignore
  expect_status 0 "$CTEST_MATRIX" init checkout --agents
  cd checkout
  export CTEST_MATRIX_OUTPUT=agent
  sed -n 's/^| .* | \(`ctest-matrix .*`\) |$/\1/p' .claude/skills/demo-tests/SKILL.md | tr ';' '\n' |
    sed 's/^[^`]*`ctest-matrix //; s/`.*//; s/FILE/alpha/; s/VALUE/wasm/' >../said
  [ "$(wc -l <../said)" -ge 10 ] || die "$(cat ../said)"
  while read -r line; do
    eval "expect_status 0 \"\$CTEST_MATRIX\" $line"
  done <../said
  grep -q "logs: \`build/ctest-matrix/demo/logs/\`" .claude/skills/demo-tests/SKILL.md || die 'no logs'
  [ -e build/ctest-matrix/demo/logs/alpha.wasm.log ] || die 'the logs are elsewhere'
  # It offers nothing that the matrix does not have.
  sed -i '/^known:/d; /^rules:/,/reason:/d' matrix.yaml
  rm -r .claude
  expect_status 0 "$CTEST_MATRIX" init --agents
  ! grep -E 'ctest-matrix (rule|known|narrow)' .claude/skills/demo-tests/SKILL.md || die 'it offers more than there is'
}

run_case "$@"
