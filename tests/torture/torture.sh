# The torture test: rounds in which, at a random moment of a run (also while a service starts, or one run
# waits for another one), something is killed, interrupted or out of room.
# After each: nothing is left running, journal and progress file are whole, no box is ticked that was not earned, and the
# next ctest run completes.
#
#   CTEST_MATRIX=... CTEST_MATRIX_CHILD=... torture.sh rounds|pool_rounds|run_rounds|run_pool_rounds
#
# TORTURE_ROUNDS (default 200) and TORTURE_SEED may be set; the seed is printed. It repeats all choices, but the moments
# depend on the machine, too.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=suite.sh
. "$here/suite.sh"
# shellcheck source=strike.sh
. "$here/strike.sh"
# shellcheck source=checks.sh
. "$here/checks.sh"

rounds=${TORTURE_ROUNDS:-200}
seed=${TORTURE_SEED:-$((SRANDOM % 1000000))}

# draw N: a number from 0 to N-1, in $drawn. (Not in a subshell, which would have random numbers of its own.)
draw() {
  drawn=$(((RANDOM * 32768 + RANDOM) % $1))
}

now_ms() {
  printf '%s\n' $((${EPOCHREALTIME/[.,]/} / 1000))
}

# Kinds in a shuffled order, each as often as the others.
next_kind() {
  local at last
  if [ ${#deck[@]} = 0 ]; then
    deck=("${kinds[@]}")
    for ((at = ${#deck[@]} - 1; at > 0; at--)); do
      draw $((at + 1))
      last=${deck[at]} deck[at]=${deck[drawn]} deck[drawn]=$last
    done
  fi
  kind=${deck[-1]}
  unset 'deck[-1]'
}

needs_the_next_run() {
  case $kind in
    abandoned | orphaned | together) true ;;
    *) false ;;
  esac
}

# one_round: `missed` is 1 when the run ended before the strike found its victim.
one_round() {
  plan_all draw
  echo "$round" >checkout/source/binding
  : >checkout/trace
  : >"$work/struck"
  : >"$work/other"
  draw_delay
  draw_moment
  launch_struck_run
  missed=0
  await_moment
  strike || missed=1
  await_end_of_the_struck
  wait "$ctest" ${other:+"$other"} 2>/dev/null || true
  release
  # Half of the time somebody just tries again at once. Where nobody was left to clean up, only the next run can.
  draw 2
  if [ "$drawn" = 0 ] && ! needs_the_next_run; then
    eventually_gone
    check_state
    run "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build
    [ "$status" = 0 ] || die "progress: exit status $status"
    check_state
    check_boxes_of_the_journal
  fi
  recover
  eventually_gone
  check_state
  check_boxes_of_the_plan
}

# recover: the next run completes, and every cell does what it was told to.
recover() {
  local wanted=0
  ! grep -q ' fail$' "$work/plan" || wanted=$failing
  run tortured_run
  [ "$status" = "$wanted" ] || die "the next run exits $status, expected $wanted"
  note_announced
}

# keep_disk RESULT: what is on the disk, which goes with its namespace, is kept where the test failed.
keep_disk() {
  [ "$1" = 0 ] || cp -a "$work/disk" "$work/kept"
  return "$1"
}

test_rounds() {
  RANDOM=$seed
  deck=()
  declare -gA counts=() misses=()
  printf 'seed %s, %s rounds, %s\n' "$seed" "$rounds" "$disk"
  mkdir disk
  if [ "$disk" = 'a disk of its own' ]; then
    mount -t tmpfs -o size=16m none disk
    trap 'keep_disk $? && finish || finish' EXIT
  fi
  cd disk
  prepare_checks
  make_tortured_suite
  measure_run
  for ((round = 1; round <= rounds; round++)); do
    next_kind
    slowest_of_round=0
    one_round
    if [ "$missed" = 1 ]; then
      misses[$kind]=$((${misses[$kind]:-0} + 1))
    else
      counts[$kind]=$((${counts[$kind]:-0} + 1))
    fi
    [ -z "${TORTURE_VERBOSE:-}" ] || printf 'round %s: %s, %s, gone after %s ms%s\n' "$round" "$kind" "$moment" \
      "$slowest_of_round" "$([ "$missed" = 0 ] || printf ', missed')"
  done
  report_counts
  cd "$work"
  if [ "$disk" = 'a disk of its own' ]; then
    umount disk
  fi
}

# Two cells at once, each with an instance of a pool to itself, which lingers.
test_pool_rounds() {
  use_pool
  test_rounds
}

# What drives them is `ctest-matrix run`.
test_run_rounds() {
  use_run
  test_rounds
}

test_run_pool_rounds() {
  use_run
  test_pool_rounds
}

# Mounting needs namespaces of its own; where they are not allowed, a limit on the size of files stands in.
if [ "${1:-}" != --list ] && [ -z "${TORTURE_DISK:-}" ]; then
  if unshare -Urm mount -t tmpfs none "$here" 2>/dev/null; then
    TORTURE_DISK='a disk of its own' TORTURE_SEED=$seed exec unshare -Urm "$BASH" "$here/torture.sh" "$@"
  fi
  TORTURE_DISK='a limit on the size of files'
fi
disk=${TORTURE_DISK:-}
run_case "$@"
