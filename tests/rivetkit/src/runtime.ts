// The runtime process: serves the suite's actors on the runtime and SQLite backend that its environment names.
import { readFile } from "node:fs/promises";
import { setup } from "rivetkit";
import { actors } from "./registry";

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function oneOf<const T extends string>(name: string, choices: readonly T[]): T {
  const value = required(name);
  const choice = choices.find((candidate) => candidate === value);
  if (!choice) throw new Error(`${name}: expected one of ${choices.join(", ")}, got '${value}'`);
  return choice;
}

async function loadWasm() {
  const path = new URL(import.meta.resolve("@rivetkit/rivetkit-wasm/rivetkit_wasm_bg.wasm"));
  return { initInput: { module_or_path: await readFile(path) } };
}

// The engine runs elsewhere: this process must not find one to start (the wasm runtime refuses to start if it does).
process.env.RIVET_ENGINE_BINARY = "/nonexistent/rivet-engine";

// Stdin is the leash: it ends when whoever started this process is gone.
process.stdin.once("end", () => process.exit()).resume();

const runtime = oneOf("DRIVER_RUNTIME", ["native", "wasm"]);

setup({
  use: actors,
  runtime,
  wasm: runtime === "wasm" ? await loadWasm() : {},
  sqlite: oneOf("DRIVER_SQLITE", ["local", "remote"]),
  endpoint: required("RIVET_ENDPOINT"),
  token: required("RIVET_TOKEN"),
  namespace: required("RIVET_NAMESPACE"),
  envoy: { poolName: required("RIVET_POOL") },
  startEngine: false,
  startServices: false,
  noWelcome: true,
}).start();
