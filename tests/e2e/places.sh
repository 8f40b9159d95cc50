# A checkout that is copied, moved or renamed with its build directory runs itself; paths of every kind are carried, or refused.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests"

# original: a checkout with its build directory inside, run once.
original() {
  make_suite "$rows"
  rm -rf build
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir checkout/build
  expect_status 0 "$CTEST" --test-dir checkout/build
  : >checkout/trace
}

# expect_own_run DIRECTORY: its test fails, and ctest there says so; nothing else runs.
expect_own_run() {
  echo 'add failed "here"' >"$1/behaviour/alpha.native"
  : >"$1/trace"
  expect_status 8 "$CTEST" --test-dir "$1/build" -R 'alpha.native'
  expect_output 'alpha.native (Failed)'
  expect_equal 'begin alpha.native' "$(head -n 1 "$1/trace")" 'the trace of the copy'
  grep -q '^- \[ \] \[x\] alpha' "$1/demo-progress.md" || die "the boxes of the copy: $(cat "$1/demo-progress.md")"
}

test_copied() {
  original
  cp -a checkout copy
  expect_own_run copy
  expect_equal '' "$(cat checkout/trace)" 'the trace of the original'
  grep -q '^- \[x\] \[x\] alpha' checkout/demo-progress.md || die 'the boxes of the original'
  expect_status 0 "$CTEST_MATRIX" generate copy/matrix.yaml --root copy --build-dir copy/build # the state is bound anew
}

test_copied_with_the_build_directory_beside() {
  mkdir old
  cd old
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build
  : >checkout/trace
  cd ..
  cp -a old new
  mv new/build new/checkout/build.tmp
  mv new/checkout/build.tmp new/build
  echo 'add failed "here"' >new/checkout/behaviour/alpha.native
  expect_status 8 "$CTEST" --test-dir new/build -R alpha.native
  expect_equal '' "$(cat old/checkout/trace)" 'the trace of the original'
}

test_moved() {
  original
  mv checkout elsewhere
  expect_own_run elsewhere
}

test_behind_a_link() {
  original
  ln -s checkout link
  expect_status 0 "$CTEST" --test-dir link/build -R alpha.wasm
  expect_output '100% tests passed'
  expect_own_run checkout
}

# The matrix of the copy is broken: not even then, and not without set-ups, does anything of the original run.
test_copied_and_broken() {
  original
  cp -a checkout copy
  sed -i 's/grace: 1s/graze: 1s/' copy/matrix.yaml
  local arguments
  for arguments in '' '-FA .'; do
    # shellcheck disable=SC2086
    expect_status 8 "$CTEST" --test-dir copy/build $arguments
    refute_output 'Passed'
  done
  expect_equal '' "$(cat checkout/trace)" 'the trace of the original'
}

# An index that is called in a copy, before its tests were loaded, belongs to the original.
test_copied_index() {
  original
  cp -a checkout copy
  local index
  index=$(echo copy/build/ctest-matrix/demo/cells-*.jsonl)
  expect_status 5 "$CTEST_MATRIX" cell alpha.native --index "$index"
  expect_output 'is a copy of an index'
  expect_equal '' "$(cat checkout/trace)" 'the trace of the original'
}

test_renamed_matrix() {
  make_suite "$rows"
  sed -i 's/^name: demo/name: other/' checkout/matrix.yaml
  generate
  expect_status 0 "$CTEST" --test-dir build -N
  expect_output other.ready
  refute_output demo.ready
  expect_output 'Total Tests: 3'
  generate --prefix p.
  expect_status 0 "$CTEST" --test-dir build -N
  expect_output p.alpha.native
  expect_output 'Total Tests: 3'
  generate --prefix p/q.
  expect_status 0 "$CTEST" --test-dir build
  expect_output 'p/q.alpha.native'
  expect_output '100% tests passed, 0 tests failed out of 3'
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build --prefix p/q.
}

# expect_carried NAME: a checkout, a build directory and a test run in directories of this name.
expect_carried() {
  rm -rf place
  mkdir place
  cp -a checkout "place/$1"
  mkdir "place/build $1"
  expect_status 0 "$CTEST_MATRIX" generate "place/$1/matrix.yaml" --root "place/$1" --build-dir "place/build $1"
  expect_status 0 "$CTEST" --test-dir "place/build $1"
  expect_output '100% tests passed'
  grep -q '^- \[x\] \[x\] alpha' "place/$1/demo-progress.md" || die "the boxes in $1"
}

test_paths_that_are_carried() {
  make_suite "$rows" 'artifacts: {x: {inputs: "tests/**", outputs: x, command: [touch, x]}}'
  rm -rf build checkout/demo-progress.md
  local name
  for name in 'a b' 'a;b' 'a"b' 'a$b' 'a${b}' 'a[==[b' 'a]==]b' '-a' 'a ' ' a' "a'b" 'a#b' 'a(b)' 'a@CTEST_MATRIX_NAME@' 'a%b' 'ä' 'a|b' 'a&b' 'a:b' '~a' '$<a>'; do
    expect_carried "$name"
  done
}

test_paths_that_are_refused() {
  make_suite "$rows"
  local name
  for name in 'a\b' $'a\nb' $'a\tb' $'a\x1bb' $'a\xffb'; do
    rm -rf place
    mkdir place
    cp -a checkout "place/$name"
    expect_status 3 "$CTEST_MATRIX" generate "place/$name/matrix.yaml" --root "place/$name" --build-dir fresh
    expect_output 'which CMake, CTest and Ninja cannot carry'
    [ ! -e fresh ] || die 'something was written'
  done
  local part deep=$work
  part=$(printf 'd%.0s' {1..200})
  while [ "${#deep}" -le 2047 ]; do deep+=/$part; done
  mkdir -p "$deep"
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir "$deep"
  expect_output 'of which CTest carries 2047'
}

# Nobody waits for what never comes.
test_what_is_no_file() {
  make_suite "$rows"
  rm checkout/matrix.yaml
  mkfifo checkout/matrix.yaml
  expect_status 3 timeout 10 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
  expect_output 'it is a pipe'
  expect_status 8 timeout 20 "$CTEST" --test-dir build
  refute_output Passed
  rm checkout/matrix.yaml
  mkdir checkout/matrix.yaml
  expect_status 3 timeout 10 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
  expect_output 'Is a directory'
  rmdir checkout/matrix.yaml
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("checkout/matrix.yaml")'
  expect_status 3 timeout 10 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
}

test_progress_that_is_no_file() {
  make_suite "$rows"
  local make
  for make in 'mkfifo checkout/demo-progress.md' 'mkdir checkout/demo-progress.md' 'ln -s /dev/null checkout/demo-progress.md'; do
    rm -rf checkout/demo-progress.md
    $make
    expect_status 3 timeout 10 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
    expect_output 'demo-progress.md is no regular file'
    expect_status 8 timeout 20 "$CTEST" --test-dir build
    refute_output 'Passed'
    [ ! -f checkout/demo-progress.md ] || die 'it was replaced'
  done
}

# A link may lead where no file is yet, but not where none can be.
test_progress_behind_a_link() {
  make_suite "$rows"
  rm -f checkout/demo-progress.md
  ln -s ../notes/progress.md checkout/demo-progress.md
  expect_status 3 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
  expect_output "demo-progress.md is a link to $work/notes/progress.md, whose directory is not there"
  mkdir notes
  generate
  expect_status 0 "$CTEST" --test-dir build -R alpha
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes'
  [ -L checkout/demo-progress.md ] && [ -f notes/progress.md ] || die 'the link was replaced'
  expect_status 0 "$CTEST" --test-dir build -R beta
  grep -q 'ALL TESTS COMPLETE' notes/progress.md || die "not complete: $(cat notes/progress.md)"
  ln -sf demo-progress.md checkout/demo-progress.md
  expect_status 3 timeout 10 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build
}

test_empty_last_test_log() {
  make_suite "$rows"
  mkdir -p build/Testing/Temporary
  : >build/Testing/Temporary/LastTest.log
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes'
}

# A program that never answers: CTest says so soon.
test_generator_that_hangs() {
  cp "$CTEST_MATRIX" tool
  CTEST_MATRIX=$work/tool
  make_suite "$rows"
  printf '#!/bin/sh\nexec sleep 1000\n' >tool.new
  chmod +x tool.new
  mv tool.new tool
  run timeout 50 "$CTEST" --test-dir build -R alpha
  [ "$status" = 8 ] || die "ctest exits with $status"
  refute_output Passed
}

# A copied build tree of a CMake project runs itself, or fails.
test_copied_cmake_project() {
  local tool_build=${CTEST_MATRIX%/bin/ctest-matrix}
  make_suite "$rows"
  rm -rf build
  mkdir -p checkout/sub
  cat >checkout/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(suite LANGUAGES NONE)
find_package(CTestMatrix 0.1 REQUIRED)
enable_testing()
matrix_discover_tests(demo MATRIX matrix.yaml ROOT .)
add_subdirectory(sub)
END
  echo 'matrix_discover_tests(demo MATRIX ../matrix.yaml ROOT .. PREFIX sub/)' >checkout/sub/CMakeLists.txt
  expect_status 0 cmake -S checkout -B checkout/build "-DCTestMatrix_DIR=$tool_build"
  expect_status 0 "$CTEST" --test-dir checkout/build
  expect_output '100% tests passed, 0 tests failed out of 6'
  cp -a checkout copy
  : >checkout/trace
  expect_own_run copy
  expect_equal '' "$(cat checkout/trace)" 'the trace of the original'
}

run_case "$@"
