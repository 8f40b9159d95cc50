#!/bin/bash
# The matrix @NAME@ on a cluster: its artifacts once, its cells in @COUNT@ shares, and one report of all of them.
#
# `ctest-matrix shard --count @COUNT@ --slurm FILE` wrote this file; it is yours now. On a machine that submits jobs:
#
#   bash FILE [DIRECTORY]     submits all jobs; what they hand back goes into the directory (default: ./@NAME@-shares),
#                             which every node has to see, as it has to see the checkout. Prints the number of the last job,
#                             whose exit code is that of the gate: sbatch --wait, or sacct.
#
# Partition, time limit, memory: SBATCH_PARTITION, SBATCH_TIMELIMIT, SBATCH_MEM_PER_NODE, … as sbatch reads them. Each share
# works in a clone of its own, at the commit that was submitted, below $SLURM_TMPDIR, $TMPDIR or /tmp. One that is requeued
# goes on where it was: its journal lies in the directory.
#SBATCH --kill-on-invalid-dep=yes
#SBATCH --open-mode=append
set -euo pipefail

root=@ROOT@
matrix=@MATRIX@
tool=@TOOL@
profile=@PROFILE@

# own CLONE VERB ARGUMENTS: of the program, in a clone.
own() {
  local clone=$1 verb=$2
  shift 2
  "$tool" "$verb" "$clone/$matrix" --root "$clone" --build-dir "$clone/build" --profile "$profile" "$@"
}

# make_clone: the commit that was submitted, at $clone; gone when this job ends.
make_clone() {
  clone=$(mktemp -d "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/@NAME@.XXXXXX")
  trap 'rm -rf "$clone"' EXIT
  git clone -q --no-checkout "$root" "$clone"
  git -C "$clone" checkout -q --detach "$(cat "$back/commit")"
  if [ -e "$back/durations.json" ]; then export CTEST_MATRIX_DURATIONS="$back/durations.json"; fi
}

submit() {
  back=$(realpath -m "${1:-@NAME@-shares}")
  if [ -n "$(git -C "$root" status --porcelain --untracked-files=no)" ]; then
    echo "$root has changes that are not committed, which no share would see; commit them first" >&2
    exit 2
  fi
  if [ -e "$back/commit" ]; then
    echo "$back has the results of an earlier run; name another directory" >&2
    exit 2
  fi
  mkdir -p "$back"
  git -C "$root" rev-parse HEAD >"$back/commit"
  if [ -n "${CTEST_MATRIX_DURATIONS:-}" ]; then cp "$CTEST_MATRIX_DURATIONS" "$back/durations.json"; fi
  local script=$back/job.sh
  cp "$0" "$script"
  local artifacts shares
  artifacts=$(sbatch --parsable --job-name=@NAME@-artifacts --output="$back/artifacts.log" "$script" artifacts "$back")
  shares=$(sbatch --parsable --job-name=@NAME@-share --output="$back/share-%a.log" --array=1-@COUNT@ --requeue \
    --dependency="afterok:${artifacts%%;*}" "$script" share "$back")
  sbatch --parsable --job-name=@NAME@-report --output="$back/report.log" \
    --dependency="afterany:${artifacts%%;*}:${shares%%;*}" "$script" report "$back"
}

artifacts() {
  make_clone
  own "$clone" generate
  own "$clone" shard --pack "$back/artifacts.pack"
}

share() {
  make_clone
  local mine=$back/share-$SLURM_ARRAY_TASK_ID
  mkdir -p "$mine"
  # The journal is written where it outlives this node.
  ln -s "$mine" "$clone/.git/ctest-matrix"
  own "$clone" generate
  own "$clone" shard --unpack "$back/artifacts.pack"
  export CTEST_MATRIX_SHARD=auto
  own "$clone" shard # by which durations it was split, and what is in it
  local -a labels=(-L '^shard$')
  if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ]; then
    own "$clone" progress
    if ctest --test-dir "$clone/build" -N "${labels[@]}" -L '^todo$' | grep -q '^Total Tests: 0$'; then
      echo 'every cell of this share has passed already'
      return
    fi
    labels+=(-L '^todo$')
  fi
  local status=0
  ctest --test-dir "$clone/build" "${labels[@]}" --no-tests=error --output-on-failure || status=$?
  echo "ctest ended with $status; what that means is for the report to say"
}

report() {
  make_clone
  local merged=0 gate=0
  own "$clone" shard --merge "$back" || merged=$?
  own "$clone" report --html "$back/report.html" || true
  own "$clone" report --markdown >"$back/summary.md" || true
  cp "$(own "$clone" progress --where)" "$back/" || true
  own "$clone" shard --write-durations "$back/durations.next.json" || true
  own "$clone" report --gate || gate=$?
  [ "$gate" != 0 ] || gate=$merged
  echo "$gate" >"$back/gate"
  exit "$gate"
}

case ${1:-} in
  artifacts | share | report)
    if [ -n "${SLURM_JOB_ID:-}" ]; then
      back=$2
      "$1"
      exit
    fi
    ;;
esac
submit "$@"
