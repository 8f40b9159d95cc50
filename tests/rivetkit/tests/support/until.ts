// Polls a condition until it holds or a deadline has passed.
import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT_MS = 25_000;
const INTERVAL_MS = 20;

/** Rejects with `failure()` when `condition` does not hold in time, or with what `condition` throws. */
export async function until(condition: () => Promise<boolean>, failure: () => Error): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() >= deadline) throw failure();
    await sleep(INTERVAL_MS);
  }
}
