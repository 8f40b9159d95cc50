#!/usr/bin/env bash
# Prints the table of the catalogue, from the rows that its cases left in the directory FALSE_GREEN_ROWS. A case that
# failed, or that this machine cannot produce, has no row and is named.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${FALSE_GREEN_ROWS:?is not set (where the rows are)}"
cases=(filter file skipped shrunk reports ending markers retried service artifact ctest clock disk)
missing=()
table=
for file in "${cases[@]}"; do
  for name in $("$BASH" "$here/$file.sh" --list); do
    row=$FALSE_GREEN_ROWS/$file.$name.md
    if [ -s "$row" ]; then table+=$(cat "$row")$'\n'; else missing+=("$file.$name"); fi
  done
done
count() {
  grep -cE "$1" <<<"${table%$'\n'}" || true
}
printf 'cases: %s; the bare runner exits 0 in %s, plain CTest passes or skips %s\n' \
  "$(count '^')" "$(count '\| exit 0 \|')" "$(count '\| (Passed|Skipped|exit 0[^|]*) \| [^|]*\|$')"
[ ${#missing[@]} = 0 ] || printf 'without a row: %s\n' "${missing[*]}"
printf '\n| what happened | bare runner | plain `add_test` | ctest-matrix |\n| --- | --- | --- | --- |\n%s' "$table"
