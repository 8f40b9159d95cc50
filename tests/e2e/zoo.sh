# Whatever a runner and a service start, and however the run ends, nothing of it stays: a table of nasty processes, each
# without an environment, by the ways in which a run can end.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${CTEST_MATRIX_CHILD:=}"
grace=1 # seconds, of the service and of the runner

animals='double-fork session subreaper other-user pid-namespace traced stopped ignores-term fork-storm zombies bare'

# as_animal NAME: a line of shell that starts it from its directory. ($zoo is where its program is known by its name.)
as_animal() {
  local words
  case $1 in
    double-fork | bare) words='daemon touch $up exit 0' ;;
    subreaper) words='subreaper ignore-term daemon touch $up sleep' ;;
    traced) words='ignore-term touch $up traced' ;;
    stopped) words='touch $up stop' ;;
    fork-storm) words='touch $up refork 20' ;; # nobody takes note of those that end below a guardian that is stopped
    zombies) words='ignore-term zombies touch $up sleep' ;;
    *) words='ignore-term touch $up sleep' ;;
  esac
  local before=''
  case $1 in
    session) before='setsid' ;;
    other-user) before='setpriv --reuid=65534 --regid=65534 --clear-groups' ;;
    pid-namespace) before='unshare --pid --fork' ;;
    bare) before='prlimit --locks=unlimited' ;; # which takes off the tag, too
  esac
  printf 'up=$zoo/$side-%s.up; env -i %s $zoo/$side-%s %s &\n' "$1" "$before" "$1" "$words"
}

# can_be_made NAME
can_be_made() {
  case $1 in
    other-user) [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null ;;
    pid-namespace) unshare --pid --fork true 2>/dev/null ;;
    *) true ;;
  esac
}

# zoo_suite: the runner and the service start all animals of this machine.
zoo_suite() {
  : "${CTEST_MATRIX_CHILD:?is not set (tests/children)}"
  zoo=$work/zoo
  mkdir zoo
  chmod 755 . && chmod 777 zoo
  local animal side
  here=''
  for animal in $animals; do
    can_be_made "$animal" || continue
    here="$here $animal"
    for side in cell service; do
      ln -s "$CTEST_MATRIX_CHILD" "zoo/$side-$animal"
    done
    as_animal "$animal" >>zoo/all.sh
  done
  make_suite "  fast:
    alpha: Alpha Tests" "  environment: {ENGINE_PORT: '{engine.port.main}'}
labels:
  fast: {timeout: 12}
services:
  engine:
    command: [sh, -c, 'zoo=$zoo side=service; . \$zoo/all.sh; exec $CTEST_MATRIX_CHILD ignore-term health \$ENGINE_PORT']
    ports: [main]
    environment: {ENGINE_PORT: '{engine.port.main}'}
    health: {url: 'http://127.0.0.1:{engine.port.main}/health', interval: 100ms, timeout: 20s}
    grace: ${grace}s"
}

# left_pids NAME: these animals that are there.
left_pids() {
  { grep -lsaE "^$zoo/(cell|service)-$1" /proc/[0-9]*/cmdline || true; } | tr -dc '0-9\n'
}

# left NAME: how many that are.
left() {
  left_pids "$1" | wc -l
}

all_up() {
  local animal
  for animal in $here; do
    [ -e "zoo/cell-$animal.up" ] && [ -e "zoo/service-$animal.up" ] || return 1
  done
  [ "$(noted bare)" = 2 ]
}

# noted NAME: how many of these animals the guardians have noted, which nothing else tells of.
noted() {
  local pid
  for pid in $(left_pids "$1"); do
    grep -hs "^$pid " "$XDG_RUNTIME_DIR"/ctest-matrix/*/runs/* || true
  done | wc -l
}

none_left() {
  ! grep -qsa "^$zoo/" /proc/[0-9]*/cmdline && all_gone
}

# the pids of ours: the launcher of the cell, its guardian, the supervisor, its guardian.
launcher() {
  pgrep -f "cell alpha.native --index $work/"
}

guardian_of() {
  pgrep -f "^matrix-guardian of $1\$"
}

# strike ENDING: what is done to the run once everything is there; $ctest is its first process.
strike() {
  local supervisor
  supervisor=$(service_supervisors)
  case $1 in
    ctest-*) kill "-${1#*-}" "$ctest" ;;
    run-*) kill "-${1#*-}" "$ctest" ;;
    launcher-*) kill "-${1#*-}" "$(launcher)" ;;
    guardian-KILL | guardian-STOP) kill "-${1#*-}" "$(guardian_of "$(launcher)")" ;;
    guardian-*) kill "-${1#*-}" "$(guardian_of "$(launcher)")" && sleep 0.5 && kill "$ctest" ;; # which goes on
    service_guardian-*) kill "-${1#*-}" "$(guardian_of "$supervisor")" && kill "$ctest" ;;
    supervisor-*) kill "-${1#*-}" "$supervisor" && eventually 20 gone "$supervisor" && kill "$ctest" ;;
    supervisor+guardian-*) kill "-${1#*-}" "$supervisor" "$(guardian_of "$supervisor")" && kill "$ctest" ;;
    launcher+guardian-*) kill "-${1#*-}" "$(launcher)" "$(guardian_of "$(launcher)")" ;;
    everything-*)
      kill "-${1#*-}" "$(launcher)" "$(guardian_of "$(launcher)")" "$supervisor" "$(guardian_of "$supervisor")"
      kill -KILL "$ctest"
      ;;
  esac
}

gone() {
  ! kill -0 "$1" 2>/dev/null
}

# needs_the_next_run ENDING: nobody of ours is left to end the rest, but the next run.
needs_the_next_run() {
  case $1 in
    everything-KILL | everything-STOP | *+guardian-*) true ;;
    *) false ;;
  esac
}

# ending NAME: a run that ends in this way; what is left of each animal then is in $column.
ending() {
  rm -f zoo/*.up
  local ends='sleep 1000'
  case $1 in
    pass) ends='add passed works' ;;
    fail) ends='add failed works' ;;
  esac
  behave alpha.native <<EOF_SNIPPET
zoo=$zoo side=cell; . \$zoo/all.sh
until [ -e $work/go ]; do sleep 0.05; done
$ends
EOF_SNIPPET
  rm -f go
  # Time enough for everything to start on a busy machine, except where that is what ends it.
  local timeout=120
  case $1 in
    time-out | *-STOP) timeout=20 ;;
  esac
  sed -i "s/^  fast: {timeout: .*/  fast: {timeout: $timeout}/" checkout/matrix.yaml
  local command=("$CTEST" --test-dir build -R alpha.native)
  case $1 in
    run-*) command=("$CTEST_MATRIX" run checkout/matrix.yaml only alpha --root checkout --build-dir build --runtime native) ;;
  esac
  setsid env --default-signal=INT "${command[@]}" >output 2>&1 </dev/null &
  ctest=$!
  eventually 60 all_up || die "$1: not everything is there: $(ls zoo)"
  : >go
  strike "$1"
  wait "$ctest" || true
  if needs_the_next_run "$1"; then
    behave alpha.native <<<'add passed works'
    run "$CTEST" --test-dir build -R alpha.native
  fi
  eventually $((grace + 10)) none_left || true
  column=()
  local animal
  for animal in $animals; do
    case " $here " in
      *" $animal "*) column+=("$(left "$animal")") ;;
      *) column+=('-') ;;
    esac
  done
}

test_table() {
  zoo_suite
  local endings='pass fail time-out' signal
  for signal in INT TERM HUP KILL; do
    endings="$endings ctest-$signal launcher-$signal"
  done
  for signal in INT TERM HUP KILL; do
    endings="$endings guardian-$signal service_guardian-$signal supervisor-$signal run-$signal everything-$signal"
  done
  endings="$endings guardian-STOP service_guardian-STOP launcher+guardian-KILL launcher+guardian-STOP"
  endings="$endings supervisor+guardian-KILL everything-STOP"
  endings=${ZOO_ENDINGS:-$endings} # some of them, to look at
  local name count bad=0
  printf '%-24s%s\n' 'ending' "$animals" >table
  for name in $endings; do
    ending "$name"
    printf '%-24s' "$name" >>table
    for count in "${column[@]}"; do
      printf '%5s' "$count" >>table
      [ "$count" = 0 ] || [ "$count" = - ] || bad=$((bad + 1))
    done
    printf '\n' >>table
    none_left || bad=$((bad + 1))
    for count in $(marked_processes "$zoo/"); do
      kill -KILL "$count" 2>/dev/null || true
    done
  done
  cat table
  case $here in
    *other-user*pid-namespace*) ;;
    *) echo '-: cannot be made here' ;;
  esac
  [ "$bad" = 0 ] || die 'something is left'
}

run_case "$@"
