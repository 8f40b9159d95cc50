# Shares of the cells: every cell in exactly one, the same split on each machine, and no share that passes without a cell.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

unset CTEST_MATRIX_SHARD CTEST_MATRIX_SHARD_BY CTEST_MATRIX_DURATIONS SLURM_ARRAY_TASK_ID CI_NODE_INDEX CI_NODE_TOTAL

rows='  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests
  slow:
    delta: Delta Tests
  excluded:
    omega: {suite: Omega Tests, reason: on request}'

# share I/N [CTEST ARGUMENTS]: runs one.
share() {
  local which=$1
  shift
  run env CTEST_MATRIX_SHARD="$which" "$CTEST" --test-dir build -L '^shard$' --no-tests=error "$@"
}

test_every_cell_in_one() {
  make_suite "$rows"
  local count i
  for count in 1 2 3 5; do
    rm -f checkout/trace
    for ((i = 1; i <= count; ++i)); do
      share "$i/$count"
      [ "$status" = 0 ] || die "share $i/$count: $status"
    done
    expect_equal 8 "$(grep -c '^begin' checkout/trace)" "cells that ran in $count shares"
    expect_equal 8 "$(grep '^begin' checkout/trace | sort -u | wc -l)" "different cells in $count shares"
  done
  expect_equal '[x] [x]' "$(boxes delta)" 'the boxes'
}

# What `shard` prints is what a load runs.
test_verb_and_load_agree() {
  make_suite "$rows"
  local i
  for i in 1 2 3; do
    expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --count 3 --index $i
    grep -v '^demo:\|^durations:' output | sort >wanted
    CTEST_MATRIX_SHARD=$i/3 "$CTEST" --test-dir build -N -L '^shard$' | sed -n 's/.*Test *#[0-9]*: //p' |
      grep -v 'demo\.' | sort | diff -u wanted - || die "share $i"
  done
}

test_by_axis() {
  make_suite "$rows"
  export CTEST_MATRIX_SHARD_BY=runtime
  share 1/2
  expect_equal 0 "$status" 'the first share'
  ! grep -q 'begin.*wasm' checkout/trace || die 'the share of native ran wasm'
  share 2/2
  expect_equal 4 "$(grep -c '^begin.*wasm' checkout/trace)" 'cells of wasm'
  share 1/1
  expect_equal 8 "$status" 'fewer shares than values'
  expect_status 2 "$CTEST_MATRIX" shard checkout/matrix.yaml --build-dir build --count 3 --by runtim
  expect_output "by runtim: the matrix demo has no such axis, did you mean 'runtime'?"
}

# With a label that no test has, ctest finds none and passes.
test_no_share_passes_without_cells() {
  make_suite "$rows"
  local which
  for which in 0/3 4/3 x 3 '' ; do
    [ -n "$which" ] || continue
    run env CTEST_MATRIX_SHARD="$which" "$CTEST" --test-dir build -L '^shard$'
    expect_equal 8 "$status" "the share $which"
  done
  expect_status 2 env CTEST_MATRIX_SHARD=4/3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'CTEST_MATRIX_SHARD: expected a share from 1 to the number of shares'
  run env CTEST_MATRIX_SHARD=9/9 "$CTEST" --test-dir build -L '^shard$' --output-on-failure
  expect_equal 8 "$status" 'a share without a cell'
  expect_output 'share 9/9 of the matrix demo has no cell: 8 cells fill fewer than 9 shares'
  [ ! -e checkout/trace ] || die 'a cell ran'
  expect_status 5 "$CTEST_MATRIX" shard checkout/matrix.yaml --build-dir build --count 9
  expect_output '9/9  0ms  no cell'
}

# Two machines of a cluster with one build directory: `auto` is another share on each.
test_of_the_machine() {
  make_suite "$rows"
  export CTEST_MATRIX_SHARD=auto
  expect_status 8 "$CTEST" --test-dir build -L '^shard$'
  local i
  for i in 4 5 6; do
    expect_status 0 env SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_COUNT=3 \
      "$CTEST" --test-dir build -L '^shard$'
  done
  expect_equal 8 "$(grep -c '^begin' checkout/trace)" 'cells that ran in the array'
  rm checkout/trace
  for i in 1 2; do
    expect_status 0 env CI_NODE_INDEX=$i CI_NODE_TOTAL=2 "$CTEST" --test-dir build -L '^shard$'
  done
  expect_equal 8 "$(grep '^begin' checkout/trace | sort -u | wc -l)" 'cells that ran in the jobs of GitLab'
}

test_durations() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build \
    --write-durations checkout/durations.json
  expect_output 'wrote checkout/durations.json: 8 of 10 cells'
  sed -i 's/"alpha.native": [0-9]*/"alpha.native": 600000/' checkout/durations.json
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --count 2
  expect_output 'durations: durations.json (digest '
  expect_output ', 8 of 8 known; split '
  expect_output '1/2  10m 00s  1 cell: alpha.native'
  rm -f checkout/trace
  share 1/2
  expect_equal alpha.native "$(begun)" 'the long cell alone'
  # A load that was remembered sees another file.
  sed -i 's/"alpha.native": [0-9]*/"alpha.native": 1/' checkout/durations.json
  share 1/2
  [ "$(grep -c '^begin' checkout/trace)" -gt 2 ] || die 'the share is split as before'
  echo '{"version":1,"matrix":"other","profiles":{}}' >checkout/durations.json
  share 1/2
  expect_equal 8 "$status" 'durations of another matrix'
  run env CTEST_MATRIX_SHARD=1/2 CTEST_MATRIX_DURATIONS="$work/missing" "$CTEST" --test-dir build -L '^shard$'
  expect_equal 8 "$status" 'durations that are not there'
}

test_run_in_a_share() {
  make_suite "$rows"
  local i
  for i in 1 2; do
    expect_status 0 env CTEST_MATRIX_SHARD=$i/2 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build \
      reset
  done
  expect_equal 8 "$(grep '^begin' checkout/trace | sort -u | wc -l)" 'different cells'
  expect_equal 8 "$(grep -c '^begin' checkout/trace)" 'cells that ran'
  grep -q '"share":"2/2","split":"' "$(find checkout build -name journal.jsonl)" || die 'no record tells of its share'
}

# Artifacts that were built elsewhere: nothing is built here, and nothing else passes for them.
test_artifacts_are_passed_on() {
  local artifacts="artifacts:
  base:
    inputs: [base.in]
    outputs: [out/base]
    command: [sh, -c, 'echo base >>$work/builds; mkdir -p out; cp base.in out/base; ln -sf base out/link; chmod 755 out/base']
  napi:
    after: base
    inputs: [napi.in, out/base]
    outputs: [napi.node, out/link]
    command: [sh, -c, 'echo napi >>$work/builds; cat napi.in out/base >napi.node']"
  make_suite "$rows" "$artifacts"
  echo one >checkout/base.in
  echo two >checkout/napi.in
  git -C checkout init -q
  cp -r checkout other
  local key
  key=$("$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --key)
  expect_equal "$key" "$("$CTEST_MATRIX" shard other/matrix.yaml --root other --build-dir build-other --key)" 'the key elsewhere'
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --pack pack
  expect_equal 'base napi' "$(tr '\n' ' ' <builds | sed 's/ $//')" 'what was built'
  expect_status 0 "$CTEST_MATRIX" generate other/matrix.yaml --root other --build-dir build-other
  expect_status 0 "$CTEST_MATRIX" shard other/matrix.yaml --root other --build-dir build-other --unpack pack
  cmp checkout/napi.node other/napi.node
  [ -x other/out/base ] || die 'the mode is lost'
  expect_equal base "$(readlink other/out/link)" 'the link'
  expect_status 0 "$CTEST" --test-dir build-other
  expect_equal 2 "$(wc -l <builds)" 'builds: none elsewhere'
  # An edit is built as ever.
  echo three >other/napi.in
  expect_status 0 "$CTEST" --test-dir build-other -R alpha.native
  expect_equal napi "$(tail -n 1 builds)" 'what an edit builds'
  expect_equal three "$(head -n 1 other/napi.node)" 'the artifact'
  # Of something else, it is not taken over.
  cp other/napi.node kept
  expect_status 5 "$CTEST_MATRIX" shard other/matrix.yaml --root other --build-dir build-other --unpack pack
  expect_output 'the artifact napi was made from something else than is here: napi.in has changed'
  cmp kept other/napi.node
  head -c -1 pack >cut
  expect_status 3 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --unpack cut
  sed '1s,"path":"napi.node","path":"../napi.node",' pack >outside
  expect_status 3 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --unpack outside
  expect_output "'../napi.node' is no path below the root"
  # A link of the pack leads nowhere that later files of it would be written to.
  mkdir elsewhere
  sed '1s|"files":\[|&{"path":"out/away","link":"'"$work"'/elsewhere","mode":0,"size":0},{"path":"out/away/x","mode":420,"size":0},|' pack >linked
  expect_status 3 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --unpack linked
  expect_output "'out/away/x' lies behind a link out of the root"
  [ ! -e elsewhere/x ] || die 'it was written outside of the root'
}

test_jobs_of_a_ci() {
  make_suite "$rows"
  expect_status 0 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --format github
  expect_output '{"include":[{"cell":"alpha.native","row":"alpha","column":"native","test":"^alpha\\.native$","minutes":'
  refute_output omega
  expect_status 0 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --format gitlab
  expect_output '"TEST": "^delta\\.wasm$"'
  expect_status 2 "$CTEST_MATRIX" list checkout/matrix.yaml --format jenkins
  {
    sed '/^rows:/q' checkout/matrix.yaml
    echo '  fast:'
    seq -f '    row-%g: Row' 129
  } >many.yaml
  seq -f 'checkout/tests/row-%g.test.ts' 129 | xargs touch
  mv many.yaml checkout/matrix.yaml
  expect_status 2 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --format github
  expect_output '258 cells are more than the 256 jobs that github takes at once; give each job a share of them'
}

test_files_of_a_ci() {
  mkdir checkout
  git -C checkout init -q
  echo 'import unittest' >checkout/test_x.py
  expect_status 0 "$CTEST_MATRIX" init pytest checkout --no-try --ci github --shares 5
  grep -q '  MATRIX: matrix.yaml' checkout/.github/workflows/checkout.yml || die 'no workflow'
  grep -q 'share: \[1, 2, 3, 4, 5\]' checkout/.github/workflows/checkout.yml || die 'other shares'
  ! grep -q '@' <(sed 's/uses: [a-z/-]*@v[0-9]*//' checkout/.github/workflows/checkout.yml) || die 'a placeholder is left'
  rm checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" init pytest checkout --no-try --ci gitlab
  ! grep -q '@' checkout/.gitlab-ci.yml || die 'a placeholder is left'
  grep -q '  parallel: 4' checkout/.gitlab-ci.yml || die 'other shares'
  expect_status 2 "$CTEST_MATRIX" init pytest checkout --no-try --ci jenkins
  make_suite "$rows"
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --count 3 --slurm demo.slurm
  bash -n demo.slurm
  ! grep -q '@[A-Z]*@' demo.slurm || die 'a placeholder is left'
}

run_case "$@"
