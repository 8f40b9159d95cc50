# The shapes of suites: test files in directories, by name and by pattern.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

of_matrix() {
  local verb=$1
  shift
  "$CTEST_MATRIX" "$verb" "$@" checkout/matrix.yaml --root checkout --build-dir build
}

# files NAME...: test files of these rows.
files() {
  local name
  for name in "$@"; do
    mkdir -p "checkout/tests/$(dirname "$name")"
    : >"checkout/tests/$name.test.ts"
  done
}

nested_suite() {
  mkdir -p checkout/tests
  files top http/get http/v2/get lib/old/gone
  make_suite "  fast:
    http/get: Suite
    '**': {except: ['lib/**']}" "${1:-}"
  sed -i 's|"{file}"|"{path}"|' checkout/matrix.yaml
}

test_nested_rows() {
  nested_suite
  mkdir -p checkout/behaviour/http/v2
  behave http/v2/get.wasm <<<'add failed works "Error: broken"'
  expect_status 0 of_matrix list
  expect_output http/v2/get.wasm
  refute_output lib/old
  expect_status 0 "$CTEST" --test-dir build -R '^http/get.wasm$'
  expect_status 8 "$CTEST" --test-dir build
  expect_equal 'http/get.wasm http/get.native http/get.wasm http/v2/get.native http/v2/get.wasm top.native top.wasm' \
    "$(begun)" 'what ran'
  expect_equal '[x] [x]' "$(boxes http/get)" 'the boxes of a row'
  expect_equal '[x] [ ]' "$(boxes http/v2/get)" 'the boxes of the row below'
  expect_equal 'FAIL - Suite > works: Error: broken' "$(log_of http/v2/get wasm)" 'the log'
  [ -e build/ctest-matrix/demo/logs/http/v2/get.wasm.log ] || die 'no log of the cell'
  expect_status 0 of_matrix report
  expect_output 'http/v2/get'
  expect_status 0 of_matrix explain http/v2/get.wasm
  expect_output "file         $work/checkout/tests/http/v2/get.test.ts"
  expect_status 4 "$CTEST_MATRIX" run checkout/matrix.yaml only http/v2/get --root checkout --build-dir build
  expect_output 'http/v2/get.wasm: FAIL'
  sed -i 's/^- \[x\] \[x\] http\/get/- [ ] [x] http\/get/' checkout/demo-progress.md
  expect_status 0 "$CTEST" --test-dir build -R http/get -L todo -N
  expect_output 'http/get.native'
  refute_output 'http/get.wasm'
  PATH=${CTEST%/*}:$PATH /usr/bin/python3 "$source_dir/tests/ide/explorers.py" tree build >tree
  printf '%s\n' demo/ '  ready' http/ '  get/' '    native' '    wasm' '  v2/' '    get/' '      native' '      wasm' top/ '  native' '  wasm' |
    diff - tree || die 'the tree of an editor'
  expect_status 0 of_matrix report --html page.html
  grep -q 'http/v2/get.wasm' page.html || die 'the page does not have the cell'
}

test_wildcards_in_the_file() {
  make_suite '  fast:
    alpha: Suite'
  mkdir -p checkout/packages/{core,net}/test/deep
  : >checkout/packages/core/test/a.test.ts
  : >checkout/packages/net/test/a.test.ts
  : >checkout/packages/net/test/deep/b.test.ts
  sed -i 's|"tests/{file}.test.ts"|"{path}"|; s|^  scope|  file: packages/*/test/**/{file}.test.ts\n  scope|
    s|^    alpha: Suite|    "**":|' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'core/a.native core/a.wasm net/a.native net/a.wasm net/deep/b.native net/deep/b.wasm' "$(begun)" 'what ran'
}

# Files of two endings are rows of one matrix, by pattern and by name; one name for two files is an error.
test_endings() {
  mkdir -p checkout/src/jsx
  echo 'exit 0' | tee checkout/src/app.test.ts checkout/src/jsx/dom.test.tsx >checkout/src/jsx/hooks.test.ts
  cat >checkout/matrix.yaml <<'END'
version: 1
name: demo
axes: {runtime: [node]}
columns: {node: {runtime: node}}
runner:
  file:
    - src/{file}.test.ts
    - src/{file}.test.tsx
  command: [sh, "{path}"]
  report: exit-code
rows:
  fast:
    jsx/dom: Dom
    '**':
END
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_equal 3 "$(grep -c '^- \[x\] ' checkout/demo-progress.md)" 'the ticks'
  expect_status 0 of_matrix explain jsx/dom.node
  expect_output "file         $work/checkout/src/jsx/dom.test.tsx"
  echo 'exit 1' >checkout/src/jsx/hooks.test.tsx
  expect_status 3 of_matrix list
  expect_output "rows: 'jsx/hooks' would be several files: src/jsx/hooks.test.ts, src/jsx/hooks.test.tsx"
  rm checkout/src/jsx/*.tsx
  expect_status 3 of_matrix list
  expect_output "row 'jsx/dom': the file $work/checkout/src/jsx/dom.test.ts or $work/checkout/src/jsx/dom.test.tsx is not there"
}

test_file_of_no_row() {
  nested_suite
  files http/v2/odd 'http/[id]'
  # A matrix that names no file below http/v2 and leaves nothing out of it.
  sed -i "s|'\*\*': .*|'*':|" checkout/matrix.yaml
  run of_matrix check
  expect_equal 3 "$status" 'exit status'
  expect_output 'rows: no row names the test file tests/http/v2/odd.test.ts'
  expect_output 'rows: no row names the test file tests/lib/old/gone.test.ts'
  expect_output 'rows: no row can name the test file tests/http/[id].test.ts'
  # A pattern does not leave out what it cannot name.
  sed -i "s|'\*':|'**': {except: ['lib/**']}|" checkout/matrix.yaml
  run of_matrix list
  expect_equal 3 "$status" 'exit status'
  expect_output "the test file tests/http/[id].test.ts: expected a name of letters"
  sed -i "s|except: \['lib/\*\*'\]|except: ['lib/**', 'http/\\\\[*']|" checkout/matrix.yaml
  sed -i 's|http/get: Suite|http/get:|' checkout/matrix.yaml
  expect_status 0 of_matrix check
}

# A runner that reports the variables and the directory that it was given.
value_suite() {
  make_suite '  fast:
    alpha: Suite
    beta: {suite: Suite, only: {runtime: [wasm]}}
    later: {suite: Suite, optional: true}' "${1:-}"
  rm checkout/tests/later.test.ts
  mkdir -p checkout/elsewhere
  python3 - <<'EOF_PYTHON'
import pathlib
path = pathlib.Path("checkout/matrix.yaml")
text = path.read_text().replace("runtime: [native, wasm]", """runtime:
    native: {environment: {MODE: 'of {runtime}'}, timeout_scale: 2}
    wasm:
      text: web/assembly
      directory: elsewhere
      environment: {MODE: '{runtime.name}'}
      command: [sh, -c, 'cd .. && exec ./runner.sh "$@"', sh, 'tests/{file}.test.ts', '{report}', '{cell}', '{runtime}', '{path}']""")
path.write_text(text)
EOF_PYTHON
}

test_values_say_what_differs() {
  value_suite
  behave alpha.wasm <<<'echo "$MODE $*" >>said; add passed works'
  behave alpha.native <<<'echo "$MODE $*" >>said; add passed works'
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'alpha.native alpha.wasm beta.wasm' "$(begun)" 'what ran'
  grep -q "^of native tests/alpha.test.ts .* alpha.native native$" checkout/said || die "said: $(cat checkout/said)"
  grep -q "^wasm tests/alpha.test.ts .* alpha.wasm web/assembly ../tests/alpha.test.ts$" checkout/said ||
    die "said: $(cat checkout/said)"
  expect_line checkout/demo-progress.md '- [-] [x] beta | Suite'
  expect_status 0 of_matrix report
  expect_output 'Complete: yes'
  expect_output 'Files passing on native: 1 of 1'
  expect_status 0 of_matrix list
  expect_output 'later: optional, and its file is not there'
  expect_output '240 s'
  expect_status 0 of_matrix check
  expect_output "the optional row 'later' is left out"
  expect_status 0 of_matrix explain alpha.wasm
  expect_output 'runtime=wasm is the text web/assembly, gives the command, gives the environment, gives the directory'
  expect_status 2 of_matrix explain beta.native
  expect_output 'the row runs only with runtime=wasm'
  expect_status 2 of_matrix explain later.native
  expect_output "the row 'later' is optional, and its file is not there: tests/later.test.ts"
  : >checkout/tests/later.test.ts
  expect_status 0 "$CTEST" --test-dir build -R later
  expect_equal '[x] [x]' "$(boxes later)" 'the boxes of the row that came'
}

test_texts_of_values_make_ticks_old() {
  make_suite '  fast:
    alpha: Suite'
  sed -i 's/^axes:/axes:\n  zone: {near: UTC, far: Pacific\/Auckland}/; s/{runtime: native}/{runtime: native, zone: near}/
    s/{runtime: wasm}/{runtime: wasm, zone: far}/; s/^  scope:/  environment: {TZ: "{zone}"}\n  scope:/' checkout/matrix.yaml
  behave alpha.wasm <<<'echo "$TZ" >zone; add passed works'
  expect_status 0 "$CTEST" --test-dir build
  expect_equal Pacific/Auckland "$(cat checkout/zone)" 'the time zone'
  expect_equal '' "$(ages)" 'old ticks'
  sed -i 's/Pacific.Auckland/Pacific\/Apia/' checkout/matrix.yaml
  expect_equal '1 (alpha.wasm: environment)' "$(ages)" 'old ticks after another text'
}

test_values_that_contradict() {
  make_suite '  fast:
    alpha: Suite'
  sed -i 's/^  runtime: .*/  runtime: {native: , wasm: {command: [a, "{report}"]}}\n  build: {plain: , asan: {command: [b, "{report}"]}}/' \
    checkout/matrix.yaml
  run of_matrix list
  expect_equal 3 "$status" 'exit status'
  expect_output 'axes: runtime=wasm and build=asan contradict each other: both give `command`'
  sed -i 's/^columns:/forbid: [{runtime: wasm, build: asan}]\ncolumns:/' checkout/matrix.yaml
  expect_status 0 of_matrix list
  expect_output alpha.native.asan
  refute_output alpha.wasm.asan
}

test_expected_by_column() {
  make_suite '  fast:
    alpha: {suite: Suite, skip: {all: not yet}}
    beta: {suite: Suite, skip: {runtime: {wasm: no such thing}}}
    gamma: {suite: Suite, may_skip: {wasm: depends on the weather}}'
  local cell
  for cell in alpha.native alpha.wasm beta.wasm; do
    behave $cell <<<'add skipped one'
  done
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'SKIP - no such thing' "$(log_of beta wasm)" 'a skip by value'
  expect_equal 'SKIP - not yet' "$(log_of alpha native)" 'a skip of all'
  expect_status 0 "$CTEST" --test-dir build -R gamma -V
  refute_output 'declares this cell as skipped'
  behave gamma.wasm <<<'add skipped one'
  behave gamma.native <<<'add skipped one'
  expect_status 8 "$CTEST" --test-dir build -R gamma
  expect_equal '[ ] [x]' "$(boxes gamma)" 'the boxes'
  sed -i 's/may_skip: .*/only: {runtime: [wasm]}, skip: {native: x}}/; s/^columns:/forbid: [{runtime: wasm}]\ncolumns:/' \
    checkout/matrix.yaml
  sed -i '/^  wasm: {runtime: wasm}/d; s/beta: .*/beta: Suite/' checkout/matrix.yaml
  run of_matrix list
  expect_equal 3 "$status" 'exit status'
  expect_output "row 'gamma': only: no column has a cell with these values"
}

test_nothing_but_absent_optional_rows() {
  make_suite '  fast:
    alpha: {suite: Suite, optional: true}'
  rm checkout/tests/alpha.test.ts
  run of_matrix list
  expect_equal 3 "$status" 'exit status'
  expect_output 'rows: no row is left'
  run "$CTEST" --test-dir build
  [ "$status" != 0 ] || die 'a suite of nothing passed'
  sed -i "s/^    alpha: .*/    'a*': {optional: true}/" checkout/matrix.yaml
  run of_matrix list
  expect_equal 3 "$status" 'exit status with a pattern'
  expect_output 'rows: no row is left'
  : >checkout/tests/beta.test.ts
  echo '    beta:' >>checkout/matrix.yaml
  expect_status 0 of_matrix check
  expect_output "the optional row 'a*' is left out: its file is not there"
}

ages() {
  of_matrix report | sed -n 's/^Ticks older than what they depend on: //p'
}

test_inputs_by_default() {
  make_suite '  fast:
    alpha: Suite
    beta: Suite'
  mkdir checkout/src
  echo one >checkout/src/lib.js
  echo '# read me' >checkout/README.md
  echo out/ >checkout/.gitignore
  printf 'trace\n*.tmp\n' >>checkout/.gitignore
  mkdir checkout/sub
  echo one >checkout/sub/lib.js
  (cd checkout/sub && git init -q . && git add -A && git -c user.name=x -c user.email=x@y commit -qm begin)
  (cd checkout && git init -q . && git -c advice.addEmbeddedRepo=false add -A && git -c user.name=x -c user.email=x@y commit -qm begin)
  expect_status 0 "$CTEST" --test-dir build
  expect_equal '' "$(ages)" 'old ticks at first'
  echo two >checkout/sub/lib.js
  expect_equal 4 "$(ages | sed 's/ .*//')" 'after an edited source of a submodule'
  echo one >checkout/sub/lib.js
  expect_equal '' "$(ages)" 'with the submodule as it was'
  echo '// more' >>checkout/tests/alpha.test.ts
  expect_equal '2 (alpha.native: test file; alpha.wasm: test file)' "$(ages)" 'after an edited test file'
  expect_status 0 "$CTEST" --test-dir build -R alpha
  echo '# more' >>checkout/README.md
  mkdir -p checkout/out
  echo built >checkout/out/lib.js
  echo new >checkout/src/x.tmp
  : >checkout/tests/gamma.test.ts
  echo '    gamma: Suite' >>checkout/matrix.yaml
  expect_equal '' "$(ages)" 'after what no test reads, and a new row'
  expect_status 0 "$CTEST" --test-dir build -R gamma
  expect_equal '' "$(ages)" 'with the new row'
  echo two >checkout/src/lib.js
  expect_equal 6 "$(ages | sed 's/ .*//')" 'after an edited source'
  ages | grep -qF 'alpha.native: sources' || die "$(ages)"
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --stale --root checkout --build-dir build
  expect_equal '' "$(ages)" 'after a run of what is old'
  expect_status 0 of_matrix report --html checkout/report.html
  expect_equal '' "$(ages)" 'after a page of the report'
  behave alpha.wasm <<<'add failed broken'
  expect_status 8 "$CTEST" --test-dir build -R alpha.wasm
  rm checkout/behaviour/alpha.wasm
  expect_status 0 "$CTEST_MATRIX" known add alpha.wasm --file checkout/kept.txt --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_equal '' "$(ages)" 'after a ledger that the matrix does not name'
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm
  echo new >checkout/src/more.js
  expect_equal 6 "$(ages | sed 's/ .*//')" 'after a new file that git would track'
  rm checkout/src/more.js
  expect_equal '' "$(ages)" 'without it'
  # Said in the matrix, it is no more than that.
  sed -i 's/^rows:/inputs: [src\/lib.js]\nrows:/' checkout/matrix.yaml
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --stale --root checkout --build-dir build
  echo new >checkout/src/more.js
  expect_equal '' "$(ages)" 'with inputs of its own'
  echo three >checkout/src/lib.js
  expect_equal 6 "$(ages | sed 's/ .*//')" 'after an edit of these'
}

test_columns_come_and_go() {
  make_suite '  fast:
    alpha: Suite
    beta: {suite: Suite, only: {runtime: [native, wasm]}}'
  expect_status 0 "$CTEST" --test-dir build
  sed -i 's/^  runtime: .*/  runtime: [native, wasm, edge]/; s/^  wasm: {runtime: wasm}/  edge: {runtime: edge}/' checkout/matrix.yaml
  expect_status 0 of_matrix check
  expect_output 'demo-progress.md gets empty boxes for: edge'
  expect_output 'demo-progress.md keeps the boxes of columns that the matrix does not have: wasm'
  printf '\nMy own notes.\n' >>checkout/demo-progress.md
  expect_status 0 "$CTEST" --test-dir build -L todo
  expect_line checkout/demo-progress.md '- [x] [x] [x] alpha | Suite'
  expect_line checkout/demo-progress.md '- [x] [x] [-] beta | Suite'
  expect_line checkout/demo-progress.md 'Each row: `[native] [wasm] [edge] <file> | <suite description>`'
  expect_line checkout/demo-progress.md 'My own notes.'
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm alpha.edge' "$(begun)" 'what ran'
  expect_status 0 of_matrix report
  expect_output 'Columns that the matrix does not have: 1 (wasm)'
  expect_output 'Complete: yes'
  # A file of other columns altogether is of something else.
  sed -i 's/`\[native\] \[wasm\] \[edge\] /`[chrome] [firefox] [safari] /' checkout/demo-progress.md
  run of_matrix progress
  [ "$status" = 3 ] || die "exit status $status"
  expect_output 'has boxes for other columns'
  expect_status 0 of_matrix check
  expect_output 'has boxes for other columns altogether (chrome, firefox, safari)'
  refute_output 'gets empty boxes'
}

test_columns_come_by_whatever_axis() {
  make_suite '  fast:
    alpha: Suite'
  sed -i 's/^  runtime: .*/  config: [native]/; s/^  native: .*/  native: {config: native}/; /^  wasm: /d; s/{runtime}/{config}/g' \
    checkout/matrix.yaml
  rm -f checkout/demo-progress.md
  expect_status 0 "$CTEST" --test-dir build
  expect_line checkout/demo-progress.md '- [x] alpha | Suite'
  sed -i 's/^  config: .*/  config: [native, wasm]/; s/^  native: .*/&\n  wasm: {config: wasm}/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R wasm
  expect_line checkout/demo-progress.md '- [x] [x] alpha | Suite'
  expect_line checkout/demo-progress.md 'Config: configs (native, wasm)'
}

test_renamed_rows_keep_their_boxes() {
  make_suite '  fast:
    # of old
    alpha: {suite: Suite, timeout: 77} # kept
    beta: Suite'
  expect_status 0 "$CTEST" --test-dir build
  mkdir -p checkout/tests/http
  mv checkout/tests/alpha.test.ts checkout/tests/http/alpha.test.ts
  mv checkout/tests/beta.test.ts checkout/tests/betas.test.ts
  expect_status 0 of_matrix check --fix
  expect_line checkout/matrix.yaml '    http/alpha: {suite: Suite, timeout: 77} # kept'
  expect_line checkout/matrix.yaml '    # of old'
  expect_line checkout/demo-progress.md '- [x] [x] http/alpha | Suite'
  expect_line checkout/demo-progress.md '- [x] [x] betas | Suite'
  expect_status 0 of_matrix report
  expect_output 'Files passing on native: 2 of 2'
  refute_output 'Rows that the matrix does not have'
}

test_one_program_many_suites() {
  make_suite '  fast:
    alpha:
    beta:'
  rm -r checkout/tests
  printf '\t%s\n' 'alpha > one' 'alpha > two' 'beta > one' 'gamma > one' 'gamma > two' >checkout/listed
  sed -i "s|\"tests/{file}.test.ts\"|program|; s|^  scope: .*|  file: none\n  scope: '{suite}'\n  list: {command: [./list.sh], format: lines}|" \
    checkout/matrix.yaml
  printf '#!/bin/sh\necho asked >>asked\ncat listed\n' >checkout/list.sh
  chmod +x checkout/list.sh
  run of_matrix check
  expect_equal 3 "$status" 'exit status'
  expect_output 'rows: no row runs 2 tests that the program lists: gamma > one, gamma > two'
  expect_equal 1 "$(wc -l <checkout/asked)" 'questions to the program'
  expect_status 0 of_matrix check --fix
  expect_line checkout/matrix.yaml '    gamma:'
  expect_output '3 rows, 2 columns, 5 listed tests in 1 file: no problem found'
}

run_case "$@"
