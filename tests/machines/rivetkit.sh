# The embedded RivetKit example, all its legal cells, as one share and as two, three and five: each ends with the same boxes. It takes
# hours, and comes with the preset `test-all`. Environment, besides that of tests/e2e/lib.sh: ROWS, the rows to run, with a | between
# them (default: all), and COUNTS, of how many shares (default: 1 2 3 5).

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

unset CTEST_MATRIX_SHARD_BY CTEST_MATRIX_DURATIONS

# suite_verb STATUS VERB...
suite_verb() {
  expect_status "$1" "$CTEST_MATRIX" "$2" suite/matrix.yaml --root suite --build-dir suite/build --profile full "${@:3}"
}

# make_suite: the example in a checkout of its own, with a test that fails in one cell.
make_suite() {
  mkdir suite
  cp -r "$source_dir"/tests/rivetkit/{.gitignore,.npmrc,package.json,package-lock.json,vitest.config.ts,tsconfig.json,src,tests,scripts,matrix.yaml} suite/
  printf '%s\n' /build/ /node_modules/ /.agent/ >>suite/.gitignore
  if [ -n "${ROWS:-}" ]; then
    sed -i -E "/^rows:/,\$ { /^    /{ /^    ($ROWS):/!d } }" suite/matrix.yaml
    sed -i '/^check: true/d' suite/matrix.yaml
  fi
  sed -i -E "0,/expect\(/s//expect(process.env.CELL).not.toBe('actor-vars.wasm.remote.cbor'); &/" suite/tests/driver/actor-vars.test.ts
  sed -i 's/^    TMPDIR: .*/&\n    CELL: "{cell}"/' suite/matrix.yaml
  git -C suite init -q
  git -C suite add -A
  git -C suite -c user.name=x -c user.email=x@example.org commit -qm x
  suite_verb 0 generate
}

# forget: what is known of the cells, as on another machine.
forget() {
  rm -rf suite/.git/ctest-matrix suite/.agent suite/build/Testing
}

test_every_number_of_shares() {
  command -v npm >/dev/null || { echo 'SKIPPED: npm is not installed'; exit 77; }
  make_suite
  local count i cells
  COUNTS=${COUNTS:-1 2 3 5}
  cells=$("$CTEST_MATRIX" list suite/matrix.yaml --root suite --profile full --json | grep -c '"name": ')
  for count in $COUNTS; do
    mkdir "back-$count"
    for ((i = 1; i <= count; ++i)); do
      forget
      CTEST_MATRIX_PROFILE=full CTEST_MATRIX_RUN=$count CTEST_MATRIX_SHARD=$i/$count run "$CTEST" --test-dir suite/build -L '^shard$' --no-tests=error
      suite_verb 0 shard --collect "back-$count/$i"
    done
    expect_equal "$cells" "$(cat "back-$count"/*/journal.jsonl | grep -c '"kind":"cell"')" "cells that ran in $count shares"
    forget
    suite_verb 0 shard --merge "back-$count"
    grep '^- \[' suite/.agent/notes/driver-test-progress-full.md >"boxes-$count"
    suite_verb 4 report --gate
    expect_output 'Gate: 1 regression'
    cmp "boxes-${COUNTS%% *}" "boxes-$count" || die "other boxes of $count shares: $(diff "boxes-${COUNTS%% *}" "boxes-$count")"
    echo "$count shares: the boxes of $cells cells are the same, $SECONDS s from the begin"
  done
  grep -qF -- '- [x] [ ] actor-vars |' "boxes-$count" || die 'the test that fails has no open box'
}

run_case "$@"
