# A day on a tree of RivetKit's shape: its template as it is shipped, the crates of both bindings under their paths, built by
# the real cargo, and driver tests by the real vitest. In the place of pnpm, which would need a network, is a script that
# calls what a package's own script calls; the engine and the logs in /tmp, which are fixed places, are left out.
# Environment: FALSE_GREEN_MODULES, the node_modules with vitest that the false-green catalogue installs.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages=rivetkit-typescript/packages

# crates: the directories of the workspace that both bindings link, as the template names them.
crates() {
  sed -n '/^  napi:/,/outputs:/s/^      - \(\(engine\|rivetkit-rust\)\/.*\)\/\*\*$/\1/p' "$source_dir/templates/rivetkit/matrix.yaml"
}

# crate_name DIRECTORY: as the template says it of those that it builds by name.
crate_name() {
  case $1 in
    engine/sdks/rust/*-protocol) echo "rivet-${1##*/}" ;;
    rivetkit-rust/packages/*-protocol) echo "rivetkit-${1##*/}" ;;
    *) echo "${1##*/}" ;;
  esac
}

# crate DIRECTORY [DEPENDENCIES]: a library; dependencies are lines of TOML.
crate() {
  mkdir -p "$1/src"
  printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n%s' "$(crate_name "$1")" "${2:-}" >"$1/Cargo.toml"
  [ -e "$1/src/lib.rs" ] || echo 'pub fn here() {}' >"$1/src/lib.rs"
}

write_crates() {
  local directory dependencies='' members=''
  for directory in $(crates); do
    crate "$directory"
    dependencies+="$(crate_name "$directory") = {path = \"../../../$directory\"}"$'\n'
    members+="\"$directory\", "
  done
  crate "$packages/rivetkit-napi" $'[lib]\ncrate-type = ["cdylib"]\n[dependencies]\n'"$dependencies"
  crate "$packages/rivetkit-wasm" $'[lib]\ncrate-type = ["cdylib", "rlib"]\n[dependencies]\n'"$dependencies"
  for directory in napi wasm; do
    echo '#[no_mangle] pub extern "C" fn answer() -> usize { envoy_client::answer() }' >"$packages/rivetkit-$directory/src/lib.rs"
  done
  mkdir -p engine/texts
  echo one >engine/texts/greeting.txt
  echo 'pub fn answer() -> usize { include_str!("../../../../texts/greeting.txt").len() }' >engine/sdks/rust/envoy-client/src/lib.rs
  # What the bare compiler does: TypeScript out of a schema, which is committed, too.
  mkdir engine/sdks/rust/envoy-protocol/schemas
  echo 'export {};' >engine/sdks/rust/envoy-protocol/schemas/v1.bare
  cat >engine/sdks/rust/envoy-protocol/build.rs <<'EOF_BUILD'
fn main() {
    println!("cargo:rerun-if-changed=schemas");
    std::fs::copy("schemas/v1.bare", "../../typescript/envoy-protocol/src/mod.ts").unwrap();
}
EOF_BUILD
  # The bundle that rivetkit-core embeds: cargo names such directories in its depfiles.
  echo 'fn main() { for name in ["ui", "tab"] { println!("cargo:rerun-if-changed=../../../frontend/dist/inspector-{name}"); } }' \
    >rivetkit-rust/packages/rivetkit-core/build.rs
  printf '[workspace]\nresolver = "2"\nmembers = [%s"%s/rivetkit-napi", "%s/rivetkit-wasm"]\n' "$members" "$packages" "$packages" >Cargo.toml
  cargo generate-lockfile --offline -q
}

write_typescript() {
  local name
  mkdir -p "$packages"/{rivetkit/src/common/bare/generated,rivetkit/tests/driver,traces/src,workflow-engine/src} \
    shared/typescript/virtual-websocket/src engine/sdks/typescript/envoy-protocol/src frontend/src
  for name in $packages/{rivetkit,traces,workflow-engine} shared/typescript/virtual-websocket engine/sdks/typescript/envoy-protocol frontend; do
    echo '{"type": "module"}' >"$name/package.json"
    echo 'export {};' >"$name/src/mod.ts"
  done
  echo 'export {};' >$packages/rivetkit/src/common/bare/generated/v1.ts
  cat >"$packages/rivetkit/tests/driver/shared-matrix.ts" <<'EOF_MATRIX'
import { describe } from "vitest";
export const describeDriverMatrix = (name, define) =>
  describe(name, () => describe("static registry", () => {
    for (const [runtime, sqlite] of [["native", "local"], ["native", "remote"], ["wasm", "remote"]])
      for (const encoding of ["bare", "cbor", "json"])
        describe(`runtime (${runtime}) / sqlite (${sqlite}) / encoding (${encoding})`, () => define(runtime));
  }));
EOF_MATRIX
  printf '%s\n' 'actor-conn Actor Connection Tests' 'raw-http raw http' 'actor-state Actor State Tests' >rows
  while read -r name title; do
    cat >"$packages/rivetkit/tests/driver/$name.test.ts" <<EOF_TEST
import { describe, test } from "vitest";
import { describeDriverMatrix } from "./shared-matrix";
describeDriverMatrix("$name", () => describe("$title", () => { test("works", () => {}); }));
EOF_TEST
  done <rows
}

# In the place of pnpm: what the scripts of the packages call, and a note of each build.
write_pnpm() {
  mkdir -p bin
  cat >bin/pnpm <<'EOF_PNPM'
#!/usr/bin/env bash
set -e
packages=rivetkit-typescript/packages
case $* in
  "test "*) shift; exec vitest run "$@" ;;
  "exec vitest "*) shift; exec "$@" ;;
esac
case $* in
  "build -F rivetkit")
    for name in $packages/{rivetkit,traces,workflow-engine} shared/typescript/virtual-websocket engine/sdks/typescript/envoy-protocol; do
      mkdir -p "$name/dist"
      cp "$name/src/mod.ts" "$name/dist/mod.js"
    done
    built=dist ;;
  *"build:inspector-ui")
    mkdir -p frontend/dist/inspector-{ui,tab}
    cp frontend/src/mod.ts frontend/dist/inspector-ui/index.js
    echo css >frontend/dist/inspector-tab/styles.css
    built=inspector ;;
  *"rivetkit-napi run build:force")
    cargo build --offline -q -p rivetkit-napi
    cp target/debug/librivetkit_napi.so $packages/rivetkit-napi/rivetkit-napi.linux-x64-gnu.node
    echo 'export {};' | tee $packages/rivetkit-napi/index.js >$packages/rivetkit-napi/index.d.ts
    built=napi ;;
  *"rivetkit-wasm run build") # for this machine: the target of wasm is not in Debian's packages
    cargo build --offline -q --release -p rivetkit-wasm --target-dir target/wasm32-unknown-unknown
    mkdir -p $packages/rivetkit-wasm/pkg
    for file in rivetkit_wasm.js rivetkit_wasm.d.ts rivetkit_wasm_bg.wasm rivetkit_wasm_bg.wasm.d.ts; do
      cp target/wasm32-unknown-unknown/release/librivetkit_wasm.so $packages/rivetkit-wasm/pkg/$file
    done
    built=wasm ;;
  *) echo "no such script: $*" >&2; exit 1 ;;
esac
echo "$built" >>builds
EOF_PNPM
  chmod +x bin/pnpm
  export PATH=$work/bin:$FALSE_GREEN_MODULES/.bin:$PATH
}

# make_tree: the repository in `upstream`, with the template's matrix.
make_tree() {
  command -v cargo >/dev/null || {
    echo '[ctest-matrix-skip] there is no cargo'
    exit 77
  }
  : "${FALSE_GREEN_MODULES:?is not set (tests/false-green)}"
  write_pnpm
  git -c init.defaultBranch=main init -q upstream
  (
    cd upstream
    write_crates
    write_typescript
    echo '{"private": true, "type": "module"}' >package.json
    printf 'target\nnode_modules\ndist\n*.node\n/builds\n/build\npkg\n/rows\nindex.js\nindex.d.ts\n' >.gitignore
    # Three of its rows; without its engine, whose address is fixed, its logs in /tmp and its rules.
    sed -e '/^# Of the driver tests/,/^progress:/{/^progress:/!d}' -e '/^logs:/d' -e '/^rules:/,$d' -e '/^rows:/,$d' \
      "$source_dir/templates/rivetkit/matrix.yaml" >matrix.yaml
    printf 'rows:\n  fast:\n    actor-conn: Actor Connection Tests\n    raw-http: raw http\n  slow:\n    actor-state: Actor State Tests\n' \
      >>matrix.yaml
    git add -A
    git -c user.name=a -c user.email=a@example.org commit -q -m 'The tree'
  )
}

# clone NAME: a fresh checkout.
clone() {
  git clone -q upstream "$1"
  ln -s "$FALSE_GREEN_MODULES" "$1/node_modules"
}

# drive CHECKOUT ARGUMENT...: `run` there.
drive() {
  local checkout=$1
  shift
  run "$CTEST_MATRIX" run "$checkout/matrix.yaml" --root "$checkout" --build-dir "$checkout/build" "$@"
  [ "$status" = 0 ] || die "run exited with $status"
}

check() {
  expect_status 0 "$CTEST_MATRIX" check "$1/matrix.yaml" --root "$1" --build-dir "$1/build"
}

builds() {
  tr '\n' ' ' <"$1/builds" | sed 's/ $//'
}

test_fresh_clone_and_edits() {
  make_tree
  clone checkout
  drive checkout only actor-conn
  expect_equal 'dist inspector napi wasm' "$(builds checkout)" 'builds of a fresh clone'
  grep -q '^- \[x\] \[x\] actor-conn ' checkout/.agent/notes/driver-test-progress.md || die 'the boxes of actor-conn'
  check checkout
  expect_output 'warning: the last build of the artifact napi read 1 file that no input names, so that a fresh checkout does not know of it: engine/texts/greeting.txt'
  expect_output 'warning: the last build of the artifact wasm read 1 file'
  refute_output 'is older'
  refute_output 'is not up to date'
  : >checkout/builds
  drive checkout only actor-conn
  expect_equal '' "$(builds checkout)" 'builds of an untouched tree'
  echo 'pub fn more() {}' >>checkout/engine/packages/metrics/src/lib.rs
  drive checkout only actor-conn
  expect_equal 'napi wasm' "$(builds checkout)" 'builds after an edit in a third crate'
  : >checkout/builds
  echo longer >checkout/engine/texts/greeting.txt
  drive checkout only actor-conn
  expect_equal 'napi wasm' "$(builds checkout)" 'builds after an edit that no glob knows'
  : >checkout/builds
  echo 'export const VERSION = 2;' >checkout/engine/sdks/rust/envoy-protocol/schemas/v1.bare
  drive checkout only actor-conn
  expect_equal 'dist inspector napi wasm' "$(builds checkout)" 'builds after an edit of a schema'
  grep -qx 'export const VERSION = 2;' checkout/engine/sdks/typescript/envoy-protocol/dist/mod.js || die 'what was bundled is old'
  : >checkout/builds
  drive checkout only raw-http
  echo '// edited' >>checkout/$packages/rivetkit/tests/driver/raw-http.test.ts
  run "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir checkout/build
  expect_output 'Ticks older than what they depend on: 2 (raw-http.native: test file; raw-http.wasm: test file)'
  expect_equal '' "$(builds checkout)" 'builds after an edit of a test file'
}

test_two_worktrees_at_once() {
  make_tree
  clone one
  git -C one worktree add -q ../two -b two
  ln -s "$FALSE_GREEN_MODULES" two/node_modules
  "$CTEST_MATRIX" run one/matrix.yaml --root one --build-dir one/build only raw-http >first 2>&1 </dev/null &
  local first=$!
  drive two only actor-state
  wait "$first" || die "the run in the first worktree failed: $(cat first)"
  local tree
  for tree in one two; do
    expect_equal 'dist inspector napi wasm' "$(builds $tree)" "builds in $tree"
  done
  grep -q '^- \[x\] \[x\] raw-http ' one/.agent/notes/driver-test-progress.md || die 'the boxes of the first worktree'
  grep -q '^- \[ \] \[ \] raw-http ' two/.agent/notes/driver-test-progress.md || die 'the boxes of the second worktree'
}

# In the home directory, with the habits of a log by hand: kept to the byte, but for the box and the line of what runs.
test_progress_file_by_hand() {
  make_tree
  clone checkout
  export HOME=$work/home CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
  mkdir -p home/.agents/notes
  sed -i 's|^progress: .*|progress: ~/.agents/notes/driver-test-progress.md|' checkout/matrix.yaml
  local progress=home/.agents/notes/driver-test-progress.md
  cat >"$progress" <<'EOF_PROGRESS'
# Driver Test Suite Progress

Started: 2026-06-03T09:23:00-07:00
Config: registry (static), encoding (bare), runtimes (native, wasm)

Each row: `[native] [wasm] <file> | <suite description>`

## Fast Tests

- [x] [ ] actor-conn | Actor Connection Tests
- [ ] [ ] raw-http | raw http

## Slow Tests

- [ ] [ ] actor-state | Actor State Tests

## Log

- 2026-06-03T09:16:50-07:00 actor-conn [native]: PASS (32s)

- 2026-06-03T09:17:51-07:00 raw-http [native]: FAIL - exit 1 after 5s

- 2026-06-03T09:19:32-07:00 raw-http [native]: PASS after a fix of the boundary (TT-047)
* 18:25 PDT raw-http rerun: PASS (3 passed, 2 skipped, 4s).
EOF_PROGRESS
  cp "$progress" before
  check checkout
  expect_output "the progress file lies outside of the checkout, for all that name it: $work/$progress"
  cmp -s before "$progress" || die 'check changed the progress file'
  [ ! -e "checkout/~" ] || die 'there is a directory called ~'
  drive checkout only raw-http runtime native
  diff before "$progress" >changed || true
  expect_equal 2 "$(grep -c '^>' changed)" 'lines that are new or another'
  grep -qxF '> - [x] [ ] raw-http | raw http' changed || die 'the box of raw-http'
  grep -q '^> - .* raw-http \[native\]: PASS (1 tests, ' changed || die 'the line of raw-http'
}

run_case "$@"
