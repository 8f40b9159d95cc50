# The matrix against the suite on disk: `check`, what a cell must report, agreements. The listing is a script of the
# suite's own here; templates.sh has those of real runners.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Suite
    beta: Suite"

# listed_suite [MORE]: checkout/list.sh lists two tests for each runtime of a file, or what checkout/listed/<file> says,
# and notes in checkout/asked that it did.
listed_suite() {
  make_suite "$rows" "  list: {command: [./list.sh, '{file}'], format: lines}
${1:-}"
  mkdir -p checkout/listed
  cat >checkout/list.sh <<'EOF_LIST'
#!/usr/bin/env bash
echo "$1" >>asked
[ ! -e "listed/$1" ] || exec cat "listed/$1"
for runtime in native wasm; do
  printf 'tests/%s.test.ts\tOuter > runtime (%s) > Suite > %s\n' "$1" "$runtime" works "$1" "$runtime" 'works again'
done
EOF_LIST
  chmod +x checkout/list.sh
}

of_matrix() {
  local verb=$1
  shift
  "$CTEST_MATRIX" "$verb" "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# asked: how often the runner was asked for its tests.
asked() {
  cat checkout/asked 2>/dev/null | wc -l
}

test_no_drift() {
  listed_suite
  expect_status 0 of_matrix check
  expect_output '2 rows, 2 columns, 8 listed tests in 2 files: no problem found'
}

test_listing_is_remembered_by_content() {
  listed_suite
  expect_status 0 of_matrix check
  expect_equal 2 "$(asked)" 'questions at first'
  expect_status 0 of_matrix check
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 2 "$(asked)" 'questions while nothing changed'
  echo '// more' >>checkout/tests/alpha.test.ts
  expect_status 0 of_matrix check
  expect_equal 4 "$(asked)" 'questions after an edit'
  touch checkout/tests/alpha.test.ts
  expect_status 0 of_matrix check
  expect_equal 4 "$(asked)" 'questions after a touch'
}

test_every_difference_at_once() {
  listed_suite
  : >checkout/tests/gamma.test.ts
  sed -i 's/^    beta: Suite/    beta: Sweet\n    lost: Suite/' checkout/matrix.yaml
  run of_matrix check
  expect_equal 3 "$status" 'exit status'
  expect_output 'rows: no row names the test file tests/gamma.test.ts'
  expect_output "row 'beta': no block of beta.test.ts is named 'Sweet'"
  expect_output "row 'lost': the file $work/checkout/tests/lost.test.ts is not there"
  expect_output '3 differences between the matrix and the suite'
}

test_suite_that_cannot_be_listed() {
  listed_suite
  printf '#!/bin/sh\necho no such module\nexit 3\n' >checkout/list.sh
  run of_matrix check
  expect_equal 3 "$status" 'exit status'
  expect_output "row 'alpha' and 1 more row: the suite could not be listed: its command exited 3"
  expect_output 'no such module'
  # A cell says it too, and goes on.
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm -V
  expect_output 'note: the suite could not be listed: its command exited 3'
}

test_listed_test_that_is_not_reported() {
  listed_suite
  behave alpha.wasm <<<'add passed works'
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'FAIL - the suite lists a test that the report does not have: Outer > runtime (wasm) > Suite > works again'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'the boxes'
  behave alpha.wasm <<<'add passed works; add skipped "works again"'
  expect_status 0 "$CTEST" --test-dir build -R alpha
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes with the test skipped'
}

test_listing_that_changed_unseen() {
  listed_suite
  expect_status 0 of_matrix check
  # Nothing that the listing is known to depend on.
  printf 'tests/alpha.test.ts\tOuter > runtime (wasm) > Suite > works\n' >checkout/listed/alpha
  behave alpha.wasm <<<'add passed works'
  expect_status 8 "$CTEST" --test-dir build -V -R alpha.wasm
  expect_output 'although nothing that its listing depends on has changed'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'the boxes'
  printf '// edited\n' >>checkout/tests/alpha.test.ts
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm
  expect_equal '[ ] [x]' "$(boxes alpha)" 'the boxes'
}

test_fix_keeps_comments_order_and_layout() {
  listed_suite
  cat >checkout/rows <<'EOF_ROWS'
rows:
  # the quick ones
  fast:
    alpha:   "Suite"   # first

    beta:
      suite: Suite
      timeout: 7 # seconds
    # not any more
    lost: Suite
  slow:
    late: {timeout: 9, suite: Suite} # flow
EOF_ROWS
  sed -i '/^rows:/,$d' checkout/matrix.yaml
  cat checkout/rows >>checkout/matrix.yaml
  : >checkout/tests/late.test.ts
  cp checkout/matrix.yaml before
  for name in alpha late; do
    printf 'tests/%s.test.ts\tOuter > runtime (%s) > Sweet: one > works\n' $name native $name wasm >checkout/listed/$name
  done
  mv checkout/tests/beta.test.ts checkout/tests/betas.test.ts
  : >checkout/tests/quite-new.test.ts
  expect_status 0 of_matrix check --fix
  expect_output "matrix.yaml:$(grep -n '    alpha:' before | cut -d: -f1): now 'Sweet: one'"
  expect_output 'no problem found'
  sed "s/\"Suite\"   # first/'Sweet: one'   # first\n    quite-new:/; s/^    beta:/    betas:/; /^    lost:/d
    s/timeout: 9, suite: Suite/timeout: 9, suite: 'Sweet: one'/" before | diff -u - checkout/matrix.yaml || die 'the matrix'
  expect_status 0 of_matrix check --fix
  expect_status 0 of_matrix check
}

# What git knows as a rename is one, however far the new name is: staged, committed in two steps, or only moved.
test_fix_follows_git() {
  make_suite "  fast:
    alpha: Alpha Tests
    # about beta
    beta:
      suite: Beta Tests
      timeout: 7 # seconds
    gamma: {suite: Gamma Tests, timeout: 9} # flow
    delta: Delta Tests
    lost: Lost Tests"
  local row git=(git -C checkout -c user.name=Someone -c user.email=someone@localhost -c commit.gpgsign=false)
  for row in alpha beta gamma delta lost; do
    seq -f "$row %g" 40 >"checkout/tests/$row.test.ts"
  done
  expect_status 0 "$CTEST" --test-dir build
  "${git[@]}" init -q
  printf 'trace\nbuild/\n' >checkout/.git/info/exclude
  "${git[@]}" add tests matrix.yaml
  "${git[@]}" commit -qm 'all of it'
  cp checkout/matrix.yaml before
  "${git[@]}" mv tests/beta.test.ts tests/quick.test.ts
  "${git[@]}" commit -qm 'one name'
  "${git[@]}" mv tests/quick.test.ts tests/zulu.test.ts
  echo 'and more' >>checkout/tests/zulu.test.ts
  "${git[@]}" commit -qam 'another name'
  "${git[@]}" mv tests/gamma.test.ts tests/yankee.test.ts
  mv checkout/tests/delta.test.ts checkout/tests/xray.test.ts
  rm checkout/tests/lost.test.ts
  seq 50 >checkout/tests/new.test.ts
  expect_status 0 of_matrix check --fix
  sed 's/^    beta:/    zulu:/; s/^    gamma:/    yankee:/; s/^    delta:/    xray:/; s/^    lost:.*/    new:/' before |
    diff -u - checkout/matrix.yaml || die 'the matrix'
  for row in alpha zulu yankee xray; do
    expect_equal '[x] [x]' "$(boxes $row)" "the boxes of $row"
  done
  expect_equal 'tests/new.test.ts tests/xray.test.ts' "$(echo $("${git[@]}" ls-files -o tests))" 'what git does not know'
  rm checkout/trace
  expect_status 0 "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 'new.native new.wasm' "$(begun)" 'what is open'
  expect_output 'ALL TESTS COMPLETE'
  # Their ticks came along, but nothing ran under these names.
  expect_status 5 of_matrix report --gate
  expect_output '--stale'
  rm checkout/trace
  expect_status 0 "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build --stale
  expect_equal 'zulu.native zulu.wasm yankee.native yankee.wasm xray.native xray.wasm' \
    "$(begun | sed 's/^alpha.native alpha.wasm //')" 'what has no result'
  expect_status 0 of_matrix report --gate
}

# Rows that are packages have no file by which a new one would be missed.
test_new_package_in_no_row() {
  mkdir -p checkout/{http/v2,store,store/testdata,_old,tools}
  local package
  for package in . http store store/testdata _old tools; do
    echo 'package x' >"checkout/$package/x_test.go"
  done
  echo 'module example.com/shop' >checkout/go.mod
  echo 'module example.com/tools' >checkout/tools/go.mod
  cat >checkout/matrix.yaml <<'END'
version: 1
name: shop
axes: {runtime: [go]}
columns: {go: {runtime: go}}
runner: {command: [go, test, -count=1, "{suite}"], file: none, report: exit-code}
rows:
  fast:
    shop: .
    http: ./http # and what is below it
  excluded:
    store: {suite: example.com/shop/store, reason: slow}
END
  expect_status 0 of_matrix check
  echo 'package x' >checkout/http/v2/x_test.go
  expect_status 3 of_matrix check
  expect_output 'rows: no row runs a package that has tests: http/v2'
  sed -i 's/suite: example.com/suite: other.com/' checkout/matrix.yaml
  expect_status 3 of_matrix check
  expect_output 'rows: no row runs 2 packages that have tests: http/v2, store'
  sed -i 's/suite: other.com/suite: example.com/' checkout/matrix.yaml
  expect_status 0 of_matrix check --fix
  expect_line checkout/matrix.yaml '    http/v2: ./http/v2'
  sed -i 's,\./http #,./http/... #,; /http.v2/d' checkout/matrix.yaml
  expect_status 0 of_matrix check
  # Rust: by the names of packages.
  for package in core web; do
    mkdir -p checkout/$package/src
    printf '[package]\nname = "shop-%s"\n' $package >checkout/$package/Cargo.toml
    printf '#[test]\nfn works() {}\n' >checkout/$package/src/lib.rs
  done
  sed -i 's/^runner:.*/runner: {command: [cargo, test, -p, "{file}"], file: none, report: libtest}/; /^    /d; s/^  fast:/&\n    shop-core:/; /excluded/d' checkout/matrix.yaml
  expect_status 3 of_matrix check
  expect_output 'rows: no row runs a package that has tests: shop-web'
  expect_status 0 of_matrix check --fix
  expect_line checkout/matrix.yaml '    shop-web:'
}

# In a workspace a package rests on those that it needs, too, wherever they lie.
test_ticks_rest_on_linked_packages() {
  make_suite "$rows"
  mkdir -p checkout/packages/{app/node_modules/@x,core,other}
  mv checkout/{tests,runner.sh,behaviour} checkout/packages/app/
  sed -i 's,^runner:,&\n  directory: packages/app,' checkout/matrix.yaml
  echo '{"dependencies": {"@x/core": "workspace:*"}}' >checkout/packages/app/package.json
  ln -s ../../../core checkout/packages/app/node_modules/@x/core
  echo node_modules >checkout/.gitignore
  echo 1 >checkout/packages/core/core.js
  echo 1 >checkout/packages/other/other.js
  git init -q checkout
  expect_status 0 of_matrix check
  expect_output 'ticks rest on what git knows below packages/app, packages/core; `inputs` names what else the tests read'
  expect_status 0 "$CTEST" --test-dir build
  echo 2 >checkout/packages/other/other.js
  expect_status 0 of_matrix report
  refute_output 'changed since'
  echo 2 >checkout/packages/core/core.js
  expect_status 0 of_matrix report
  expect_output 'alpha.native: sources'
}

test_check_as_a_ctest_test() {
  listed_suite
  sed -i 's/^name: demo/name: demo\ncheck: true/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -L preflight
  expect_output 'demo.check'
  expect_output '100% tests passed, 0 tests failed out of 2' # with demo.ready
  sed -i 's/^    beta: Suite/    beta: Sweet/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -L preflight --output-on-failure
  expect_output "row 'beta': no block of beta.test.ts is named 'Sweet'"
  expect_status 0 "$CTEST" --test-dir build -R beta.wasm # drift holds no cell back
}

agreed="agree:
  engine-version:
    - {file: a/Cargo.toml, pattern: 'engine = \"{value}\"'}
    - {file: b/package.json, pattern: '\"engine\": \"{value}\"'}"

test_places_that_agree() {
  make_suite "$rows" "$agreed"
  mkdir -p checkout/a checkout/b
  printf '[dependencies]\nengine = "2.3"\n' >checkout/a/Cargo.toml
  printf '{\n  "engine": "2.3"\n}\n' >checkout/b/package.json
  expect_status 0 "$CTEST" --test-dir build
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes'
  expect_status 0 "$CTEST" --test-dir build -L preflight -V
  expect_output 'engine-version: 2.3'
}

test_places_that_do_not_agree() {
  make_suite "$rows" "$agreed"
  mkdir -p checkout/a checkout/b
  printf '[dependencies]\nengine = "2.3"\n' >checkout/a/Cargo.toml
  printf '{\n  "engine": "2.4"\n}\n' >checkout/b/package.json
  expect_status 8 "$CTEST" --test-dir build -R alpha.wasm --output-on-failure
  expect_line output "$work/checkout/a/Cargo.toml:2: error: engine-version is '2.3' here"
  expect_line output "$work/checkout/b/package.json:2: error: engine-version is '2.4' here"
  expect_status 8 "$CTEST" --test-dir build -R alpha.wasm -FA . --output-on-failure # the cell asks by itself
  expect_output "SETUP - $work/checkout/a/Cargo.toml:2: error: engine-version is '2.3' here"
  expect_equal '' "$(begun)" 'what ran'
  sed -i '/engine/d' checkout/b/package.json
  expect_status 5 of_matrix agree engine-version
  expect_output 'b/package.json: error: no line has "engine": "{value}"'
  printf '"engine": "2.3"\n"engine": "2.5"\n' >checkout/b/package.json
  expect_status 5 of_matrix agree engine-version
  expect_output "\"engine\": \"{value}\" stands for '2.5' here and for '2.3' in line 1"
  rm checkout/b/package.json
  expect_status 5 of_matrix agree engine-version
  expect_status 3 of_matrix agree engine-versio
  expect_output "did you mean 'engine-version'?"
}

run_case "$@"
