# The rules of a matrix: as CTest tests, by hand, in `run` and at the gate, on the real ctest and the real git.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests"

no_mocks='rules:
  no-mocks:
    forbid_text: {pattern: '"'"'\b(vi|jest)\.mock\('"'"', files: ["src/**/*.ts", "!src/vendor/**"]}
    reason: tests run against real infrastructure'

# make_ruled_suite RULES: in a checkout of git, with one source.
make_ruled_suite() {
  mkdir -p checkout/src checkout/docs
  echo 'const a = 1;' >checkout/src/a.ts
  echo limits >checkout/docs/limits.mdx
  make_suite "$rows" "$1"
  git init -q -b main checkout
  printf 'demo-progress.md\ntrace\nbehaviour/\n' >checkout/.gitignore
  commit 'the beginning'
}

# commit MESSAGE: all of the checkout.
commit() {
  git -C checkout add -A
  git -C checkout -c user.name=a -c user.email=a@example.org commit -qm "$1"
}

# expect_rule STATUS ARGUMENT...: of `ctest-matrix rule`.
expect_rule() {
  local wanted=$1
  shift
  expect_status "$wanted" "$CTEST_MATRIX" rule "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# preflight STATUS: the rules as CTest runs them.
preflight() {
  expect_status "$1" "$CTEST" --test-dir build -L '^preflight$' --output-on-failure
}

test_forbidden_text() {
  make_ruled_suite "$no_mocks"
  preflight 0
  expect_output 'demo.rule.no-mocks ...............   Passed'
  printf 'one\n\tvi.mock("./x"); // as before\n' >checkout/src/b.ts
  preflight 8
  expect_output "$work/checkout/src/b.ts:2: error: 'vi.mock(' must not be here: tests run against real infrastructure"
  expect_output '    2 |  vi.mock("./x"); // as before'
  expect_output '      |  ^~~~~~~~'
  expect_output 'no-mocks: broken: 1 place in 1 of 2 files'
  # The cells do not wait for it.
  expect_status 0 "$CTEST" --test-dir build -R '^alpha\.'
  mkdir checkout/src/vendor
  git -C checkout mv -f src/a.ts src/vendor/a.ts
  mv checkout/src/b.ts checkout/src/vendor/b.ts
  echo 'fine' >checkout/src/c.ts
  expect_rule 0
  expect_output 'no-mocks: kept: in none of 1 file'
}

test_allowed_with_a_reason() {
  make_ruled_suite "$no_mocks"
  printf '// ctest-matrix-allow: no-mocks: the SDK has no other way\nvi.mock("a");\n' >checkout/src/b.ts
  printf 'jest.mock("a"); /* ctest-matrix-allow: no-mocks: until it is gone */\n' >checkout/src/c.ts
  expect_rule 0 no-mocks
  expect_output 'no-mocks: kept: in none of 3 files, 2 places allowed with a reason'
  printf 'jest.mock("a"); /* ctest-matrix-allow: no-mocks: */\n' >checkout/src/c.ts
  expect_rule 4 no-mocks
  expect_output 'src/c.ts:1: error: '"'"'jest.mock('"'"' must not be here: it is allowed without a reason'
  printf 'jest.mock("a"); // ctest-matrix-allow: no-mocks-here: another rule\n' >checkout/src/c.ts
  expect_rule 4 no-mocks
}

# What cannot be checked is no pass.
test_nothing_can_be_said() {
  make_ruled_suite "$no_mocks"
  git -C checkout mv src/a.ts docs/a.ts
  preflight 8
  expect_output "checkout/matrix.yaml:14: error: rule 'no-mocks': no file matches 'src/**/*.ts'"
  expect_rule 5 no-mocks
  { head -c 20000 /dev/zero | tr '\0' x; echo ' vi.mock('; } >checkout/src/long.ts
  expect_rule 5 no-mocks
  expect_output 'src/long.ts:1: a line of 20009 bytes, which is too long to be searched'
  head -c 20000 /dev/zero | tr '\0' x >checkout/src/long.ts # without what every match has
  expect_rule 0 no-mocks
  printf '\377\376v\0i\0.\0m\0' >checkout/src/long.ts
  expect_rule 5 no-mocks
  expect_output 'src/long.ts is UTF-16, in which nothing is found'
  sed -i 's/^  no-mocks:/&\n    level: warn/' checkout/matrix.yaml
  rm checkout/src/long.ts
  preflight 0
  expect_output '***Skipped'
  expect_rule 77 no-mocks
  expect_output 'no-mocks: cannot be checked (a warning): no file matches'
  expect_rule 3 no-mock
  expect_output "has no rule 'no-mock', did you mean 'no-mocks'?"
}

remembered() {
  expect_rule 0
  grep -q '^src/a.ts ' build/ctest-matrix/demo/rules/no-mocks
}

# What was read once is taken for read as long as nothing moves, and no longer.
test_remembers_what_is_clean() {
  make_ruled_suite "$no_mocks"
  touch -d '1 hour ago' checkout/src/a.ts
  # Only once its status is older than the coarsest clock of a file system.
  eventually 30 remembered || die 'nothing is remembered'
  local then
  then=$(stat -c %y checkout/src/a.ts)
  printf 'vi.mock(1);;;' >checkout/src/a.ts # as long as it was, and with its old time
  touch -d "$then" checkout/src/a.ts
  expect_rule 4
  sed -i 's/vi|jest/xx|jest/' checkout/matrix.yaml
  expect_rule 0
  sed -i 's/xx|jest/vi|jest/' checkout/matrix.yaml
  expect_rule 4
}

together='rules:
  limits-documented:
    together: {when: ["src/**"], then: [docs/limits.mdx], base: main}
    reason: limits are part of the documentation'

test_together() {
  make_ruled_suite "$together"
  git -C checkout checkout -qb work
  expect_rule 0
  expect_output 'limits-documented: kept: none of its files has changed since'
  echo 'const a = 2;' >checkout/src/a.ts # not committed
  expect_rule 4
  expect_output "$work/checkout/src/a.ts:1: error: changed, and no file of docs/limits.mdx is: limits are part of the documentation"
  expect_output '  ctest-matrix-allow: limits-documented: WHY'
  preflight 8
  commit 'another number'
  expect_rule 4
  echo new >checkout/docs/limits.mdx
  expect_rule 0
  git -C checkout checkout -q docs
  # The commit says why not, and nothing less does.
  git -C checkout -c user.name=a -c user.email=a@example.org commit --allow-empty -qm 'why

ctest-matrix-allow: limits-documented:'
  expect_rule 4
  expect_output 'a commit allows it without a reason'
  git -C checkout -c user.name=a -c user.email=a@example.org commit --allow-empty -qm 'why

ctest-matrix-allow: limits-documented: it is no limit'
  expect_rule 0
  expect_output 'says why nothing else did: it is no limit'
  # Files that are new or gone count, too.
  git -C checkout checkout -q main
  echo 'const b = 1;' >checkout/src/b.ts
  expect_rule 4
  rm checkout/src/b.ts
  git -C checkout mv src/a.ts docs/a.ts
  expect_rule 4
}

test_together_with_which_base() {
  make_ruled_suite "$together"
  sed -i 's/, base: main//' checkout/matrix.yaml
  expect_rule 5
  expect_output 'expected base: BRANCH in the rule, --base REF, or CTEST_MATRIX_BASE=REF'
  preflight 8
  echo 'const a = 2;' >checkout/src/a.ts
  commit 'on the branch itself'
  expect_rule 0 --base HEAD
  expect_rule 4 --base HEAD~1
  expect_rule 5 --base nosuch
  expect_output "git has no 'nosuch' to compare with"
  export CTEST_MATRIX_BASE=HEAD~1
  preflight 8
  expect_output 'changed, and no file of docs/limits.mdx is'
  unset CTEST_MATRIX_BASE
  # A clone knows what its remote calls its own; one of a single commit does not know what it left.
  git clone -q checkout clone
  expect_status 0 "$CTEST_MATRIX" rule clone/matrix.yaml --root clone
  expect_output '(origin/HEAD)'
  rm -rf clone/.git
  expect_status 5 "$CTEST_MATRIX" rule clone/matrix.yaml --root clone
}

test_explained() {
  make_ruled_suite "$no_mocks"
  expect_status 0 "$CTEST_MATRIX" explain demo.rule.no-mocks checkout/matrix.yaml --root checkout
  expect_output '  pattern      \b(vi|jest)\.mock\('
  expect_output '  files        src/**/*.ts, !src/vendor/**'
  expect_output '  exempt       a line with ctest-matrix-allow: no-mocks: WHY'
}

test_run_and_gate_say_it() {
  make_ruled_suite "$no_mocks"
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'Rules: 1 of 1 kept'
  : >baseline.txt
  gate() {
    expect_status "$1" "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --baseline baseline.txt --gate
  }
  gate 0
  expect_status 0 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --build-dir build
  refute_output 'no-mocks' # what is well needs no line
  echo 'vi.mock(1)' >checkout/src/b.ts
  gate 4
  expect_output 'Gate: the rule no-mocks is broken'
  expect_status 0 "$CTEST_MATRIX" list checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'demo.rule.no-mocks: broken: no-mocks: 1 place in 1 of '
  expect_status 0 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --markdown --html page.html
  expect_output '- ⚠ rule broken&#58; no-mocks&#58; 1 place in 1 of '
  grep -q '"rules":\[\["broken: no-mocks: 1 place in 1 of ' page.html || die 'the page does not name the rule'
  rm checkout/src/*.ts
  gate 5
  expect_output 'Gate: the rule no-mocks cannot be checked'
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_output "  cannot be checked: no-mocks: no file matches 'src/**/*.ts' (\`ctest-matrix rule no-mocks\`)"
}

test_a_pattern_that_cannot_be_searched_for() {
  make_ruled_suite "$no_mocks"
  sed -i 's/\\b(vi|jest)\\.mock\\(/(a)\\1/' checkout/matrix.yaml
  expect_rule 3
  expect_output "error: rule 'no-mocks': forbid_text: pattern: a back-reference, which can take time without bound [M044]"
  # What was there before is not taken for checked.
  preflight 8
  expect_output 'demo.rule.no-mocks (Not Run)'
}

run_case "$@"
