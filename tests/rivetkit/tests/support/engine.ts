// The few calls to the engine's HTTP interface that a test needs to get a namespace and a pool of its own.

export const TOKEN = "dev";

const CALL_TIMEOUT_MS = 10_000;

export class Engine {
  constructor(readonly endpoint: string) {}

  /** The engine that RIVET_ENDPOINT names; it has to be running already. */
  static fromEnvironment(): Engine {
    const endpoint = process.env.RIVET_ENDPOINT;
    if (!endpoint) {
      throw new Error(
        "RIVET_ENDPOINT is not set: start an engine (scripts/engine.sh) and name it, as in http://127.0.0.1:34567",
      );
    }
    return new Engine(endpoint);
  }

  async createNamespace(name: string): Promise<void> {
    await this.#call("POST", "/namespaces", { name, display_name: name });
  }

  /** Makes a pool that runtime processes may join, in every datacenter. */
  async createPool(namespace: string, pool: string): Promise<void> {
    const { datacenters } = await this.#call<{ datacenters: { name: string }[] }>("GET", "/datacenters");
    await this.#call("PUT", `/runner-configs/${pool}?${new URLSearchParams({ namespace })}`, {
      datacenters: Object.fromEntries(datacenters.map(({ name }) => [name, { normal: {} }])),
    });
  }

  /** How many runtime processes serve the pool right now. */
  async countEnvoys(namespace: string, pool: string): Promise<number> {
    const query = new URLSearchParams({ namespace, name: pool });
    const { envoys } = await this.#call<{ envoys: unknown[] }>("GET", `/envoys?${query}`);
    return envoys.length;
  }

  /** Whether the actor sleeps, or is about to. */
  async isAsleep(namespace: string, actorId: string): Promise<boolean> {
    const query = new URLSearchParams({ namespace, actor_ids: actorId });
    const { actors } = await this.#call<{ actors: { sleep_ts: number | null }[] }>("GET", `/actors?${query}`);
    return actors[0]?.sleep_ts != null;
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const where = `${method} ${this.endpoint}${path}`;
    let response: Response;
    try {
      response = await fetch(`${this.endpoint}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
    } catch (error) {
      throw new Error(`${where}: no answer; does an engine run there?`, { cause: error });
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${where}: status ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
