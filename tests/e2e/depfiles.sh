# Artifacts that learn their inputs, with the real cargo, gcc and esbuild: a file that no glob of the inputs names, read by
# the build, makes the artifact and its ticks old. Where a tool is missing, its test is skipped.
# Environment: FALSE_GREEN_MODULES, the node_modules with esbuild that the false-green catalogue installs.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests"

passes() {
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
}

check() {
  expect_status 0 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout --build-dir build
}

explain() {
  expect_status 0 "$CTEST_MATRIX" explain alpha.native checkout/matrix.yaml --root checkout --build-dir build
}

# output_of FILE: what the artifact was made of, by its fingerprint.
output_of() {
  cksum <"checkout/$1"
}

# workspace ARTIFACT_KEYS: three crates, `binding` on `core` on `third`; the artifact names the sources of `binding` alone.
workspace() {
  command -v cargo >/dev/null || {
    echo '[ctest-matrix-skip] there is no cargo'
    exit 77
  }
  local crate
  for crate in binding core third; do
    mkdir -p "checkout/crates/$crate/src"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n' "$crate" >"checkout/crates/$crate/Cargo.toml"
  done
  printf '[lib]\ncrate-type = ["cdylib"]\n[dependencies]\ncore_ = {package = "core", path = "../core"}\n' >>checkout/crates/binding/Cargo.toml
  printf '[dependencies]\nthird = {path = "../third"}\n' >>checkout/crates/core/Cargo.toml
  printf '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n' >checkout/Cargo.toml
  echo '#[no_mangle] pub extern "C" fn answer() -> u32 { core_::answer() }' >checkout/crates/binding/src/lib.rs
  echo 'pub fn answer() -> u32 { third::answer() }' >checkout/crates/core/src/lib.rs
  echo 'pub fn answer() -> u32 { include_str!("answer.txt").len() as u32 }' >checkout/crates/third/src/lib.rs
  echo forty >checkout/crates/third/src/answer.txt
  printf '/target\n/out\n' >checkout/.gitignore
  git -c init.defaultBranch=main init -q checkout
  make_suite "$rows" "inputs: [runner.sh] # and not all that git knows
artifacts:
  binding:
    for: {runtime: native}
    inputs: [crates/binding/**, Cargo.toml]
    outputs: [out/binding.node]
    command: [sh, -c, 'cargo build --offline -q && mkdir -p out && cp target/debug/libbinding.so out/binding.node']
$1"
}

test_cargo_with_globs_alone() {
  workspace ''
  passes
  local before
  before=$(output_of out/binding.node)
  echo forty-two >checkout/crates/third/src/answer.txt
  passes
  expect_equal "$before" "$(output_of out/binding.node)" 'the binding after an edit in a crate that no glob names'
}

test_cargo() {
  workspace '    depfile: target/**/lib*.d'
  passes
  expect_equal '[x] [ ]' "$(boxes alpha)" boxes
  explain
  expect_output 'its last build read 4 files, 3 beside its inputs'
  check
  expect_output 'warning: the last build of the artifact binding read 3 files that no input names, so that a fresh checkout does not know of them: crates/core/src/lib.rs, crates/third/src/answer.txt, crates/third/src/lib.rs'
  local before
  before=$(output_of out/binding.node)
  echo forty-two >checkout/crates/third/src/answer.txt
  explain
  expect_output 'stale: crates/third/src/answer.txt was changed, read by the last build'
  run "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'Ticks older than what they depend on: 1 (alpha.native: artifact binding, build of binding)'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native -FA '.*' --output-on-failure
  expect_output 'SETUP - the artifact binding is older than its inputs: crates/third/src/answer.txt was changed, read by the last build'
  passes
  [ "$before" != "$(output_of out/binding.node)" ] || die 'the binding is the one from before the edit'
  before=$(stat -c '%.9Y %.9Z' checkout/out/binding.node)
  passes
  expect_equal "$before" "$(stat -c '%.9Y %.9Z' checkout/out/binding.node)" 'the binding of an untouched tree'
  sed -i 's/third::answer()/third::answer() + 1/' checkout/crates/core/src/lib.rs
  passes
  [ "$before" != "$(stat -c '%.9Y %.9Z' checkout/out/binding.node)" ] || die 'the binding is the one from before the second edit'
  check
  refute_output 'is older'
  # What cargo clean takes away, nobody knows any more.
  rm -r checkout/target
  check
  expect_output "warning: the artifact binding is not up to date: no file below $work/checkout matches its depfile target/**/lib*.d"
  passes
  check
  refute_output 'not up to date'
}

test_cargo_stale() {
  workspace '    depfile: target/**/lib*.d'
  passes
  echo forty-two >checkout/crates/third/src/answer.txt
  rm checkout/trace
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build --stale only alpha runtime native
  expect_equal alpha.native "$(begun)" 'cells of the second run'
}

# on_other VERB ARGUMENT...: on the other machine, which is a checkout elsewhere without a compiler's leavings.
on_other() {
  local verb=$1
  shift
  run "$CTEST_MATRIX" "$verb" other/matrix.yaml --root other --build-dir other-build "$@"
}

# A binding that another machine has built: what its build read has to be the same here, and counts from then on.
test_passed_on() {
  workspace '    depfile: target/**/lib*.d'
  cp -r checkout other
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --build-dir build --pack packed
  mkdir elsewhere # what the depfile of the first machine names is not there
  mv checkout elsewhere
  on_other shard --unpack packed
  expect_equal 0 "$status" 'exit status of --unpack'
  on_other check
  refute_output 'not up to date'
  refute_output 'is older'
  expect_output 'read 3 files that no input names'
  echo forty-two >other/crates/third/src/answer.txt
  on_other check
  expect_output 'warning: the artifact binding is older than its inputs: crates/third/src/answer.txt was changed, read by the last build'
  on_other shard --unpack packed
  expect_equal 5 "$status" 'exit status of --unpack beside other sources'
  expect_output 'the artifact binding was made from something else than is here: crates/third/src/answer.txt has changed, read by its build'
}

# Paths with what make gives a meaning to, and a header of the system.
test_gcc() {
  mkdir -p 'checkout/lib/with space#$'
  echo '#define N 1' >'checkout/lib/with space#$/n.h'
  printf '#include <limits.h>\n#include "../lib/with space#$/n.h"\nint main(void) { return CHAR_BIT - 8 + N; }\n' >checkout/main.c
  mkdir checkout/src
  mv checkout/main.c checkout/src
  make_suite "$rows" 'artifacts:
  program:
    for: {runtime: native}
    directory: src
    inputs: [src/**]
    outputs: [src/out/program]
    depfile: src/out/program.d
    command: [sh, -c, "mkdir -p out && echo built >>../builds && gcc -MD -MP -MF out/program.d -o out/program main.c"]'
  passes
  passes
  expect_equal 1 "$(wc -l <checkout/builds)" 'builds of an untouched tree'
  grep -q '/limits.h' checkout/src/out/program.d || die 'gcc did not name its own header'
  check
  expect_output 'read 1 file that no input names, so that a fresh checkout does not know of it: lib/with space#$/n.h'
  echo '#define N 2' >'checkout/lib/with space#$/n.h'
  check
  expect_output 'warning: the artifact program is older than its inputs: lib/with space#$/n.h was changed, read by the last build'
  passes
  expect_equal 2 "$(wc -l <checkout/builds)" 'builds after an edit'
  rm -r 'checkout/lib/with space#$'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the artifact program could not be built'
}

test_esbuild() {
  local esbuild=$FALSE_GREEN_MODULES/esbuild/bin/esbuild
  [ -e "$esbuild" ] || {
    echo '[ctest-matrix-skip] there is no esbuild'
    exit 77
  }
  mkdir -p checkout/package/src checkout/common/node_modules/dependency
  echo 'import {a} from "../../common/a"; import b from "dependency"; console.log(a, b, process.env.X)' >checkout/package/src/mod.ts
  echo 'export const a = 1' >checkout/common/a.ts
  mkdir -p checkout/node_modules
  mv checkout/common/node_modules/dependency checkout/node_modules
  rmdir checkout/common/node_modules
  echo 'module.exports = 1' >checkout/node_modules/dependency/index.js
  make_suite "$rows" "artifacts:
  dist:
    for: {runtime: native}
    directory: package
    inputs: [package/src/**]
    outputs: [package/dist/mod.js]
    depfile: package/dist/metafile-*.json
    command: [$esbuild, --bundle, src/mod.ts, --outfile=dist/mod.js, --metafile=dist/metafile-esm.json, --platform=node, '--define:process.env.X=[1]']"
  passes
  check
  expect_output 'read 1 file that no input names, so that a fresh checkout does not know of it: common/a.ts'
  echo 'export const a = 2' >checkout/common/a.ts
  passes
  grep -q 'a = 2' checkout/package/dist/mod.js || die 'dist is the one from before the edit'
  echo 'module.exports = 3' >checkout/node_modules/dependency/index.js
  passes
  grep -q 'exports = 3' checkout/package/dist/mod.js || die 'dist is the one from before the edit of a dependency'
}

run_case "$@"
