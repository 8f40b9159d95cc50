// What a test drives: a namespace of its own on the engine, one runtime process that serves it, and a client.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "rivetkit/client";
import type { Registry } from "../../src/registry";
import type { Cell } from "../driver/shared-matrix";
import { Engine, TOKEN } from "./engine";
import { RuntimeProcess } from "./runtime-process";
import { until } from "./until";

const POOL = "driver";

/** How long the client may take to close its connections. */
const DISPOSE_LIMIT_MS = 1_000;

export class Driver {
  readonly client: Client<Registry>;
  readonly #cell: Cell;
  readonly #engine = Engine.fromEnvironment();
  readonly #namespace = `driver-${randomUUID()}`;
  #process: RuntimeProcess | undefined;

  private constructor(cell: Cell) {
    this.#cell = cell;
    this.client = createClient<Registry>({
      endpoint: this.#engine.endpoint,
      namespace: this.#namespace,
      token: TOKEN,
      poolName: POOL,
      encoding: cell.encoding,
      disableMetadataLookup: true,
    });
  }

  /** Resolves as soon as the engine can place actors on the new runtime process. */
  static async start(cell: Cell): Promise<Driver> {
    const driver = new Driver(cell);
    await driver.#engine.createNamespace(driver.#namespace);
    await driver.#engine.createPool(driver.#namespace, POOL);
    await driver.#startProcess();
    return driver;
  }

  /** What the latest runtime process has printed so far. */
  get output(): string {
    return this.#process?.output ?? "";
  }

  /** Ends the runtime process and starts another one that serves the same namespace. */
  async restartProcess(): Promise<void> {
    await this.#process?.stop();
    await until(
      async () => (await this.#countProcesses()) === 0,
      () => new Error("the runtime process that was stopped does not leave its pool"),
    );
    await this.#startProcess();
  }

  /** Resolves when the actor has begun to sleep, onSleep may still run; asking the engine does not wake it. */
  async untilAsleep(actorId: string): Promise<void> {
    await until(
      () => this.#engine.isAsleep(this.#namespace, actorId),
      () => new Error(`actor ${actorId} does not fall asleep`),
    );
  }

  /** Resolves when the actor does not sleep any more; asking the engine does not wake it. */
  async untilAwake(actorId: string): Promise<void> {
    await until(
      async () => !(await this.#engine.isAsleep(this.#namespace, actorId)),
      () => new Error(`actor ${actorId} does not wake up`),
    );
  }

  /** Leaves nothing running; rejects when the runtime process had ended before. */
  async close(): Promise<void> {
    try {
      // Disposing a connection that is just being opened never settles.
      await Promise.race([this.client.dispose(), sleep(DISPOSE_LIMIT_MS, undefined, { ref: false })]);
      this.#process?.assertRunning();
    } finally {
      await this.#process?.stop();
    }
  }

  async #startProcess(): Promise<void> {
    const runtimeProcess = new RuntimeProcess({
      DRIVER_RUNTIME: this.#cell.runtime,
      DRIVER_SQLITE: this.#cell.sqlite,
      RIVET_ENDPOINT: this.#engine.endpoint,
      RIVET_TOKEN: TOKEN,
      RIVET_NAMESPACE: this.#namespace,
      RIVET_POOL: POOL,
    });
    this.#process = runtimeProcess;
    const joined = async () => {
      runtimeProcess.assertRunning();
      return (await this.#countProcesses()) > 0;
    };
    try {
      await until(joined, () => runtimeProcess.failure("does not join its pool"));
    } catch (error) {
      await runtimeProcess.stop();
      throw error;
    }
  }

  #countProcesses(): Promise<number> {
    return this.#engine.countEnvoys(this.#namespace, POOL);
  }
}
