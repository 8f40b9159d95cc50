# What must hold after each round.

prepare_checks() {
  : >"$work/records"   # `<id> <cell> <verdict> <source>` of every record, in their order
  : >"$work/announced" # the same of every verdict that ctest was told
  : >"$work/ledger"
  : >"$work/journal"
  : >"$work/log"
  slow=0 slowest=0 looks=0 contests=0
}

# bearers TEXT: the processes with this text in their environment. What has ended and only waits for its parent to take
# note has none any more.
bearers() {
  # Its status says more of processes that ended meanwhile than of matches.
  grep -lsaF -- "$1" /proc/[0-9]*/environ || true
}

# eventually_none TEXT: no process bears it any more. How long that took is told; a machine under load may take longer
# than promised.
eventually_none() {
  local begun
  begun=$(now_ms)
  nobody() {
    [ -z "$(bearers "$1")" ]
  }
  eventually 30 nobody "$1" || die "left behind after $kind: $(bearers "$1" | while read -r file; do
    printf '%s (%s); ' "$(tr '\0' ' ' <"${file%/environ}/cmdline")" "${file//[!0-9]/}"
  done)"
  gone_after=$(($(now_ms) - begun))
  [ "$gone_after" -le "$slowest_of_round" ] || slowest_of_round=$gone_after
  looks=$((looks + 1))
  [ "$gone_after" -le "$slowest" ] || slowest=$gone_after
  [ "$gone_after" -le $(((grace + 1) * 1000)) ] || slow=$((slow + 1))
}

# await_end_of_the_struck: what ran below the killed process is gone, also where ctest goes on.
await_end_of_the_struck() {
  [ -z "$mark" ] || eventually_none "$mark"
}

eventually_gone() {
  eventually_none "TORTURE=$work"
}

# note_announced: the verdict lines in the output of the last run.
note_announced() {
  sed -nE 's/.*\[ctest-matrix\] ([A-Z-]+) ([a-z.]+): .*\(record ([0-9a-f-]+)\).*/\3 \2 \1 cell /p' "$work/output" \
    "$work/struck" "$work/other" >>"$work/announced" 2>/dev/null || true
}

# check_state: journal and progress file are whole and agree with what was earned.
check_state() {
  note_announced
  check_journal
  check_earned
  check_progress
}

# check_journal: what was there is there; all the rest are whole records.
check_journal() {
  local known journal=build/ctest-matrix/demo/journal.jsonl
  known=$(stat -c %s "$work/journal")
  cmp -s -n "$known" "$work/journal" "$journal" || die 'the journal is not what it was'
  tail -c "+$((known + 1))" "$journal" >"$work/part"
  run "$CMAKE" -DPART="$work/part" -DRECORDS="$work/records" -P "$here/journal.cmake"
  [ "$status" = 0 ] || die 'the journal has a line that is no record'
  cat "$work/part" >>"$work/journal"
}

# check_earned: whoever passed has said so in the ledger; what ctest was told is in the journal.
check_earned() {
  local id cell verdict unearned
  sed -n 's/^\([^ ]*\) \([^ ]*\) PASS .*/pass \1 \2/p' "$work/records" | sort >"$work/passed"
  sort "$work/ledger" >"$work/earned"
  unearned=$(comm -23 "$work/passed" "$work/earned")
  [ -z "$unearned" ] || die "recorded as passed, and did not: $unearned"
  while read -r id cell verdict _; do
    # A failure counts also where the journal could not be written.
    [ "$verdict" != PASS ] || grep -q "^$id $cell PASS " "$work/records" ||
      die "ctest was told that $cell passes, which no record says ($id)"
  done < <(sort -u "$work/announced")
  : >"$work/announced"
}

# log_lines: those of the progress file's log.
log_lines() {
  sed -n '/^## Log$/,$p' checkout/demo-progress.md
}

# check_progress: every line is one that belongs there, what was logged is there, the boxes are what the log says.
check_progress() {
  local file=checkout/demo-progress.md cell box last strange
  [ "$(tail -c 1 "$file" | od -An -tx1)" = ' 0a' ] || die 'the progress file does not end with a line'
  strange=$(grep -vxE '(# demo|# .*|Started: .*|Config: .*|Each row: .*||## (Fast Tests|Log)|A note of a person\.|- \[[ x]\] \[[ x]\] (alpha \| Alpha|beta \| Beta) Tests|- [^ ]+ (alpha|beta) \[(native|wasm)\]: (PASS \(.*\)|FAIL - .*)|- [^ ]+ ALL TESTS COMPLETE)' "$file") || true
  [ -z "$strange" ] || die "strange lines in the progress file: $strange"
  for cell in '# ' 'Started: ' 'Config: ' '## Fast Tests' '## Log' 'A note of a person.'; do
    [ "$(grep -cF -- "$cell" "$file")" -ge 1 ] || [ "$cell" = 'A note of a person.' ] || die "gone from the progress file: $cell"
  done
  log_lines >"$work/log.new"
  cmp -s -n "$(stat -c %s "$work/log")" "$work/log" "$work/log.new" || die 'the log of the progress file is not what it was'
  mv "$work/log.new" "$work/log"
  for cell in "${cells[@]}"; do
    last=$(sed -n "s/^- [^ ]* ${cell%.*} \[${cell#*.}\]: \([A-Z]*\).*/\1/p" "$work/log" | tail -n 1)
    box=$(box_of "$cell")
    case "$last $box" in
      'PASS x' | 'FAIL  ') ;;
      *) die "the box of $cell is [$box], its log ends with ${last:-nothing}" ;;
    esac
  done
}

# box_of CELL: `x` or a space
box_of() {
  local both
  both=$(boxes "${1%.*}")
  case $1 in
    *.native) printf '%s' "${both:1:1}" ;;
    *) printf '%s' "${both:5:1}" ;;
  esac
}

# check_boxes_of_the_journal: each is what the last record of its cell says, if that says anything.
check_boxes_of_the_journal() {
  local cell last
  for cell in "${cells[@]}"; do
    last=$(sed -nE "s/^[^ ]* $cell ([A-Z-]+) .*/\1/p" "$work/records" | grep -v INTERRUPTED | tail -n 1)
    case "$last $(box_of "$cell")" in
      'PASS x' | [!P]*' ') ;;
      *) die "the box of $cell is [$(box_of "$cell")], its last record is $last" ;;
    esac
  done
}

check_boxes_of_the_plan() {
  local cell outcome
  while read -r cell outcome; do
    case "$outcome $(box_of "$cell")" in
      'pass x' | 'fail  ') ;;
      *) die "the box of $cell is [$(box_of "$cell")], it was to $outcome" ;;
    esac
  done <"$work/plan"
}

report_counts() {
  local kind
  for kind in "${kinds[@]}"; do
    printf '%-10s %3d rounds%s\n' "$kind" "${counts[$kind]:-0}" "${misses[$kind]:+, ${misses[$kind]} more in which the run was over before}"
  done
  printf 'two runs at once in %s rounds\n' "$contests"
  printf 'records %s, passes %s; until nothing was left: at most %s ms, more than %s ms in %s of %s looks\n' \
    "$(wc -l <"$work/records")" "$(wc -l <"$work/passed")" "$slowest" $(((grace + 1) * 1000)) "$slow" "$looks"
}
