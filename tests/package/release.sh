# What stands on a release page. The case `files` makes it; it is the set-up of the others. Environment, besides that of
# tests/e2e/lib.sh: BUILD_DIR, the build directory of ctest-matrix; RELEASE, where its files are, and stay; PYTHON.

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

: "${BUILD_DIR:=}" "${RELEASE:=}" "${PYTHON:=python3}"
version=$(sed -n 's/^  VERSION //p' "$source_dir/CMakeLists.txt")
top=ctest-matrix-$version

# make_release SOURCE OUTPUT
make_release() {
  expect_status 0 "$PYTHON" -B "$source_dir/cmake/release/release.py" --source "$1" --version "$version" --output "$2" \
    --url https://example.org/download "$BUILD_DIR"
}

test_files() {
  make_release "$source_dir" "$RELEASE"
  local cpu architecture
  architecture=$(dpkg --print-architecture)
  cpu=${architecture/amd64/x64}
  cat >wanted <<EOF_FILES
CHANGES.md
SHA256SUMS
$top-cmake.tar.gz
$top-linux-$cpu-licences.txt
$top-linux-$cpu.spdx.json
$top-linux-$cpu.tar.gz
$top-source.tar.gz
ctest-matrix_$version-1_$architecture.deb
npm-ctest-matrix-$version.tgz
npm-ctest-matrix-linux-$cpu-$version.tgz
recipes/conan/conanfile.py
recipes/homebrew/ctest-matrix.rb
recipes/vcpkg/portfile.cmake
recipes/vcpkg/vcpkg.json
EOF_FILES
  (cd "$RELEASE" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort) >got
  LC_ALL=C sort wanted | diff - got || die 'the files of the release'
  (cd "$RELEASE" && sha256sum --quiet -c SHA256SUMS) || die 'the checksums'
  expect_equal 13 "$(wc -l <"$RELEASE/SHA256SUMS")" 'files with a checksum'
  grep -q '^### Added' "$RELEASE/CHANGES.md" || die 'no section of the changelog'
  ! grep -rn '@[A-Z]*@' "$RELEASE/recipes" || die 'a recipe has a place that was not filled'
  grep -q "$(sha256sum "$RELEASE/$top-source.tar.gz" | cut -d' ' -f1)" "$RELEASE/recipes/homebrew/ctest-matrix.rb" ||
    die 'the checksum in a recipe'
  # One program in all of them.
  tar -xzf "$RELEASE/$top-linux-$cpu.tar.gz"
  dpkg-deb -x "$RELEASE"/*.deb deb
  mkdir npm cmake
  tar -xzf "$RELEASE/npm-ctest-matrix-linux-$cpu-$version.tgz" -C npm
  tar -xzf "$RELEASE/$top-cmake.tar.gz" -C cmake
  local program
  for program in deb/usr/bin npm/package/bin cmake/*/programs/*; do
    cmp "$top-linux-$cpu/bin/ctest-matrix" "$program/ctest-matrix" || die "another program in $program"
  done
  # Each library of the program is in the bill of materials, with its licence and the text of it.
  local library
  for library in libfmt-dev libyaml-cpp-dev libpugixml-dev zlib1g-dev nlohmann-json3-dev libcli11-dev libstdc++-12-dev; do
    grep -q "^$library [0-9]" "$RELEASE/$top-linux-$cpu-licences.txt" || die "the licence of $library"
  done
  "$PYTHON" - "$RELEASE/$top-linux-$cpu.spdx.json" <<'EOF_PYTHON' || die 'the bill of materials'
import json, re, sys
sbom = json.load(open(sys.argv[1]))
assert sbom["spdxVersion"] == "SPDX-2.3" and sbom["dataLicense"] == "CC0-1.0" and sbom["SPDXID"] == "SPDXRef-DOCUMENT"
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"])
ids = [each["SPDXID"] for each in sbom["packages"]]
assert len(ids) == len(set(ids)) and all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", each) for each in ids), ids
assert {each["relatedSpdxElement"] for each in sbom["relationships"]} == set(ids)
assert {each["name"] for each in sbom["packages"]} >= {"ctest-matrix", "libfmt-dev", "libyaml-cpp-dev", "zlib1g-dev", "libc6-dev"}
assert all(each["downloadLocation"] and each["licenseDeclared"] and each["versionInfo"] for each in sbom["packages"])
EOF_PYTHON
}

# Made again from another checkout, in another directory, later, by somebody with other habits: the same bytes.
test_same_bytes() {
  git clone -q --no-hardlinks "$source_dir" "$work/ein Klon"
  git -C "$work/ein Klon" checkout -q "$(git -C "$source_dir" rev-parse HEAD)"
  mkdir "$work/tmp"
  umask 077
  TZ=Pacific/Auckland TMPDIR=$work/tmp LC_ALL=C make_release "$work/ein Klon" "$work/again"
  diff -r "$RELEASE" "$work/again" || die 'other bytes'
  expect_equal '' "$(ls -A "$work/tmp")" 'what is left behind'
}

# A real apt knows the directory for a repository, and gets the package from it.
test_apt() {
  expect_status 0 "$PYTHON" -B "$source_dir/cmake/release/apt.py" --from "$RELEASE" --output "$work/apt repository"
  ln -s 'apt repository' "$work/apt"
  mkdir -p root/state/lists/partial root/cache/archives/partial root/etc download
  : >root/status
  echo "deb [trusted=yes] file:$work/apt ./" >root/etc/sources.list
  cat >apt.conf <<EOF_CONF
Dir::State "$work/root/state";
Dir::State::status "$work/root/status";
Dir::Cache "$work/root/cache";
Dir::Etc "$work/root/etc";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::parts "/dev/null";
APT::Sandbox::User "";
EOF_CONF
  export APT_CONFIG=$work/apt.conf
  expect_status 0 apt-get update
  refute_output 'W:'
  cd download
  expect_status 0 apt-get download ctest-matrix
  cmp ./*.deb "$RELEASE"/*.deb || die 'the package that apt gets'
  # A package that is not the one of the index is refused.
  rm ./*.deb
  echo >>"$work/apt repository/$(basename "$RELEASE"/*.deb)"
  run apt-get download ctest-matrix
  [ "$status" != 0 ] || die 'another package is taken'
}

# A CMake project fetches the archive: it builds nothing, and needs no compiler. Where a package is installed, that one is
# taken; where no program of the archive fits, its source.
test_fetch_content() {
  mkdir -p shop/t
  printf 'print "1..1\nok 1 - works\n";\n' >shop/t/basic.t
  cat >shop/CMakeLists.txt <<EOF_CMAKE
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
include(FetchContent)
FetchContent_Declare(CTestMatrix URL "file://$RELEASE/$top-cmake.tar.gz" FIND_PACKAGE_ARGS $version)
FetchContent_MakeAvailable(CTestMatrix)
include(CTest)
matrix_discover_tests(shop MATRIX matrix.yaml)
EOF_CMAKE
  cat >shop/matrix.yaml <<'EOF_MATRIX'
version: 1
name: shop
axes: {runtime: [perl]}
columns: {perl: {runtime: perl}}
runner:
  command: [perl, "t/{file}.t"]
  report: tap
rows: {fast: {basic: Basic}}
EOF_MATRIX
  export CXX=/nonexistent/c++ CC=/nonexistent/cc
  expect_status 0 cmake -G Ninja -S shop -B build
  expect_status 0 "$CTEST" --test-dir build
  expect_output '100% tests passed, 0 tests failed out of 2'
  sed -i 's/ok 1/not ok 1/' shop/t/basic.t
  expect_status 8 "$CTEST" --test-dir build
  sed -i 's/not ok 1/ok 1/' shop/t/basic.t
  # Copied with its build directory, it runs the program of the copy.
  mkdir copy elsewhere
  cp -r shop build copy/
  mv shop build elsewhere/
  expect_status 0 "$CTEST" --test-dir copy/build
  expect_output '100% tests passed, 0 tests failed out of 2'
  rm -rf build # where CTest has its logs
  mv elsewhere/* .
  mkdir prefix
  tar -xzf "$RELEASE/$top"-linux-*.tar.gz -C prefix --strip-components=1
  expect_status 0 cmake -G Ninja -S shop -B found -DCMAKE_PREFIX_PATH="$work/prefix"
  [ ! -e found/_deps/ctestmatrix-src ] || die 'it was fetched although a package is installed'
  expect_status 0 "$CTEST" --test-dir found
  # A program of another machine does not run here.
  mkdir unpacked
  tar -xzf "$RELEASE/$top-cmake.tar.gz" -C unpacked --strip-components=1
  printf '\177ELF' >"$(echo unpacked/programs/*/ctest-matrix)"
  run cmake -G Ninja -S shop -B built -DFETCHCONTENT_SOURCE_DIR_CTESTMATRIX="$work/unpacked"
  [ "$status" != 0 ] || die 'it was built without a compiler'
  expect_output 'ctest-matrix is built from its source'
  expect_output '/nonexistent/c++'
}

run_case "$@"
