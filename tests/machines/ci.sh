# What `init --ci` writes: the workflow of GitHub checked by its validator and run step by step in clones, the pipeline of GitLab
# run by gitlab-ci-local.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

unset CTEST_MATRIX_SHARD CTEST_MATRIX_SHARD_BY CTEST_MATRIX_DURATIONS CI
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
  echo "SKIPPED: $*"
  exit 77
}

# modules: the programs of npm, on PATH.
modules() {
  mkdir -p "$CI_MODULES"
  (
    flock 9
    [ -x "$CI_MODULES/node_modules/.bin/gitlab-ci-local" ] ||
      npm install --prefix "$CI_MODULES" --no-audit --no-fund --silent gitlab-ci-local@4.75.1 node@22 @action-validator/core@0.6.0 @action-validator/cli@0.6.0
  ) 9>"$CI_MODULES/lock" || skip 'npm cannot install gitlab-ci-local and @action-validator/cli'
  export PATH=$CI_MODULES/node_modules/.bin:$PATH
}

rows='  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests
  slow:
    delta: Delta Tests'

# make_repository CI: with what `init --ci` writes for the suite, in three shares.
make_repository() {
  export PATH=${CTEST_MATRIX%/*}:$PATH
  mkdir seed
  git -C seed init -q
  echo 'import unittest' >seed/test_x.py
  expect_status 0 "$CTEST_MATRIX" init pytest seed --no-try --ci "$1" --shares 3
  make_suite "$rows" "artifacts:
  napi:
    inputs: [runner.sh]
    outputs: [built]
    command: [sh, -c, 'echo artifact >>$work/builds; cp runner.sh built']"
  rm -rf build
  sed -i "s,^echo \"begin .*,echo \"begin \$cell\" >>'$work/trace'," checkout/runner.sh
  printf '%s\n' /trace /build/ /demo-progress.md /built /back /report /cached /passed-on /.gitlab-ci-local >checkout/.gitignore
  git -C checkout init -q -b main
  (cd seed && tar -c .github .gitlab-ci.yml 2>/dev/null || true) | tar -x -C checkout
  commit
}

commit() {
  git -C checkout add -A
  git -C checkout -c user.name=x -c user.email=x@example.org commit -qm x
}

# github [--lose JOB]
github() {
  python3 -c 'import yaml' 2>/dev/null || skip 'python3-yaml is not installed'
  run python3 "$here/workflow.py" checkout/.github/workflows/*.yml checkout "$work/github" "$@"
}

test_github() {
  modules
  make_repository github
  local file
  file=$(echo checkout/.github/workflows/*.yml)
  expect_status 0 action-validator "$file"
  github
  expect_equal 0 "$status" "the last job; $(tail -n 30 github/logs/report.log)"
  expect_equal 8 "$(grep -c '^begin' trace)" 'cells that ran'
  expect_equal 1 "$(wc -l <builds)" 'builds of the artifact'
  grep -q '| alpha |' github/report.GITHUB_STEP_SUMMARY || die 'no summary'
  [ -s github/clones/report/report/report.html ] || die 'no page'
  # Again: nothing is built, and the durations of this run split the next.
  rm -rf github/clones github/artifacts
  github
  expect_equal 0 "$status" 'the last job'
  expect_equal 1 "$(wc -l <builds)" 'builds of the artifact'
  [ -s github/clones/shares-1/passed-on/durations.json ] || die 'no durations were passed on'
  # Another attempt, of which a share is lost: what it handed back before does not stand for it.
  rm -rf github/clones
  github --lose shares-2
  expect_equal 5 "$status" 'a share is lost whose first attempt came back'
  grep -q 'the shares ended as failure' github/logs/report.log || die 'it is not said'
}

test_github_with_failures() {
  make_repository github
  mkdir -p checkout/behaviour
  echo "add failed 'breaks' 'boom ::error::x'" >checkout/behaviour/beta.wasm
  commit
  github
  expect_equal 4 "$status" 'a cell fails'
  grep -q '^::error file=tests/beta.test.ts,line=1,title=beta.wasm%3A ' github/logs/report.log || die "no annotation: $(grep :: github/logs/report.log)"
  rm -rf github trace
  github --lose shares-2
  expect_equal 4 "$status" 'a cell fails, and a share is lost'
  rm checkout/behaviour/beta.wasm
  commit
  rm -rf github
  github --lose shares-2
  expect_equal 5 "$status" 'a share is lost'
  grep -q 'share 2/3 of run 1 never came back' github/report.GITHUB_STEP_SUMMARY || die 'the summary does not name it'
}

# gitlab: the whole pipeline, jobs in shells.
gitlab() {
  (cd checkout && git remote add origin git@gitlab.example.org:group/project.git 2>/dev/null || true)
  run gitlab-ci-local --cwd checkout --force-shell-executor --shell-isolation --no-color
}

test_gitlab() {
  command -v rsync >/dev/null || skip "rsync is not installed, which gitlab-ci-local needs"
  modules
  make_repository gitlab
  gitlab
  expect_equal 0 "$status" 'the pipeline'
  expect_equal 8 "$(grep -c '^begin' trace)" 'cells that ran'
  expect_equal 8 "$(sort -u trace | wc -l)" 'different cells'
  expect_equal 1 "$(wc -l <builds)" 'builds of the artifact'
  mkdir -p checkout/behaviour
  echo "add failed 'breaks' 'boom'" >checkout/behaviour/beta.wasm
  commit
  gitlab
  [ "$status" != 0 ] || die 'a cell fails, and the pipeline passes'
  expect_output 'Gate: 1 regression'
  # A share that would run past the time of its job hands back what it has.
  # Here its time is over as soon as the cell hangs.
  grep -q '^  timeout: 2 hours$' checkout/.gitlab-ci.yml || die 'the job has another time limit'
  echo 'touch hangs; sleep 600' >checkout/behaviour/beta.wasm
  cat >over <<'EOF_OVER'
#!/bin/bash
timeout "$@" &
while kill -0 $! 2>/dev/null; do
  [ ! -e hangs ] || kill -TERM $!
  sleep 0.2
done
wait $!
EOF_OVER
  chmod +x over
  sed -i "s,timeout 110m ctest,'$work/over' 110m ctest," checkout/.gitlab-ci.yml
  grep -q "over' 110m ctest" checkout/.gitlab-ci.yml || die 'ctest has no time limit'
  echo /hangs >>checkout/.gitignore
  commit
  gitlab
  [ "$status" != 0 ] || die 'a cell never ended, and the pipeline passes'
  grep -Eq 'share ./3 of run [0-9]+ was interrupted; of its .* never run: .*beta.wasm' output || die 'the cell is not named'
}

test_rivetkit() {
  git init -q .
  touch package.json pnpm-lock.yaml
  modules
  expect_status 0 "$CTEST_MATRIX" init rivetkit .agent/ctest --ci github --shares 5
  expect_status 0 "$CTEST_MATRIX" init rivetkit .agent/ctest --ci gitlab --shares 5
  expect_status 0 action-validator .github/workflows/rivetkit.yml
  grep -q 'MATRIX: .agent/ctest/matrix.yaml' .gitlab-ci.yml
  grep -q 'share: \[1, 2, 3, 4, 5\]' .github/workflows/rivetkit.yml
  expect_status 0 gitlab-ci-local --cwd . --list
  expect_output 'rivetkit-shares'
}

run_case "$@"
