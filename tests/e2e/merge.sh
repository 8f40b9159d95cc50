# What several machines bring back: in any order the same, and nothing that is lost, of something else or contradictory passes.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows='  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests
  slow:
    delta: Delta Tests'

profile=()

# make_origin: a repository that machines clone.
make_origin() {
  mkdir -p checkout/tests checkout/behaviour
  make_suite "$rows"
  rm -rf build
  printf '%s\n' trace build/ demo-progress.md >checkout/.gitignore
  commit checkout
  mv checkout origin
}

# commit DIR: everything in it.
commit() {
  [ -d "$1/.git" ] || git init -q "$1"
  git -C "$1" add -A
  git -C "$1" -c user.name=x -c user.email=x@example.org commit -qm x
}

# machine NAME: a clone of its own, with a build directory.
machine() {
  git clone -q origin "$1"
  [ ! -d origin/behaviour ] || cp -r origin/behaviour "$1/"
  expect_status 0 "$CTEST_MATRIX" generate "$1/matrix.yaml" --root "$1" --build-dir "$1/build" "${profile[@]}"
}

# share I/N [CTEST ARGUMENTS]: runs on a machine of its own; journal and JUnit are in `back`.
share() {
  local name=share-${1%/*}
  machine "$name"
  run env CTEST_MATRIX_SHARD="$1" "$CTEST" --test-dir "$name/build" -L '^shard$' --no-tests=error \
    --output-junit "$work/back/$name.xml"
  mkdir -p back
  cp "$name/.git/ctest-matrix/demo/journal.jsonl" "back/$name.jsonl"
}

# merge NAME FILES: on a machine of its own.
merge() {
  local name=$1 file
  shift
  machine "$name"
  local -a arguments=()
  for file in "$@"; do
    case $file in
      *.xml) arguments+=(--junit "$file") ;;
      *) arguments+=(--journal "$file") ;;
    esac
  done
  expect_status 0 "$CTEST_MATRIX" progress "$name/matrix.yaml" --root "$name" --build-dir "$name/build" "${profile[@]}" "${arguments[@]}"
}

# report NAME ARGUMENTS
report() {
  local name=$1
  shift
  run "$CTEST_MATRIX" report "$name/matrix.yaml" --root "$name" --build-dir "$name/build" "${profile[@]}" "$@"
}

test_any_order() {
  make_origin
  mkdir back
  local i
  for i in 1 2 3; do
    share $i/3
    [ "$status" = 0 ] || die "share $i: $status"
  done
  merge one back/share-1.jsonl back/share-2.jsonl back/share-3.jsonl
  merge two back/share-3.jsonl back/share-1.jsonl back/share-2.jsonl back/share-1.jsonl
  merge three back/share-2.xml back/share-3.xml back/share-1.xml back/share-3.jsonl back/share-2.jsonl back/share-1.jsonl
  merge four back/share-3.xml back/share-1.xml back/share-2.xml
  merge five back/share-1.xml back/share-2.xml back/share-3.xml
  cmp one/demo-progress.md two/demo-progress.md
  cmp one/demo-progress.md three/demo-progress.md
  cmp one/.git/ctest-matrix/demo/journal.jsonl two/.git/ctest-matrix/demo/journal.jsonl
  cmp one/.git/ctest-matrix/demo/journal.jsonl three/.git/ctest-matrix/demo/journal.jsonl
  cmp four/demo-progress.md five/demo-progress.md
  cmp four/.git/ctest-matrix/demo/journal.jsonl five/.git/ctest-matrix/demo/journal.jsonl
  expect_equal 4 "$(grep -c '^- \[x\] \[x\]' one/demo-progress.md)" 'rows with both boxes ticked'
  report one --gate
  expect_equal 0 "$status" 'the gate'
  refute_output 'share '
}

# The file that the newest share makes begins with that one's first result: those before it count, too.
test_one_after_another() {
  make_origin
  mkdir back
  local i
  for i in 1 2 3; do
    share $i/3
    [ "$status" = 0 ] || die "share $i: $status"
    sleep 1.1 # the file knows whole seconds
  done
  merge together back/*.jsonl
  machine apart
  for i in 3 1 2; do
    run "$CTEST_MATRIX" progress apart/matrix.yaml --root apart --build-dir apart/build --journal back/share-$i.jsonl
    [ "$status" = 0 ] || die "share $i: $status"
    refute_output 'older'
  done
  cmp <(grep -v '^- [0-9]' together/demo-progress.md) <(grep -v '^- [0-9]' apart/demo-progress.md)
  expect_equal 4 "$(grep -c '^- \[x\] \[x\]' apart/demo-progress.md)" 'rows with both boxes ticked'
  report apart --gate
  expect_equal 0 "$status" 'the gate'
}

# Where only the progress files came back.
test_progress_files() {
  make_origin
  mkdir back
  local i name
  for i in 1 2; do
    share $i/2
    cp share-$i/demo-progress.md back/share-$i.md
  done
  for name in one two; do
    machine $name
  done
  expect_status 0 "$CTEST_MATRIX" progress one/matrix.yaml --root one --build-dir one/build \
    --progress-file back/share-1.md --progress-file back/share-2.md
  expect_status 0 "$CTEST_MATRIX" progress two/matrix.yaml --root two --build-dir two/build \
    --progress-file back/share-2.md --progress-file back/share-1.md
  cmp one/demo-progress.md two/demo-progress.md
  cmp one/.git/ctest-matrix/demo/journal.jsonl two/.git/ctest-matrix/demo/journal.jsonl
  expect_equal 4 "$(grep -c '^- \[x\] \[x\]' one/demo-progress.md)" 'rows with both boxes ticked'
  report one --gate
  expect_equal 5 "$status" 'the gate: nothing says on what the ticks rest'
  # The journals say it, and nothing is told twice.
  expect_status 0 "$CTEST_MATRIX" progress one/matrix.yaml --root one --build-dir one/build \
    --journal back/share-1.jsonl --journal back/share-2.jsonl
  report one --gate
  expect_equal 0 "$status" 'the gate'
  sed -i 's/^Config: .*/Config: encoding (cbor)/' back/share-1.md
  expect_status 3 "$CTEST_MATRIX" progress two/matrix.yaml --root two --build-dir two/build --progress-file back/share-1.md
  expect_output 'it is of another configuration: encoding (cbor) there, '
}

# Of a profile of which a box stands for several cells, which are in different shares.
test_boxes_of_any_number_of_shares() {
  make_origin
  sed -i 's/^axes:/axes:\n  encoding: [bare, cbor]/; s/^columns:/profiles: {default: {encoding: bare}, full: {}}\ncolumns:/' \
    origin/matrix.yaml
  mkdir -p origin/behaviour
  echo "add failed 'breaks' 'boom'" >origin/behaviour/gamma.wasm.cbor
  commit origin
  profile=(--profile full)
  local count i
  for count in 1 2 3 5; do
    rm -rf back share-*
    mkdir back
    for ((i = 1; i <= count; ++i)); do
      share $i/$count
    done
    merge "merged-$count" back/*.jsonl
    grep '^- \[' "merged-$count/demo-progress.md" >"boxes-$count"
    cmp boxes-1 "boxes-$count"
    report "merged-$count" --gate
    expect_equal 4 "$status" "the gate of $count"
    expect_output 'Gate: 1 regression'
  done
  expect_line boxes-5 '- [x] [ ] gamma | Gamma Tests'
  expect_equal 3 "$(grep -c '^- \[x\] \[x\]' boxes-5)" 'rows with both boxes ticked'
}

test_lost_share() {
  make_origin
  mkdir back
  share 1/3
  share 3/3
  merge merged back/*.jsonl
  report merged --gate
  expect_equal 5 "$status" 'the gate without a share'
  local lost
  lost=$(CTEST_MATRIX_SHARD=2/3 "$CTEST_MATRIX" shard merged/matrix.yaml --root merged --build-dir merged/build 2>/dev/null | tr '\n' ' ')
  set -- $lost
  grep -qE "^share 2/3 never came back; of its $# cells?, $# (has|have) never run: $(sed 's/ $//; s/ /, /g' <<<"$lost")$" output ||
    die "the lost share is not named"
  report merged --markdown
  expect_equal 0 "$status" 'the summary'
  expect_output '⚠ share 2/3 never came back'
  report merged --annotations github
  expect_output '::error title=shares::share 2/3 never came back'
  # Of one that came back half.
  sed -i "/\"cell\":\"$(tail -n 1 back/share-3.jsonl | sed 's/.*"cell":"\([^"]*\)".*/\1/')\"/d" back/share-3.jsonl
  if [ -s back/share-3.jsonl ]; then
    merge half back/*.jsonl
    report half --gate
    expect_equal 5 "$status" 'the gate of half a share'
    expect_output 'share 3/3: of its '
  fi
}

test_another_commit() {
  make_origin
  mkdir back
  share 1/2
  local before
  before=$(git -C origin rev-parse HEAD)
  echo >origin/README.md
  commit origin
  share 2/2
  merge merged back/*.jsonl
  expect_output "share 1/2 is of commit $before, this checkout is at $(git -C origin rev-parse HEAD): "
  report merged --gate
  expect_equal 5 "$status" 'the gate of two commits'
  expect_output 'share 1/2 is of another commit, '
  expect_output 'changed since: commit'
}

test_another_configuration() {
  rows='  fast:
    alpha: Alpha Tests'
  make_origin
  sed -i 's/^axes:/axes:\n  encoding: [bare, cbor]/; s/^columns:/profiles: {default: {encoding: bare}}\ncolumns:/' origin/matrix.yaml
  commit origin
  mkdir back
  export CTEST_MATRIX_SET=encoding=cbor
  share 1/2
  unset CTEST_MATRIX_SET
  share 2/2
  merge merged back/*.jsonl
  expect_output '1 result of another configuration (share 1/2: encoding cbor there, bare here)'
  report merged --gate
  expect_equal 5 "$status" 'the gate'
  expect_output 'share 1/2 never came back'
}

test_conflict() {
  make_origin
  mkdir back
  share 1/2
  share 2/2
  local cell
  cell=$(sed -n 's/.*"kind":"cell".*"cell":"\([^"]*\)".*/\1/p' back/share-1.jsonl | head -n 1)
  grep "\"kind\":\"cell\".*\"cell\":\"$cell\"" back/share-1.jsonl |
    sed 's/"verdict":"PASS"/"verdict":"FAIL"/' >back/share-9.jsonl
  merge merged back/*.jsonl
  merge other back/share-9.jsonl back/share-2.jsonl back/share-1.jsonl
  cmp merged/demo-progress.md other/demo-progress.md
  expect_output "$cell: conflict: FAIL in share 1/2, PASS in share 1/2"
  grep -qF -- "- [ ]" merged/demo-progress.md || die 'the cell is ticked'
  ! grep -q 'ALL TESTS COMPLETE' merged/demo-progress.md || die 'it is complete'
  report merged --gate
  expect_equal 4 "$status" 'the gate'
  # Nor where JUnit tells it.
  sed "s/] PASS $cell: 2 passed, 0 failed/] FAIL $cell: 1 passed, 1 failed/; s/ timestamp=\"[^\"]*\"/ timestamp=\"2100-01-01T00:00:00\"/" \
    back/share-1.xml >back/forged.xml # when it ran is not known, but that its file is newer than all results
  ! cmp -s back/share-1.xml back/forged.xml || die 'the verdict line was not found'
  merge third back/share-1.xml back/forged.xml back/share-2.xml
  ! grep -q 'ALL TESTS COMPLETE' third/demo-progress.md || die 'the other line changed nothing'
}

# The line that is lost may be the failure of a cell that passed before.
test_cut_journal() {
  make_origin
  mkdir back
  share 1/1
  machine here
  head -c -40 back/share-1.jsonl >back/cut.jsonl
  expect_status 3 "$CTEST_MATRIX" progress here/matrix.yaml --root here --build-dir here/build --journal back/share-1.jsonl \
    --journal back/cut.jsonl
  expect_output 'back/cut.jsonl: this journal ends in the middle of a line'
  [ ! -e here/demo-progress.md ] || die 'something was taken in'
  expect_status 3 "$CTEST_MATRIX" run --matrix here/matrix.yaml --root here --build-dir here/build --failed-of back/cut.jsonl
  # Where a line ends, only a copy that says how long it is tells that more of it is missing.
  expect_status 0 "$CTEST_MATRIX" shard share-1/matrix.yaml --root share-1 --build-dir share-1/build --collect whole
  expect_status 0 "$CTEST_MATRIX" progress share-1/matrix.yaml --root share-1 --build-dir share-1/build --journal whole/journal.jsonl
  head -n -1 whole/journal.jsonl >ends.jsonl
  expect_status 3 "$CTEST_MATRIX" progress here/matrix.yaml --root here --build-dir here/build --journal ends.jsonl
  expect_output "ends.jsonl: this journal has $(tail -n +2 ends.jsonl | wc -c) bytes of the $(tail -n +2 whole/journal.jsonl | wc -c) that it says it has"
  expect_status 3 "$CTEST_MATRIX" run --matrix here/matrix.yaml --root here --build-dir here/build --failed-of ends.jsonl
  tail -n 1 back/cut.jsonl >back/share-1.jsonl
  rm -f back/cut.jsonl back/share-1.xml
  expect_status 3 "$CTEST_MATRIX" shard here/matrix.yaml --root here --build-dir here/build --merge back
}

# What is damaged in the middle is said with its line, and a pass before it ticks nothing.
test_damaged_journal() {
  make_origin
  mkdir back
  share 1/1
  local cell
  cell=$(sed -n 's/.*"kind":"cell".*"cell":"\([^"]*\)".*/\1/p' back/share-1.jsonl | head -n 1)
  run env CTEST_MATRIX_SHARD=1/1 "$CTEST" --test-dir share-1/build -R "^$cell\$"
  run env CTEST_MATRIX_SHARD=1/1 "$CTEST" --test-dir share-1/build -R '^delta.native$'
  cp share-1/.git/ctest-matrix/demo/journal.jsonl back/share-1.jsonl
  rm back/share-1.xml
  local line
  line=$(grep -n "\"kind\":\"cell\".*\"cell\":\"$cell\"" back/share-1.jsonl | tail -n 1 | cut -d: -f1)
  sed -i "${line}s/\"verdict\":\"PASS\"/\"verdict\":\"PA/" back/share-1.jsonl
  merge merged back/share-1.jsonl
  expect_output "back/share-1.jsonl:$line: no record of a journal, left out; no cell is ticked of which it may be the end"
  expect_equal 7 "$(grep '^- \[' merged/demo-progress.md | grep -o '\[x\]' | wc -l)" 'boxes that are ticked'
  report merged --gate
  expect_equal 4 "$status" 'the gate'
  expect_output "$cell"
  # The whole journal tells the end.
  cp share-1/.git/ctest-matrix/demo/journal.jsonl back/share-1.jsonl
  expect_status 0 "$CTEST_MATRIX" progress merged/matrix.yaml --root merged --build-dir merged/build --journal back/share-1.jsonl
  report merged --gate
  expect_equal 0 "$status" 'the gate of the whole journal'
}

# What a run before left on the machines does not stand for a share that is lost.
test_lost_in_a_second_run() {
  make_origin
  mkdir back
  local i
  export CTEST_MATRIX_RUN=first
  for i in 1 2 3; do
    share $i/3
  done
  merge merged back/*.jsonl
  report merged --gate
  expect_equal 0 "$status" 'the gate of the first run'
  # The machines are the same, at the same commit, and have what they did before; the second is lost.
  export CTEST_MATRIX_RUN=second
  for i in 1 3; do
    run env CTEST_MATRIX_SHARD=$i/3 "$CTEST" --test-dir share-$i/build -L '^shard$' --no-tests=error
    cp share-$i/.git/ctest-matrix/demo/journal.jsonl back/share-$i.jsonl
  done
  expect_status 0 "$CTEST_MATRIX" shard merged/matrix.yaml --root merged --build-dir merged/build --merge back
  report merged --gate
  expect_equal 5 "$status" 'the gate of the second run'
  grep -Eq '^share 2/3 of run second never came back; of its [0-9]+ cells?, [0-9]+ (has|have) results of before alone: ' output ||
    die 'the lost share is not named'
  expect_output 'changed since: run second of the shares'
  # A local run of what is missing stands for it, split as it may be.
  unset CTEST_MATRIX_RUN
  expect_status 0 "$CTEST_MATRIX" run --matrix merged/matrix.yaml --root merged --build-dir merged/build --stale
  report merged --gate
  expect_equal 0 "$status" 'the gate after a local run'
  refute_output 'never came back'
}

# Each share begins anew on its machine, and takes nothing from the others with that.
test_shares_that_began_anew() {
  make_origin
  mkdir back
  local i
  for i in 1 2; do
    machine share-$i
    expect_status 0 env CTEST_MATRIX_SHARD=$i/2 "$CTEST_MATRIX" run --matrix share-$i/matrix.yaml --root share-$i \
      --build-dir share-$i/build reset
    cp share-$i/.git/ctest-matrix/demo/journal.jsonl back/share-$i.jsonl
  done
  grep -q '"kind":"reset"' back/share-2.jsonl || die 'nothing was reset'
  merge merged back/*.jsonl
  report merged --gate
  expect_equal 0 "$status" 'the gate'
  expect_equal 4 "$(grep -c '^- \[x\] \[x\]' merged/demo-progress.md)" 'rows with both boxes ticked'
}

# A share that ran here, later, by another split.
test_lost_share_runs_here() {
  make_origin
  mkdir back
  share 1/2
  merge merged back/*.jsonl
  report merged --gate
  expect_equal 5 "$status" 'the gate without a share'
  expect_output 'share 2/2 never came back'
  echo '{"version":1,"matrix":"demo","profiles":{"default":{"cells":{"alpha.native":600000,"alpha.wasm":1}}}}' >durations.json
  local i
  for i in 1 2; do
    run env CTEST_MATRIX_DURATIONS="$work/durations.json" CTEST_MATRIX_SHARD=$i/2 "$CTEST" --test-dir merged/build -L '^shard$'
  done
  report merged --gate
  expect_equal 0 "$status" 'the gate after a local run'
  refute_output 'never came back'
}

# Where no journal came back, what CTest and the progress files say tells the shares, too.
test_shares_without_journals() {
  make_origin
  mkdir back
  share 1/3
  share 3/3
  cp share-1/demo-progress.md back/share-1.md
  cp share-3/demo-progress.md back/share-3.md
  grep -q ' (share 1/3)$' back/share-1.md || die 'the progress file does not say its share'
  rm back/*.jsonl
  merge merged back/share-1.xml back/share-3.xml
  report merged --gate
  expect_equal 5 "$status" 'the gate of JUnit files'
  grep -Eq '^share 2/3 never came back; of its [0-9]+ cells?, ' output || die 'the share is not named'
  machine told
  expect_status 0 "$CTEST_MATRIX" progress told/matrix.yaml --root told --build-dir told/build \
    --progress-file back/share-1.md --progress-file back/share-3.md
  report told --gate
  expect_equal 5 "$status" 'the gate of progress files'
  grep -Eq '^share 2/3 never came back; of its [0-9]+ cells?, ' output || die 'the share is not named'
}

# A machine that was lost in the middle of a cell that had passed before says nothing for it.
test_cut_off_in_a_cell() {
  make_origin
  mkdir back
  share 1/1
  grep '"kind":"begin".*"cell":"beta.wasm"' back/share-1.jsonl | head -n 1 |
    sed 's/"id":"[^"]*"/"id":"ffffffff0000-00000001"/; s/"finished":[0-9]*/"finished":'"$(date +%s)999"'/; s/"boot":"[^"]*"/"boot":"elsewhere"/' >begin
  [ -s begin ] || die 'no beginning'
  cat begin >>back/share-1.jsonl
  rm back/share-1.xml
  merge merged back/share-1.jsonl
  expect_line merged/demo-progress.md '- [x] [ ] beta | Beta Tests'
  report merged --gate
  expect_equal 4 "$status" 'the gate'
}

test_split_otherwise() {
  make_origin
  mkdir back
  share 1/3
  share 2/3
  echo '{"version":1,"matrix":"demo","profiles":{"default":{"cells":{"alpha.native":600000,"alpha.wasm":1}}}}' >durations.json
  machine share-3
  run env CTEST_MATRIX_SHARD=3/3 CTEST_MATRIX_DURATIONS="$work/durations.json" "$CTEST" --test-dir share-3/build -L '^shard$'
  cp share-3/.git/ctest-matrix/demo/journal.jsonl back/share-3.jsonl
  merge merged back/*.jsonl
  report merged --gate
  expect_output 'share 3/3 was split otherwise than the others'
}

test_failed_of() {
  make_origin
  echo "add failed 'breaks' 'boom'" >origin/behaviour/beta.wasm
  mkdir back
  share 1/2
  share 2/2
  machine here
  rm here/behaviour/beta.wasm
  command -v zip >/dev/null && zip -qr back.zip back
  local file
  for file in back/*.jsonl back.zip; do
    if [ -e "$file" ] && { [ "$file" = back.zip ] || grep -q '"verdict":"FAIL"' "$file"; }; then
      rm -f here/trace
      expect_status 0 "$CTEST_MATRIX" run --matrix here/matrix.yaml --root here --build-dir here/build --failed-of "$file"
      expect_equal 'begin beta.wasm' "$(grep '^begin' here/trace)" "what ran of $file"
    fi
  done
  # Cells that are not here are named, and do not look passed.
  cp -r here there
  sed -i 's/    beta: Beta Tests/    other: Other Tests/' there/matrix.yaml
  touch there/tests/other.test.ts
  cat back/*.jsonl >all.jsonl
  expect_status 5 "$CTEST_MATRIX" run --matrix there/matrix.yaml --root there --build-dir there/build --failed-of all.jsonl
  expect_output 'all.jsonl: 1 cell failed there, and the matrix does not have it here: beta.wasm'
  # Nor where the others pass.
  echo "add failed 'breaks' 'boom'" >origin/behaviour/gamma.wasm
  rm -rf back share-*
  mkdir back
  share 1/1
  expect_status 5 "$CTEST_MATRIX" run --matrix there/matrix.yaml --root there --build-dir there/build --failed-of back/share-1.jsonl
  expect_output 'gamma.wasm: PASS'
  expect_output '1 cell that failed there did not run: the matrix does not have it here'
  expect_status 5 "$CTEST_MATRIX" run --matrix there/matrix.yaml --root there --build-dir there/build --failed-of back/share-1.jsonl \
    --output agent
  expect_output 'result: set-up failed (exit 5): 1 cell passed; 1 cell that failed there did not run: not here'
  echo nothing >nothing
  expect_status 3 "$CTEST_MATRIX" run --matrix here/matrix.yaml --root here --build-dir here/build --failed-of nothing
  expect_output 'nothing: expected a journal of the matrix demo (profile default), or a ZIP archive with one (*.jsonl)'
}

# A time limit of the job ends ctest, and the journal is copied at once: what still ends its runner is waited for.
test_copied_while_a_cell_ends() {
  make_suite "$rows"
  behave alpha.native <<<'trap "" TERM; : >up; sleep 1000'
  "$CTEST" --test-dir build -R alpha.native >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -e checkout/up
  kill -KILL "$ctest"
  wait "$ctest" || true
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --collect back
  grep -q '"cell":"alpha.native".*"verdict":"INTERRUPTED"\|"verdict":"INTERRUPTED".*"cell":"alpha.native"' back/journal.jsonl ||
    die "the end is not in the copy: $(cat back/journal.jsonl)"
}

run_case "$@"
