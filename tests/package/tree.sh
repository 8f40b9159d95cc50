# ctest-matrix built by the project that uses it: with add_subdirectory, and with FetchContent. The case `subdirectory`
# makes the one build that both use; it is the set-up of the others. Its sources are reached by a path that is hard to
# quote. Environment, besides that of tests/e2e/lib.sh: TREE, where that build is, and stays.

# shellcheck source=consumer.sh
. "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"

: "${TREE:=}"
tool=_deps/ctestmatrix-build/bin

# Two cases never have the tree at once. A project with tests of its own must not have to bring GoogleTest for ours.
configure_tree() {
  consumer_suite "$TREE"
  ln -sfn "$source_dir" 'die Quelle'
  configure tree -DSOURCE="$TREE/die Quelle" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
    -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON "$@"
}

test_subdirectory() {
  configure_tree -DFROM=subdirectory -DBUILD_TESTING=ON
  expect_status 0 cmake --build tree -j2
  expect_good tree
  # It installs nothing into the prefix of the project that uses it, unless that says so.
  expect_status 0 cmake --install tree --prefix "$work/prefix"
  [ ! -e "$work/prefix" ] || die "installed: $(find "$work/prefix")"
}

test_subdirectory_installed() {
  configure_tree -DFROM=subdirectory -DBUILD_TESTING=ON -DCTEST_MATRIX_INSTALL=ON
  expect_status 0 cmake --install tree --prefix "$work/prefix" --component ctest-matrix
  cmp "tree/$tool/ctest-matrix" "$work/prefix/bin/ctest-matrix" || die 'the installed program'
  configure installed -DCMAKE_PREFIX_PATH="$work/prefix"
  expect_good installed
  rm -rf installed
  configure_tree -DFROM=subdirectory -DCTEST_MATRIX_INSTALL=OFF
}

test_fetch_content() {
  configure_tree -DFROM=fetch -DBUILD_TESTING=ON
  # What add_subdirectory built is what FetchContent builds.
  expect_status 0 cmake --build tree -j2
  refute_output 'Building CXX'
  expect_good tree
}

# in_root ARGUMENTS...: the program in `root`, where there is nothing else but /dev/null.
in_root() {
  if [ "$(id -u)" = 0 ]; then
    run chroot root /ctest-matrix "$@"
  else
    run unshare --user --map-root-user --mount bash -c \
      'mount --bind /dev/null root/dev/null && exec chroot root /ctest-matrix "$@"' in_root "$@"
  fi
  [ "$status" = 0 ] || die "in an empty root: exit status $status: $*"
}

# Linked statically, the program needs no library, no shell and no /proc where it runs.
test_empty_root() {
  local where=(/suite/matrix.yaml --root /suite --build-dir /build) PATH=$PATH:/usr/sbin
  cd "$work"
  mkdir -p root/dev root/tmp root/suite/tests
  cp "$TREE/tree/$tool/ctest-matrix" root/
  expect_equal '' "$(objdump -p root/ctest-matrix | grep NEEDED)" 'the libraries of a static program'
  if [ "$(id -u)" = 0 ]; then mknod root/dev/null c 1 3; else : >root/dev/null; fi
  : >root/suite/tests/alpha.test
  cat >root/suite/matrix.yaml <<'EOF_MATRIX'
version: 1
name: bare
axes:
  runtime: [native]
columns:
  native: {runtime: native}
runner:
  command: [/ctest-matrix, --version]
  report: exit-code
rows:
  fast:
    alpha: Alpha Tests
EOF_MATRIX
  in_root --version
  in_root check "${where[@]}"
  expect_output 'no problem found'
  in_root generate "${where[@]}"
  expect_output 'bare: 1 cells'
  in_root list "${where[@]}"
  expect_output 'alpha.native'
  in_root cell alpha.native "${where[@]}"
  expect_output '[ctest-matrix] PASS alpha.native'
}

# In a directory of its own: in one that had tests, CMake leaves them for CTest to find.
test_without_testing() {
  consumer_suite
  local from
  for from in subdirectory fetch; do
    configure $from -DFROM=$from -DSOURCE="$source_dir" -DBUILD_TESTING=OFF -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON
    expect_tests $from </dev/null
  done
}

# With several configurations the tests of each run the program of that configuration. It is not built for a second time
# here: a copy stands where the build of that configuration would put it.
test_fetch_content_multi_config() {
  consumer_suite
  ln -sfn "$source_dir" 'die Quelle'
  generator='Ninja Multi-Config'
  configure build -DFROM=fetch -DSOURCE="$place/die Quelle" \
    -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON
  local program
  for config in Debug Release; do
    program=build/$tool/$config/ctest-matrix
    expect_status 0 ninja -C build -f "build-$config.ninja" -n "$tool/$config/ctest-matrix"
    # Not built yet: nothing looks passed.
    expect_status 8 "$CTEST" --test-dir build -C $config
    mkdir -p "${program%/*}"
    cp "$TREE/tree/$tool/ctest-matrix" "$program"
    expect_good build -C $config
    rm "$program"
    rm -rf build/ctest-matrix/demo/last-good.cmake
  done
}

run_case "$@"
