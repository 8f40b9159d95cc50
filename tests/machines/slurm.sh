# The script of `shard --slurm` on a real Slurm of this test's own: one controller, three nodes on this machine, munge. Skips
# where these are not installed (Debian: slurm-wlm, munge), or cannot be started.

# shellcheck source=../e2e/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/suite.sh"

unset CTEST_MATRIX_SHARD CTEST_MATRIX_SHARD_BY CTEST_MATRIX_DURATIONS

skip() {
  echo "SKIPPED: $*"
  exit 77
}

# free_ports N: so many ports that nobody listens on, a line each.
free_ports() {
  python3 - "$1" <<'EOF_PYTHON'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print("\n".join(str(each.getsockname()[1]) for each in sockets))
EOF_PYTHON
}

nodes='n1 n2 n3'

# start_cluster: SLURM_CONF names it from here on.
start_cluster() {
  local program host node ports
  for program in munged slurmctld slurmd sbatch squeue scontrol sinfo; do
    command -v "$program" >/dev/null || skip "$program is not installed (apt-get install slurm-wlm munge)"
  done
  [ "$(id -u)" = 0 ] || skip 'slurmd runs as root only'
  host=$(hostname)
  mapfile -t ports < <(free_ports 4)
  mkdir -p cluster/munge cluster/state
  chmod 700 cluster/munge cluster/state
  dd if=/dev/urandom of=cluster/munge/key bs=128 count=1 status=none
  chmod 400 cluster/munge/key
  munged --force --key-file="$work/cluster/munge/key" --socket="$work/cluster/munge/socket" \
    --pid-file="$work/cluster/munge/pid" --log-file="$work/cluster/munge/log" --seed-file="$work/cluster/munge/seed"
  cat >cluster/slurm.conf <<EOF_CONF
ClusterName=shards
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/cluster/munge/socket
CredType=cred/munge
StateSaveLocation=$work/cluster/state
SlurmdSpoolDir=$work/cluster/spool.%n
SlurmctldPidFile=$work/cluster/slurmctld.pid
SlurmdPidFile=$work/cluster/slurmd.%n.pid
SlurmctldLogFile=$work/cluster/slurmctld.log
SlurmdLogFile=$work/cluster/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=5
KillWait=2
MinJobAge=600
AccountingStorageType=accounting_storage/none
MpiDefault=none
EOF_CONF
  local i=1
  for node in $nodes; do
    echo "NodeName=$node NodeAddr=127.0.0.1 NodeHostname=$host Port=${ports[$i]} CPUs=1 State=UNKNOWN" >>cluster/slurm.conf
    mkdir "cluster/spool.$node"
    i=$((i + 1))
  done
  echo "PartitionName=main Nodes=n1,n2,n3 Default=YES MaxTime=INFINITE State=UP" >>cluster/slurm.conf
  export SLURM_CONF=$work/cluster/slurm.conf
  slurmctld -f "$SLURM_CONF" || skip 'slurmctld does not start here'
  for node in $nodes; do
    slurmd -f "$SLURM_CONF" -N "$node" || skip 'several slurmd on one machine do not start here'
  done
  eventually 60 all_idle || skip "the nodes do not come up: $(tail -n 3 cluster/slurmctld.log cluster/slurmd.n1.log 2>/dev/null)"
}

all_idle() {
  [ "$(sinfo -hN -t idle 2>/dev/null | wc -l)" = 3 ]
}

clean_up() {
  local file
  for file in "$work"/cluster/slurmd.*.pid "$work"/cluster/slurmctld.pid "$work"/cluster/munge/pid; do
    [ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
  done
}

rows='  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests
  slow:
    delta: Delta Tests'

# make_checkout [MORE OF THE MATRIX]: a checkout with everything committed, and the script for three shares.
make_checkout() {
  make_suite "$rows" "${1:-}"
  rm -rf build
  # Each run of a cell leaves a line where all nodes see it.
  sed -i "s,^echo \"begin .*,echo \"begin \$cell\" >>'$work/trace'," checkout/runner.sh
  printf '%s\n' trace build/ demo-progress.md built >checkout/.gitignore
  git -C checkout init -q
  commit
  expect_status 0 "$CTEST_MATRIX" shard checkout/matrix.yaml --root checkout --count 3 --slurm demo.slurm
}

commit() {
  git -C checkout add -A
  git -C checkout -c user.name=x -c user.email=x@example.org commit -qm x
}

submit() {
  expect_status 0 bash demo.slurm back
  last=$(tail -n 1 output)
}

# is_over: the report has been written.
is_over() {
  [ -s back/gate ]
}

finished() {
  eventually 300 is_over || die "the jobs do not end: $(squeue; tail -n 5 back/*.log)"
}

# boxes_of FILE: a progress file up to its log, byte for byte but for when it began.
boxes_of() {
  sed '/^## Log$/,$d; /^Started:/d' "$1"
}

# outcomes FILE: the log of a progress file, without times and shares, in the order of the cells.
outcomes() {
  sed -n '/^## Log$/,$p' "$1" | sed 's/^- [0-9-]*T[^ ]* //; s/ (share [0-9/]*)$//; s/, [0-9.]*[a-z]*)$/)/' | sort
}

test_every_cell_once() {
  start_cluster
  make_checkout "artifacts:
  napi:
    inputs: [runner.sh]
    outputs: [built]
    command: [sh, -c, 'echo artifact >>$work/builds; cp runner.sh built']"
  submit
  finished
  expect_equal 0 "$(cat back/gate)" 'the gate'
  expect_equal 8 "$(grep -c '^begin' trace)" 'cells that ran'
  expect_equal 8 "$(sort -u trace | wc -l)" 'different cells'
  expect_equal 1 "$(wc -l <builds)" 'builds of the artifact'
  # The same as on this machine alone.
  git clone -q checkout local
  expect_status 0 "$CTEST_MATRIX" run --matrix local/matrix.yaml --root local --build-dir local/build
  boxes_of local/demo-progress.md >wanted
  boxes_of back/demo-progress.md | cmp - wanted || die 'the merged boxes are others than here'
  outcomes local/demo-progress.md >wanted
  outcomes back/demo-progress.md | diff -u wanted - || die 'the merged result is another one than here'
  expect_status 2 bash demo.slurm back
  expect_output 'has the results of an earlier run'
}

# A cell that waits until the file go is there; what it ran on before is told by slurmd.
hang() {
  mkdir -p checkout/behaviour
  cat >"checkout/behaviour/$1" <<EOF_HANG
if [ ! -e '$work/go' ]; then
  touch '$work/hangs'
  while :; do sleep 0.2; done
fi
add passed 'works'
add passed 'works again'
EOF_HANG
  commit
}

# lose_power NODE: nothing of it is left, and nothing has said so.
lose_power() {
  local process parent
  kill -KILL "$(cat "cluster/slurmd.$1.pid")"
  for process in $(marked_processes "SLURMD_NODENAME=$1"); do
    if tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | grep -q "^SLURM_CONF=$work/"; then
      parent=$(sed -n 's/^PPid:\t//p' "/proc/$process/status" 2>/dev/null) || continue
      if [ "$(cat "/proc/$parent/comm" 2>/dev/null)" = slurmstepd ]; then
        kill -KILL "$parent" 2>/dev/null || true
      fi
      kill -KILL "$process" 2>/dev/null || true
    fi
  done
}

# node_of_hanging CELL: where the share runs that has begun it.
node_of_hanging() {
  local task node
  squeue -h -r -t RUNNING -o '%K %N' | while read -r task node; do
    if grep -qs "\"kind\":\"begin\".*\"cell\":\"$1\"" back/share-"$task"/*/journal.jsonl; then
      echo "$node"
    fi
  done
}

test_requeued_after_its_node_was_lost() {
  start_cluster
  make_checkout
  hang beta.wasm
  submit
  eventually 120 test -e hangs || die "the cell did not start: $(squeue; cat back/*.log)"
  local node
  eventually 30 test -n "$(node_of_hanging beta.wasm)" || true
  node=$(node_of_hanging beta.wasm)
  [ -n "$node" ] || die "the node is not known: $(squeue -r; find back)"
  touch go
  lose_power "$node"
  finished
  expect_equal 0 "$(cat back/gate)" 'the gate'
  expect_equal 9 "$(grep -c '^begin' trace)" 'cells that ran: each once, the one that was lost twice'
  expect_equal 2 "$(grep -c '^begin beta.wasm$' trace)" 'runs of the cell that was lost'
}

test_drained() {
  start_cluster
  make_checkout
  hang beta.wasm
  submit
  eventually 120 test -e hangs || die 'the cell did not start'
  scontrol update NodeName=n1,n2,n3 State=DRAIN Reason=test
  touch go
  # What runs goes on to its time-out or is requeued by hand; the nodes come back.
  local job
  for job in $(squeue -h -r -t RUNNING -o '%i'); do
    scontrol requeue "$job"
  done
  scontrol update NodeName=n1,n2,n3 State=RESUME
  finished
  expect_equal 0 "$(cat back/gate)" 'the gate'
  expect_equal 8 "$(sort -u trace | wc -l)" 'different cells'
  local twice
  twice=$(sort trace | uniq -d | grep -cv 'beta.wasm' || true)
  expect_equal 0 "$twice" 'cells that ran twice, but the one that was requeued'
}

test_out_of_time() {
  start_cluster
  make_checkout
  hang beta.wasm
  submit
  eventually 120 test -e hangs || die 'the cell did not start'
  local job
  job=$(squeue -h -r -t RUNNING -n demo-share -o '%i' | head -n 1)
  [ -n "$job" ] || die "no share runs: $(squeue -r)"
  # As slurmctld ends a job whose time is over.
  for job in $(squeue -h -r -t RUNNING -n demo-share -o '%i'); do
    scontrol update JobId="$job" TimeLimit=1 || true # it may be over by now
  done
  finished
  expect_equal 5 "$(cat back/gate)" 'the gate'
  grep -q 'share ./3 of run [0-9]*\(:\| was interrupted;\) of its .* never run: .*beta.wasm' back/report.log || die "the cell is not named: $(cat back/report.log)"
}

run_case "$@"
