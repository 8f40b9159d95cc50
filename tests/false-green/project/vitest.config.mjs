// How vitest runs a case's test files; what a case changes, it says in VITEST_CONFIG (JSON).
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: ".cache",
  test: {
    include: ["tests/**/*.test.js"],
    globals: true,
    pool: "threads",
    poolOptions: { threads: { singleThread: true } },
    ...JSON.parse(process.env.VITEST_CONFIG ?? "{}"),
  },
});
