// How vitest runs the driver suite: no retries, no focus, one forked worker at a time.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/driver/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    allowOnly: false,
    retry: 0,
    // Errors that a test expects would fill the log with the client's warnings.
    env: { RIVET_LOG_LEVEL: "error" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000, interval: 50 } },
  },
});
