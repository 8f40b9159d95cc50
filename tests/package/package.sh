# ctest-matrix as a package for other projects: installed, moved, packed, in its build directory; the same consumer on each.
# Environment, besides that of tests/e2e/lib.sh: BUILD_DIR, the build directory of ctest-matrix.

# shellcheck source=consumer.sh
. "$(dirname "${BASH_SOURCE[0]}")/consumer.sh"

: "${BUILD_DIR:=}"

# install_to PREFIX
install_to() {
  expect_status 0 cmake --install "$BUILD_DIR" --prefix "$1"
}

test_installed() {
  consumer_suite
  install_to "$work/Präfix mit Leerzeichen"
  configure build -DCMAKE_PREFIX_PATH="$work/Präfix mit Leerzeichen"
  expect_good build
  # What is in a prefix is what is needed, and nothing of it knows where it was built.
  (cd "$work/Präfix mit Leerzeichen" && find . -type f | sort) >got
  cat >wanted <<'EOF_FILES'
./bin/ctest-matrix
./lib/cmake/CTestMatrix/CTestMatrix.cmake
./lib/cmake/CTestMatrix/CTestMatrixConfig.cmake
./lib/cmake/CTestMatrix/CTestMatrixConfigVersion.cmake
./lib/cmake/CTestMatrix/CTestMatrixTargets-debug.cmake
./lib/cmake/CTestMatrix/CTestMatrixTargets.cmake
./lib/cmake/CTestMatrix/load.cmake.in
./share/bash-completion/completions/ctest-matrix
./share/ctest-matrix/matrix.schema.json
./share/doc/ctest-matrix/CHANGELOG.md
./share/doc/ctest-matrix/README.md
./share/doc/ctest-matrix/cmake/README.md
./share/doc/ctest-matrix/copyright
./share/doc/ctest-matrix/generator/README.md
./share/doc/ctest-matrix/templates/README.md
./share/fish/vendor_completions.d/ctest-matrix.fish
./share/man/man1/ctest-matrix.1.gz
./share/zsh/site-functions/_ctest-matrix
EOF_FILES
  diff <(sed "s/-debug/-$(build_type)/" wanted) got || die 'the installed files'
  ! grep -rlF -e "$BUILD_DIR" -e "$source_dir/" "$work/Präfix mit Leerzeichen/lib" || die 'a place of the build is in the prefix'
}

build_type() {
  sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$BUILD_DIR/CMakeCache.txt" | tr '[:upper:]' '[:lower:]'
}

test_moved() {
  consumer_suite
  install_to "$work/here"
  mv "$work/here" "$work/there, später"
  configure build -DCTestMatrix_ROOT="$work/there, später"
  expect_good build
  # Moved again: what was configured says so, and does not look passed.
  mv "$work/there, später" "$work/elsewhere"
  expect_status 8 "$CTEST" --test-dir build -L fast
  expect_output 'demo.ready'
  configure build -DCTestMatrix_ROOT="$work/elsewhere"
  expect_good build
}

test_multi_config() {
  consumer_suite
  install_to "$work/prefix"
  generator='Ninja Multi-Config'
  configure build -DCMAKE_PREFIX_PATH="$work/prefix"
  expect_good build -C Debug
  expect_good build -C Release
  expect_status 0 "$CTEST" --test-dir build -C Release -R alpha.wasm
}

test_build_directory() {
  consumer_suite
  configure build -DCTestMatrix_DIR="$BUILD_DIR"
  expect_good build
  generator='Ninja Multi-Config'
  configure several -DCTestMatrix_DIR="$BUILD_DIR"
  expect_good several -C Debug
}

test_nested() {
  consumer_suite
  install_to "$work/prefix"
  expect_status 0 cmake -G Ninja -S nested -B build -DCONSUMER="$place/consumer" -DCHECKOUT="$place/checkout" \
    -DCMAKE_PREFIX_PATH="$work/prefix"
  printf 'around.own\nconsumer.own\n%s\n' "$matrix_tests" | expect_tests build
  expect_status 0 "$CTEST" --test-dir build --output-on-failure
  expect_output '100% tests passed, 0 tests failed out of 7'
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes of a row'
  # Alone, with the fixture that it needs.
  expect_status 0 "$CTEST" --test-dir build -R '^beta\.wasm$'
  expect_output '100% tests passed, 0 tests failed out of 2'
}

test_without_testing() {
  consumer_suite
  install_to "$work/prefix"
  configure build -DCMAKE_PREFIX_PATH="$work/prefix" -DBUILD_TESTING=OFF
  expect_status 0 cmake --build build
  expect_tests build </dev/null
  # ctest-matrix itself needs nothing of its tests then.
  expect_status 0 cmake -G Ninja -S "$source_dir" -B tool -DBUILD_TESTING=OFF -DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON
  expect_tests tool </dev/null
}

# version VERSION: whether find_package takes the installed one for it.
version() {
  cat >versions/CMakeLists.txt <<EOF_CMAKE
cmake_minimum_required(VERSION 3.25)
project(versions LANGUAGES NONE)
find_package(CTestMatrix $1 CONFIG)
if(NOT CTestMatrix_FOUND)
  message(FATAL_ERROR "refused")
endif()
message(STATUS "version \${CTestMatrix_VERSION}")
EOF_CMAKE
  run cmake -G Ninja -S versions -B versions/build -DCMAKE_PREFIX_PATH="$work/prefix"
}

test_versions() {
  install_to "$work/prefix"
  mkdir versions
  local known
  known=$("$work/prefix/bin/ctest-matrix" --version)
  known=${known#ctest-matrix }
  for good in '' "${known%.*}" "$known" "$known EXACT"; do
    version "$good"
    expect_equal 0 "$status" "find_package(CTestMatrix $good)"
    expect_output "version $known"
  done
  for bad in 0.0.9 1 99.0 "$known.1"; do
    version "$bad"
    expect_equal 1 "$status" "find_package(CTestMatrix $bad)"
    expect_output refused
  done
}

# pack GENERATOR: what cpack makes, in `packed`.
pack() {
  expect_status 0 cpack -G "$1" --config "$BUILD_DIR/CPackConfig.cmake" -B "$work/packed"
}

# linked_packages PROGRAM: the Debian packages of the libraries that it is linked with, whatever their version says.
linked_packages() {
  local library file
  objdump -p "$1" | sed -n 's/^ *NEEDED *//p' | while read -r library; do
    # Where the linker finds it; of /lib and /usr/lib, which are one directory, dpkg knows only one.
    file=$(ldd "$1" | sed -n "s|^[[:space:]]*$library => \([^ ]*\) .*|\1|p; s|^[[:space:]]*\(/[^ ]*/$library\) .*|\1|p")
    { dpkg -S "/usr${file#/usr}" || dpkg -S "${file#/usr}"; } 2>/dev/null | cut -d: -f1
  done | sort -u
}

# The package depends on each library that its program is linked with.
expect_library_dependencies() {
  local library count=0
  for library in $(linked_packages unpacked/usr/bin/ctest-matrix); do
    grep -qx "$library" dependencies || die "the package does not depend on $library; it does on: $(cat dependencies)"
    count=$((count + 1))
  done
  [ "$count" -ge 5 ] || die "expected libraries that the program is linked with, got $count"
  for library in libfmt9 libyaml-cpp0.7 libpugixml1v5 libc6; do
    grep -qx "$library" dependencies || die "the package does not depend on $library"
  done
}

test_deb() {
  pack DEB
  local package
  package=$(echo packed/*.deb)
  expect_equal "packed/ctest-matrix_$(sed -n 's/^set(CPACK_PACKAGE_VERSION "\(.*\)")/\1/p' "$BUILD_DIR/CPackConfig.cmake")-1_$(dpkg --print-architecture).deb" \
    "$package" 'the name of the package'
  dpkg-deb -x "$package" unpacked
  expect_equal ctest-matrix "$(dpkg-deb -f "$package" Package)" 'its name'
  dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort -u >dependencies
  grep -qx cmake dependencies || die 'the package does not depend on CMake, which brings CTest'
  if grep -q '^CTEST_MATRIX_SHARED_LIBRARIES:[A-Z]*=ON' "$BUILD_DIR/CMakeCache.txt"; then
    expect_library_dependencies
  else
    expect_equal cmake "$(cat dependencies)" 'what a static program depends on'
  fi
  [ -s unpacked/usr/share/doc/ctest-matrix/copyright ] || die 'no copyright file'
  # The paths in it are below /usr, readable by everyone, and nobody's but root's.
  expect_equal '' "$(dpkg-deb -c "$package" | grep -v '^[d-]rw[x-]r-[x-]r-[x-] root/root .* \./usr/' | grep -v ' \./$')" \
    'files with another mode or owner, or beside /usr'
  # That the address of who publishes it is none yet is for them to mend.
  expect_status 0 lintian --allow-root --fail-on error --suppress-tags bogus-mail-host "$package"
  mv unpacked "unpacked ü"
  local packed="$work/unpacked ü"
  consumer_suite
  configure build -DCMAKE_PREFIX_PATH="$packed/usr"
  expect_good build
}

# own_cases PROGRAM CASE...: cases of ctest-matrix's own end-to-end tests, as `suite.case`, with a program from elsewhere.
own_cases() {
  local program=$1 name
  shift
  for name; do
    run env CTEST_MATRIX="$program" bash "$source_dir/tests/e2e/${name%%.*}.sh" "${name#*.}"
    [ "$status" = 0 ] || die "$name: exit status $status"
  done
}

test_deb_in_use() {
  pack DEB
  dpkg-deb -x packed/*.deb 'unpacked ü'
  own_cases "$work/unpacked ü/usr/bin/ctest-matrix" generate.full_profile \
    verdicts.pass verdicts.fail run.stops_and_resumes
}

test_archive_in_use() {
  pack TGZ
  mkdir 'unpacked ü'
  tar -xzf packed/*.tar.gz -C 'unpacked ü' --strip-components=1
  own_cases "$work/unpacked ü/bin/ctest-matrix" artifacts.order \
    services.up_by_the_fixture progress.hand_edits_stand
}

test_archive() {
  pack TGZ
  local archive packed
  archive=$(echo packed/*.tar.gz)
  mkdir 'ausgepackt, mit Ümlaut'
  tar -xzf "$archive" -C 'ausgepackt, mit Ümlaut'
  packed=$(echo "$work"/ausgepackt*/*)
  expect_equal "$(basename "$archive" .tar.gz)" "$(basename "$packed")" 'the one directory of the archive'
  install_to "$work/prefix"
  diff <(cd prefix && find . -type f | sort) <(cd "$packed" && find . -type f | sort) ||
    die 'the archive holds other files than an installation'
  consumer_suite
  configure build -DCMAKE_PREFIX_PATH="$packed"
  expect_good build
}

run_case "$@"
