#!/bin/sh
# Starts the Rivet engine in the foreground, on loopback only and with its data in one private directory.
set -eu

: "${ENGINE_DIR:?is not set (the directory for the configuration and data of the engine)}"
: "${ENGINE_GUARD_PORT:?is not set (the port that clients and runtimes talk to)}"
: "${ENGINE_PEER_PORT:?is not set (the port of the peer API)}"
: "${ENGINE_METRICS_PORT:?is not set (the port of the metrics)}"

# npm installs only the package that holds this platform's binary.
suite=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
engine=
for candidate in "$suite"/node_modules/@rivetkit/engine-cli-*/rivet-engine; do
  if [ -x "$candidate" ]; then
    engine=$candidate
  fi
done
if [ -z "$engine" ]; then
  echo "$0: no engine binary below $suite/node_modules: run \`npm ci\` there first" >&2
  exit 1
fi

# On a busy machine the engine would put off creating actors (load shedding, by the CPU use of the whole
# machine) for seconds; the curve is (permille of CPU use, permille of work taken) and has to fall.
mkdir -p "$ENGINE_DIR"
cat >"$ENGINE_DIR/config.json" <<JSON
{
  "guard": { "host": "127.0.0.1", "port": $ENGINE_GUARD_PORT },
  "api_peer": { "host": "127.0.0.1", "port": $ENGINE_PEER_PORT },
  "metrics": { "host": "127.0.0.1", "port": $ENGINE_METRICS_PORT },
  "telemetry": { "enabled": false },
  "runtime": {
    "worker_load_shedding_curve": [[0, 1000], [1000, 999]],
    "worker_shutdown_duration": 2,
    "guard_shutdown_duration": 2,
    "force_shutdown_duration": 5
  },
  "topology": {
    "datacenter_label": 1,
    "datacenters": {
      "default": {
        "datacenter_label": 1,
        "is_leader": true,
        "public_url": "http://127.0.0.1:$ENGINE_GUARD_PORT",
        "peer_url": "http://127.0.0.1:$ENGINE_PEER_PORT"
      }
    }
  }
}
JSON

# The path goes through the environment, so that it needs no quoting for JSON.
export RIVET__FILE_SYSTEM__PATH="$ENGINE_DIR/data"
exec "$engine" start --config "$ENGINE_DIR/config.json"
