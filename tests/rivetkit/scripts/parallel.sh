#!/usr/bin/env bash
# Whether cells in parallel get the verdicts that they get one at a time: the example at -j1, -j2 and -j4, with one engine
# for all cells and with a pool of engines, several times each. Not part of the tests: it takes about an hour.
#
# parallel.sh CTEST_MATRIX [ROW...]: of these rows, default all. REPEATS: how often each (3). Needs the packages
# (`npm ci`) here. Prints a line for each run; exits 1 when two runs differ in the verdict of a cell.
set -eu -o pipefail
tool=$(realpath "$1")
shift
example=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pattern=$(IFS='|'; echo "^(${*:-.*})\\.(native|wasm)\$")

# checkout DIR INSTANCES: the example with parallel cells.
checkout() {
  mkdir -p "$1"
  cp -r "$example"/{package.json,package-lock.json,vitest.config.ts,tsconfig.json,src,tests,scripts} "$1"
  ln -s "$example/node_modules" "$1/node_modules"
  sed -e 's/^name: .*/&\nparallel: true/' -e "s/^  engine:/&\n    instances: $2/" -e '/^check:/d' \
    -e '/^  packages:/,/^  dist:/s/npm, ci/"true"/' "$example/matrix.yaml" >"$1/matrix.yaml"
}

# verdicts JOURNAL: `cell VERDICT passed/failed/skipped` of each cell, sorted.
verdicts() {
  /usr/bin/python3 - "$1" <<'END'
import json, sys
cells = {}
for line in open(sys.argv[1]):
    record = json.loads(line)
    if record["kind"] == "cell":
        counts = record["counts"]
        cells[record["cell"]] = f'{record["verdict"]} {counts["passed"]}/{counts["failed"]}/{counts["skipped"]}'
for cell in sorted(cells):
    print(cell, cells[cell])
END
}

checkout "$work/shared" 1
checkout "$work/pool" 4
reference=
for engine in shared pool; do
  for jobs in 1 2 4; do
    for repeat in $(seq "${REPEATS:-3}"); do
      build=$work/build.$engine.$jobs.$repeat
      rm -rf "$work/$engine/.agent"
      "$tool" generate "$work/$engine/matrix.yaml" --root "$work/$engine" --build-dir "$build" >/dev/null
      begin=$SECONDS
      status=0
      ctest --test-dir "$build" -j "$jobs" -R "$pattern" >"$build/output" 2>&1 || status=$?
      verdicts "$build"/ctest-matrix/*/journal.jsonl >"$build.verdicts"
      reference=${reference:-$build.verdicts}
      echo "$engine -j$jobs, $repeat: exit status $status, $(wc -l <"$build.verdicts") cells," \
        "$(grep -c ' PASS ' "$build.verdicts" || true) passed, $((SECONDS - begin)) s"
      diff "$reference" "$build.verdicts" || { cp -r "$build" "$build.verdicts" /tmp/ && exit 1; }
    done
  done
done
