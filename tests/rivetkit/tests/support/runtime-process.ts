// One runtime process: started from dist/, its output kept, stopped for certain.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../../dist/runtime.mjs", import.meta.url));

/** How long a process may take to end after SIGTERM. */
const TERM_GRACE_MS = 1_500;

export class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = "";

  constructor(env: Record<string, string>) {
    if (!existsSync(ENTRY)) throw new Error(`${ENTRY} does not exist: build it with \`npm run build\``);

    // Its stdin ends with this process, and it with its stdin: a worker that is killed leaves nothing behind.
    this.#child = spawn(process.execPath, ["--enable-source-maps", ENTRY], { env, stdio: "pipe" });
    this.#closed = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    }
  }

  /** Everything that the process has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** An error about this process that shows its output. */
  failure(what: string): Error {
    return new Error(`the runtime process ${what}; its output:\n${this.#output || "(none)"}`);
  }

  /** Throws when the process has ended by itself. */
  assertRunning(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) {
      throw this.failure(`ended with ${signalCode ?? `exit code ${exitCode}`}`);
    }
  }

  /** Ends the process, by SIGKILL when SIGTERM does not do it in time. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), TERM_GRACE_MS);
    await this.#closed;
    clearTimeout(killer);
  }
}
