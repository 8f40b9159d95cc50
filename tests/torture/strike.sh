# The strikes: what is done to a run, and when. `verb` is what else ctest calls of ours, `beneath` the ctest below `run`,
# `frozen` stops the guardians before it kills the rest, `together` kills all of ours and who called them.

read -ra kinds <<<"${TORTURE_KINDS:-launcher ctest runner service supervisor guardian abandoned orphaned interrupt disk verb frozen together}"

# ours REGEX [COMM]: the processes of this test whose command line matches, by name of their main thread where given.
ours() {
  local process pid comm
  for process in $(grep -lsaP -- "$1" /proc/[0-9]*/cmdline); do
    pid=${process#/proc/}
    pid=${pid%/cmdline}
    comm=''
    read -r comm 2>/dev/null <"/proc/$pid/comm" || true
    if [ "$comm" = "${2:-$comm}" ] && grep -qsaF "TORTURE=$work" "/proc/$pid/environ"; then
      printf '%s\n' "$pid"
    fi
  done
}

parent_of() {
  sed -n 's/^PPid:\t//p' "/proc/$1/status" 2>/dev/null
}

# What else ctest calls of ours: the verbs before and behind the cells, and what loads the tests.
verbs() {
  ours 'ctest-matrix\x00(ready|artifact|service|generate)\x00' ctest-matrix
}

# The ctest below `run`.
ctests() {
  ours '^[^\x00]*ctest\x00' ctest | while read -r pid; do
    [ "$(parent_of "$pid")" != "$struck_run" ] || printf '%s\n' "$pid"
  done
}

launchers() {
  ours 'ctest-matrix\x00cell\x00' ctest-matrix
}

runners() {
  ours '\./runner\.sh\x00' bash | while read -r pid; do
    [ "$(cat "/proc/$(parent_of "$pid")/comm" 2>/dev/null)" != matrix-guardian ] || printf '%s\n' "$pid"
  done
}

# The process of the service, not its daemon, which has the same command line; its shell while it starts.
services() {
  local pid
  ours 'daemon health \$ENGINE_PORT' sh
  ours '\x00health\x00' child | while read -r pid; do
    ! grep -qs 'socket:' <(ls -l "/proc/$pid/fd" 2>/dev/null) || printf '%s\n' "$pid"
  done
}

supervisors() {
  local pid
  for pid in $(service_supervisors); do
    ! grep -qsaF "TORTURE=$work" "/proc/$pid/environ" || printf '%s\n' "$pid"
  done
}

# parents PID...: of those that are there
parents() {
  local pid
  for pid in "$@"; do
    parent_of "$pid"
  done
}

# victims: what this round's kind is to kill, or nothing as long as that is not there.
victims() {
  local first second
  case $kind in
    launcher) launchers ;;
    verb) verbs ;;
    beneath) ctests ;;
    frozen) parents $(runners) $(services) ;;
    together)
      first=$(launchers) second=$(supervisors)
      [ -z "$first$second" ] || printf '%s\n' $first $second $(parents $(runners) $(services)) "$ctest" $other
      ;;
    runner) runners ;;
    service) services ;;
    supervisor) supervisors ;;
    guardian) parents $(runners) ;;
    abandoned)
      first=$(launchers) second=$(parents $(runners))
      [ -z "$first" ] || [ -z "$second" ] || printf '%s\n' "$first" "$second"
      ;;
    orphaned)
      first=$(supervisors) second=$(parents $(services))
      [ -z "$first" ] || [ -z "$second" ] || printf '%s\n' "$first" "$second"
      ;;
  esac
}

# measure_run: how long an undisturbed run takes, in $run_ms.
measure_run() {
  local begun
  slowest_of_round=0
  begun=$(now_ms)
  expect_status 0 tortured_run
  run_ms=$(($(now_ms) - begun))
  note_announced
  check_state
}

# draw_delay: how long the service takes to start, in $delay (ms); half of the time not at all.
draw_delay() {
  draw 2
  delay=0
  if [ "$drawn" = 0 ]; then
    draw 500
    delay=$drawn
  fi
  printf '0.%03d\n' "$delay" >"$work/delay"
}

# draw_moment: any time of the run, while the service starts, or shortly after the begin or the end of a cell.
draw_moment() {
  local after
  draw 5
  [ "$kind" != verb ] || drawn=0 # most of them run before the first cell begins
  case $drawn in
    0)
      draw "$run_ms"
      moment="0 $drawn"
      ;;
    4)
      draw $((delay + 300))
      moment="0 $drawn"
      ;;
    1)
      draw ${#cells[@]}
      after=$((2 * drawn + 1))
      draw 100
      moment="$after $drawn"
      ;;
    *)
      draw ${#cells[@]}
      after=$((2 * drawn + 2))
      draw 60
      moment="$after $drawn"
      ;;
  esac
}

# launch NAME: a run in a group of its own, its output in $work/NAME, its process in $launched.
launch() {
  local command
  mapfile -d '' command < <(driver)
  (
    ulimit -f "$limit"
    exec setsid env --default-signal=INT TORTURE="$work" "${command[@]}"
  ) >"$work/$1" 2>&1 </dev/null &
  launched=$!
}

# launch_struck_run: the run that is struck is $struck_run; in a third of the rounds there is another one of the same
# checkout, and one of the two waits for the other. $ctest is the first one.
launch_struck_run() {
  limit=unlimited
  ballast=''
  if [ "$kind" = disk ]; then
    draw 2
    if [ "$drawn" = 0 ] || [ "$disk" != 'a disk of its own' ]; then
      # The journal is the largest file there is.
      draw 8
      limit=$(($(stat -c %s build/ctest-matrix/demo/journal.jsonl) / 1024 + drawn))
    else
      draw 65536
      ballast=$drawn # bytes that stay free
    fi
  fi
  launch struck
  ctest=$launched struck_run=$launched other=''
  draw 3
  if [ "$drawn" = 0 ]; then
    draw 300
    sleep "$(printf '0.%03d' "$drawn")"
    launch other
    other=$launched
    contests=$((contests + 1))
    draw 2
    [ "$drawn" = 0 ] || struck_run=$other
  fi
}

running() {
  kill -0 "$ctest" 2>/dev/null || { [ -n "$other" ] && kill -0 "$other" 2>/dev/null; }
}

# await_moment: until as many lines are in the trace as $moment says, and then its milliseconds.
await_moment() {
  local lines=() wanted=${moment% *}
  while running && [ "${#lines[@]}" -lt "$wanted" ]; do
    sleep 0.005
    mapfile -t lines 2>/dev/null <checkout/trace || true
  done
  sleep "$(printf '0.%03d' $((${moment#* } % 1000)))"
  sleep $((${moment#* } / 1000))
}

# mark_of PID: the entry of its environment that all processes of the same cell, or of the same start of the service, have.
mark_of() {
  grep -aoP '^CTEST_MATRIX_(RUN|SERVICE)=.*' <(tr '\0' '\n' 2>/dev/null <"/proc/$1/environ") | head -n 1
}

# strike: fails when the run was over before there was something to strike.
strike() {
  local found='' struck=''
  mark=''
  case $kind in
    ctest) kill -KILL "$struck_run" 2>/dev/null ;;
    interrupt) kill -INT -- "-$struck_run" 2>/dev/null ;;
    disk)
      if [ -n "$ballast" ]; then
        head -c 64m /dev/zero >ballast 2>/dev/null || true
        truncate -s "-$ballast" ballast
      fi
      running
      ;;
    *)
      while running; do
        found=$(victims)
        if [ "$kind" = verb ] && [ -n "$found" ]; then
          mapfile -t struck <<<"$found"
          draw ${#struck[@]}
          found=${struck[drawn]} struck=''
        fi
        case $kind in
          launcher | runner | guardian) struck=$(runners | head -n 1) ;;
          service | supervisor) struck=$(services | head -n 1) ;;
        esac
        [ -z "$struck" ] || mark=$(mark_of "$struck") || true
        if [ "$kind" = launcher ] && [ -n "$other" ] && [ -n "$found" ]; then
          mapfile -t struck <<<"$found" # one of them, which may be waiting for the other one
          draw ${#struck[@]}
          found=${struck[drawn]} mark=''
        fi
        # shellcheck disable=SC2086 # several
        if [ "$kind" = frozen ]; then
          if [ -n "$found" ] && kill -STOP $found 2>/dev/null; then
            kill -KILL "$ctest" $other 2>/dev/null
            return
          fi
        elif [ -n "$found" ] && kill -KILL $found 2>/dev/null; then
          return
        fi
        sleep 0.005
      done
      return 1
      ;;
  esac
}

# release: there is room again.
release() {
  rm -f ballast
}
