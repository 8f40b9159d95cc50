# Artifacts that are older than their sources, or that are not there.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

# binding COMMAND: an artifact of the cell, made from project/binding.src.
binding() {
  echo old >project/binding.src
  more_of_matrix=$(cat <<END
artifacts:
  binding:
    inputs: [binding.src]
    outputs: [binding.node]
    command: [bash, -c, '$1']
END
  )
}

# built_once: the artifact is there and the box is ticked.
built_once() {
  runner <<<write_report
  generate
  ours
  expect_equal 0 "$ctest_status" 'the exit status of ctest'
  expect_box '[x] [ ]'
}

# stale REASON [CTEST ARGUMENTS]
stale() {
  local reason=$1
  shift
  alone
  ours "$@"
  expect_verdict SETUP "$reason"
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  note_row
}

test_source_edited() {
  class 'artifacts older than their sources' 'source edited, `ctest -FS .`'
  binding 'cp binding.src binding.node'
  built_once
  echo new >project/binding.src
  stale 'older than its inputs' -FS .
}

test_source_edited_back_in_time() {
  class 'artifacts older than their sources' 'replaced by a file with an older time, `ctest -FS .`'
  binding 'cp binding.src binding.node'
  built_once
  echo new >project/binding.src
  touch -d '2 days ago' project/binding.src
  stale 'older than its inputs' -FS .
}

test_source_added() {
  class 'artifacts older than their sources' 'a source added, `ctest -FS .`'
  binding 'cat binding*.src >binding.node'
  more_of_matrix=${more_of_matrix/\[binding.src\]/\[\"binding*.src\"\]}
  built_once
  touch -d '2 days ago' project/binding2.src
  stale 'older than its inputs' -FS .
}

test_output_replaced() {
  class 'artifacts older than their sources' 'output replaced by a copy of an old build, `ctest -FS .`'
  binding 'cp binding.src binding.node'
  built_once
  echo older >project/binding.node
  touch -d 'next hour' project/binding.node
  stale 'not the ones that were built' -FS .
}

test_never_built() {
  class 'artifacts older than their sources' 'never built here, `ctest -FS .`'
  binding 'cp binding.src binding.node'
  runner <<<write_report
  generate
  touch project/binding.node
  stale 'not built from this build directory yet' -FS .
}

test_edited_while_running() {
  class 'artifacts older than their sources' 'source edited by the cell before'
  binding 'cp binding.src binding.node'
  row=$'0: 0\na: a'
  touch project/tests/0.test.js
  runner <<'END'
write_report passed 'runtime (native)' "tests/$ROW.test.js"
echo "new" >>binding.src
END
  command='env, "ROW={file}", bash, runner.sh, "{report}", "{filter}"'
  generate
  alone
  run "$CTEST" --test-dir build -R '^(0|a)\.native$' --output-junit "$work/build/junit.xml"
  ctest_status=$status
  expect_verdict SETUP 'older than its inputs'
  note_row
}

# build_fails COMMAND TEXT
build_fails() {
  binding "$1"
  runner <<<write_report
  generate
  alone
  ours --output-on-failure
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output "$2"
  expect_processed '[ ] [ ]' 'SETUP'
  note_row '**SETUP** (`suite.artifact.binding` fails)'
}

test_build_failed() {
  class 'artifacts older than their sources' 'the build failed'
  build_fails 'echo no compiler; exit 1' 'no compiler'
}

test_built_nothing() {
  class 'artifacts older than their sources' 'the build made nothing, and exited 0'
  build_fails 'true' 'no file below'
}

run_catalogue "$@"
