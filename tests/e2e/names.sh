# Names and places: what would be shadowed, or would meet, is told before anything is written, and what is carried works.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"

of_matrix() {
  "$CTEST_MATRIX" "$@" --root checkout --build-dir build
}

# expect_refused TEXT: generate says so, and nothing is written.
expect_refused() {
  rm -rf fresh
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir fresh
  expect_output "$1"
  [ ! -e fresh ] || die 'something was written'
}

test_reserved_axes() {
  make_suite "$rows"
  local word
  cp checkout/matrix.yaml good.yaml
  for word in suite file column cell report root tmp filter list path reason columns progress env env.HOME; do
    sed "s/runtime: /$word: /; s/{runtime: /{$word: /; s/{runtime}/{$word}/g; s/^  runtime:/  $word:/" good.yaml >checkout/matrix.yaml
    expect_refused "axes: no axis can be called '$word'"
    expect_output 'expected a name that is none of: cell, column,'
  done
}

# What CTest would take for a cycle, run nothing and exit 0.
test_names_that_meet() {
  make_suite "$rows"
  sed -i '/^rows:/i\services: {ready: {command: [sleep, 9], health: {log: x}}}' checkout/matrix.yaml
  expect_refused "the service 'ready' and the set-up of every cell would both be called 'demo.ready'"
}

# Names become names of files: what no file can be called is refused, and the longest that is not refused works.
test_names_too_long() {
  make_suite "$rows" 'services: {engine: {command: [sleep, 9], health: {log: x}}}
artifacts: {binding: {inputs: runner.sh, outputs: runner.sh, command: ["true"]}}
agree: {versions: [{file: matrix.yaml, pattern: "version: {value}"}, {file: matrix.yaml, pattern: "version: {value}"}]}
rules: {tidy: {forbid_text: {pattern: nowhere, files: [runner.sh]}, reason: so it is}}
profiles: {default: {}, full: {}}'
  local good long word
  good=$(cat checkout/matrix.yaml)
  long=$(printf 'n%.0s' {1..240})
  for word in demo alpha native engine binding versions tidy full; do
    sed "s/\<$word\>/$long/g" <<<"$good" >checkout/matrix.yaml
    : >"checkout/tests/$long.test.ts"
    expect_refused ' bytes; expected at most 200'
  done
  printf '%s\nprogress: notes/%s.md\n' "$good" "$long" >checkout/matrix.yaml
  expect_refused 'progress: expected a path of at most 4000 bytes, and 230 for each name in it; got'
  printf '%s\nlogs: {current: %s}\n' "$good" "$long" >checkout/matrix.yaml
  expect_refused 'logs: current: expected a path of at most 4000 bytes'
  printf '%s\n' "$good" >checkout/matrix.yaml
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir fresh --prefix "$long"
  expect_output ' bytes; expected at most 200'
}

test_longest_names() {
  local prefix name row column
  prefix=$(printf 'p%.0s' {1..90}) name=$(printf 'm%.0s' {1..80}) row=$(printf 'r%.0s' {1..99}) column=$(printf 'c%.0s' {1..10})
  make_suite "  fast:
    $row: Alpha Tests" "services: {s: {command: [sh, -c, 'echo up; sleep 1000'], health: {log: up}}}
artifacts: {a: {inputs: tests/*, outputs: runner.sh, command: ['true']}}"
  sed -i "s/demo/$name/; s/\<native\>/$column/g; \$a\\profiles: {default: {progress: $(printf 'f%.0s' {1..230})}}" checkout/matrix.yaml
  expect_status 0 of_matrix run checkout/matrix.yaml --prefix "$prefix"
  expect_status 0 of_matrix report checkout/matrix.yaml --prefix "$prefix"
  expect_output 'Files passing'
}

test_fixtures_of_two_matrices() {
  make_suite "$rows" 'services: {engine.artifact.x: {command: [sleep, 9], health: {log: x}}}'
  sed 's/^name: demo/name: demo.engine/; s/alpha:/gamma:/; s/beta:/delta:/; s/^services:.*/artifacts: {x: {inputs: matrix.yaml, outputs: matrix.yaml, command: ["true"]}}/' \
    checkout/matrix.yaml >checkout/other.yaml
  : >checkout/tests/gamma.test.ts
  : >checkout/tests/delta.test.ts
  : >checkout/tests/delta.test.ts
  expect_status 0 "$CTEST_MATRIX" generate checkout/other.yaml --root checkout --build-dir build
  expect_status 8 "$CTEST" --test-dir build -N
  tr -s ' \n' ' ' <output >said
  grep -qF 'have 1 fixtures of the same name: demo.engine.artifact.x' said || die 'the fixtures that meet are not told'
}

# Words of ours are values like others.
test_values_like_words_of_ours() {
  make_suite "$rows"
  sed -i 's/native/all/g; s/wasm/both/g; s/{runtime: \[all, both\]}/&/' checkout/matrix.yaml
  sed -i '$a\inputs: {all: [runner.sh], both: [matrix.yaml]}\nnext_steps: {both: [look], shared: [look there]}' checkout/matrix.yaml
  generate
  expect_status 0 of_matrix check checkout/matrix.yaml
  expect_status 0 of_matrix run checkout/matrix.yaml runtime all
  expect_equal 'alpha.all beta.all' "$(begun)" 'the cells of the value'
  expect_status 0 of_matrix run checkout/matrix.yaml --runtime both only alpha
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes'
  for word in none shared null; do
    sed "s/\\<all\\>/\"$word\"/g" checkout/matrix.yaml >checkout/other.yaml
    expect_status 0 of_matrix list checkout/other.yaml --prefix "$word."
    expect_output "alpha.$word"
  done
}

# The command line knows the axes of the matrix, and is not in their way.
test_axes_like_options() {
  make_suite "$rows"
  sed -i 's/^axes:/axes:\n  host: [a, b]\n  port: [p, q]\n  profile: [debug, release]\n  only: [x, y]/
    s/^columns:/profiles: {default: {host: a, port: p, profile: debug, only: x}}\ncolumns:/
    s/"{runtime}"\]/"{runtime}", "{host}", "{port}", "{profile}", "{only}"]/' checkout/matrix.yaml
  expect_status 0 of_matrix cell alpha.wasm checkout/matrix.yaml --host b --port=q --set profile=release --set only=y --print
  expect_output 'wasm b q release y'
  expect_status 0 of_matrix run --matrix checkout/matrix.yaml reset host b only alpha --set profile=release
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'the cells'
  grep -q 'host (b)' checkout/demo-progress.md || die 'the value did not arrive'
  expect_status 3 of_matrix list checkout/matrix.yaml --profile release
  expect_output "unknown profile 'release'"
  expect_output '--set profile=release'
  expect_status 2 of_matrix list checkout/matrix.yaml --hots b
  expect_status 2 of_matrix run checkout/matrix.yaml only alpha --skip alpha
  expect_output "'only alpha' and 'skip alpha' contradict each other"
  expect_status 2 of_matrix run checkout/matrix.yaml --host c
  expect_output "unknown host 'c'"
}

test_labels() {
  make_suite "$rows"
  sed -i 's/native/x/g' checkout/matrix.yaml # a part of `excluded`
  generate
  expect_status 0 of_matrix check checkout/matrix.yaml
  expect_output "warning: the label 'x' is part of the label 'excluded': \`ctest -L x\` selects both, \`ctest -L '^x\$'\` only the first [M014]"
  expect_output '1 warning'
  sed -i 's/\<x\>/todo/g' checkout/matrix.yaml
  expect_refused "the column 'todo' would be a label that has another meaning"
}

test_texts_of_several_lines() {
  local text
  for text in 'title: "a\nb"' 'title: "a\tb"' 'title: "a\x85b"' 'title: "a\u2028b"' 'forbid: [{runtime: wasm, reason: "a\nb"}]'; do
    mkdir -p checkout/tests
    rm -rf checkout
    mkdir -p checkout/tests
    : >checkout/tests/alpha.test.ts
    write_matrix '  fast:
    alpha: Alpha' "$text"
    expect_refused 'expected a text of one line, got one with U+'
  done
  write_matrix '  fast:
    alpha: {suite: Alpha, skip: {wasm: "no\nway"}}'
  expect_refused "row 'alpha': skip: the reason: expected a text of one line"
  write_matrix '  fast:
    alpha: {suite: Alpha, locks: ["a;b"]}'
  expect_refused 'expected names of one line without ; [ ]'
  write_matrix '  fast:
    alpha: {suite: Alpha, environment: {"A=B": c}}'
  expect_refused 'expected the name of a variable'
}

# A folded text ends in a newline, which is not meant.
test_folded_texts() {
  make_suite '  fast:
    alpha:
      suite: >
        Alpha
        Tests'
  expect_status 0 "$CTEST" --test-dir build
  expect_line checkout/demo-progress.md '- [x] [x] alpha | Alpha Tests'
}

test_numbers() {
  local row
  mkdir -p checkout/tests
  : >checkout/tests/alpha.test.ts
  for row in 'timeout: 604801' 'timeout: 99999999999999999999' 'timeout: 1e3' 'timeout: 0' 'timeout: nan' 'processors: 5000'; do
    write_matrix "  fast:
    alpha: {suite: Alpha, $row}"
    expect_refused 'expected a whole number from 1 to'
  done
  for row in nan inf 1e400 -1 101; do
    write_matrix "  fast:
    alpha: Alpha" "timeout_scale: {wasm: $row}"
    expect_refused 'expected a factor above 0 and up to 100'
  done
  write_matrix '  fast:
    alpha: {timeout: 604800}' 'timeout_scale: {wasm: 50}'
  expect_refused 'would be 30240000 seconds; expected at most 604800'
  sed -i 's/^  grace: .*/  grace: nan/; s/604800/60/' checkout/matrix.yaml
  expect_refused 'runner: grace: expected seconds'
}

# Two columns that run the same are no matrix.
test_copies() {
  make_suite "$rows"
  sed -i 's/, "{cell}", "{runtime}"\]/]/; /^  scope:/d' checkout/matrix.yaml
  expect_refused "the values of runtime reach nothing: the cells 'alpha.native' and 'alpha.wasm' would run the same"
  expect_output 'expected {runtime} in the runner'
  sed -i 's/^  report: vitest-json/&\n  environment: {RUNTIME: "{runtime}"}/' checkout/matrix.yaml
  generate
}

test_included_rows() {
  make_suite "$rows
  excluded:
    gamma: {reason: slow}"
  expect_status 0 env CTEST_MATRIX_INCLUDE=gamma "$CTEST" --test-dir build -R gamma
  expect_output '100% tests passed'
  expect_status 8 env CTEST_MATRIX_INCLUDE=gama "$CTEST" --test-dir build -R alpha
  tr -s ' \n' ' ' <output >said
  grep -qF "CTEST_MATRIX_INCLUDE: the matrix demo has no row 'gama', did you mean 'gamma'?" said || die 'the unknown row is not told'
  refute_output Passed
  expect_status 2 env CTEST_MATRIX_INCLUDE=gama "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  expect_status 0 of_matrix run checkout/matrix.yaml --include-excluded
  expect_equal '[x] [x]' "$(boxes beta)" 'the boxes'
}

# Which matrix of a build directory a row is of is for the matrices to know.
test_included_rows_of_one_of_two_matrices() {
  make_suite "$rows
  excluded:
    gamma: {reason: slow}"
  sed 's/^name: demo/name: other/; s/gamma:/delta:/; s/^progress:.*/progress: other.md/; s/^version: 1/&\nprefix: other./' checkout/matrix.yaml >checkout/other.yaml
  : >checkout/tests/delta.test.ts
  expect_status 0 "$CTEST_MATRIX" generate checkout/other.yaml --root checkout --build-dir build
  local name
  for name in gamma delta gamma,delta; do
    expect_equal "$((2 * $(tr , "\n" <<<"$name" | wc -l)))" \
      "$(CTEST_MATRIX_INCLUDE=$name "$CTEST" --test-dir build -N -L excluded | grep -v '(Disabled)' | grep -c '\(gamma\|delta\)[.]')" "the rows $name"
  done
  expect_status 0 env CTEST_MATRIX_INCLUDE=delta "$CTEST" --test-dir build
  expect_output '100% tests passed'
  expect_status 8 env CTEST_MATRIX_INCLUDE=delat "$CTEST" --test-dir build
  expect_status 2 env CTEST_MATRIX_INCLUDE=delat "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
}

# As with rows: what one of two matrices does not have is for the other one; what neither has is an error.
test_profile_and_value_of_one_of_two_matrices() {
  make_suite "$rows"
  sed 's/^name: demo/name: other/; s/^progress:.*/progress: other.md/; s/^version: 1/&\nprefix: other./
    s/^axes:/&\n  build: [debug, release]/; s/^runner:/profiles:\n  full: {build: release}\n  default: {build: debug}\n&/
    s/^  report: vitest-json/&\n  environment: {BUILD: "{build}"}/' checkout/matrix.yaml >checkout/other.yaml
  expect_status 0 "$CTEST_MATRIX" generate checkout/other.yaml --root checkout --build-dir build
  expect_status 0 env CTEST_MATRIX_PROFILE=full "$CTEST" --test-dir build
  expect_output '100% tests passed'
  expect_status 0 env CTEST_MATRIX_SET=build=release "$CTEST" --test-dir build
  expect_output '100% tests passed'
  local wrong
  for wrong in PROFILE=ful SET=biuld=release SET=build=fast; do
    expect_status 8 env CTEST_MATRIX_$wrong "$CTEST" --test-dir build
  done
  expect_status 3 env CTEST_MATRIX_PROFILE=full "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
}

test_row_called_all() {
  make_suite "$rows
  excluded:
    all: {reason: slow}
    gamma: {reason: slow}"
  expect_equal 2 "$(CTEST_MATRIX_INCLUDE=all "$CTEST" --test-dir build -N -L excluded | grep -c 'Test *#.*all\.')" 'the row that is called all'
  expect_equal 2 "$(CTEST_MATRIX_INCLUDE=all "$CTEST" --test-dir build -N -L excluded | grep -c 'gamma.*(Disabled)')" 'the other row'
  expect_equal 0 "$(CTEST_MATRIX_INCLUDE='*' "$CTEST" --test-dir build -N -L excluded | grep -c '(Disabled)')" 'disabled tests'
}

test_prefixes() {
  make_suite "$rows"
  local prefix
  for prefix in 'a b' 'a;b' '../x' -x /x '"' '$x' 'a
b'; do
    expect_status 2 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir fresh "--prefix=$prefix"
    expect_output '--prefix: expected letters, digits and . _ - /'
    [ ! -e fresh ] || die 'something was written'
  done
}

# What CTest 4.4 appends to each command reaches nobody; and an index goes with no matrix.
test_passed_on_arguments() {
  make_suite "$rows"
  local index
  index=$(echo build/ctest-matrix/demo/cells-*.jsonl)
  expect_status 0 "$CTEST_MATRIX" cell alpha.native --index "$index" -- --verbose other.yaml
  expect_output 'PASS alpha.native'
  expect_status 0 "$CTEST_MATRIX" ready --index "$index" -- x
  expect_status 2 "$CTEST_MATRIX" cell alpha.native checkout/matrix.yaml --index "$index"
  expect_output 'excludes'
  expect_status 2 "$CTEST_MATRIX" cell alpha.native --index "$index" --runtime wasm
  "$CTEST" --test-dir build --show-only=json-v1 | python3 -c '
import json, sys
for test in json.load(sys.stdin)["tests"]:
    assert test["command"][-1] == "--", test["command"]' || die 'a command does not end in --'
}

test_unwritable_output() {
  make_suite "$rows"
  local verb
  for verb in "list checkout/matrix.yaml" "check checkout/matrix.yaml" "report checkout/matrix.yaml" "explain alpha.wasm checkout/matrix.yaml" --version --help; do
    # shellcheck disable=SC2086
    expect_status 1 bash -c '"$@" >/dev/full' - "$CTEST_MATRIX" $verb $([[ $verb = -* ]] || echo --root checkout)
    expect_output 'could not be written'
  done
  expect_status 1 of_matrix report checkout/matrix.yaml --html /proc/nowhere/report.html
}

run_case "$@"
