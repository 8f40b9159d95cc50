// The matrix that every driver suite runs over: runtime x SQLite backend x encoding, one describe block per cell.
import type { Client, Encoding } from "rivetkit/client";
import { describe, type TestAPI, test } from "vitest";
import type { Registry } from "../../src/registry";
import { Driver } from "../support/driver";

type Runtime = "native" | "wasm";
type SqliteBackend = "local" | "remote";

export interface Cell {
  runtime: Runtime;
  sqlite: SqliteBackend;
  encoding: Encoding;
}

/** What a test is given; both end with the test. */
interface Fixtures {
  driver: Driver;
  client: Client<Registry>;
}

const BACKENDS: readonly [Runtime, SqliteBackend][] = [
  ["native", "local"],
  ["native", "remote"],
  ["wasm", "remote"],
];

const ENCODINGS: readonly Encoding[] = ["bare", "cbor", "json"];

const CELLS = BACKENDS.flatMap(([runtime, sqlite]) =>
  ENCODINGS.map((encoding) => legalCell({ runtime, sqlite, encoding })),
);

function legalCell(cell: Cell): Cell {
  if (cell.runtime === "wasm" && cell.sqlite === "local") {
    throw new Error("wasm has no local SQLite: it executes SQL through the engine, so pair it with remote");
  }
  return cell;
}

function testOf(cell: Cell): TestAPI<Fixtures> {
  return test.extend<Fixtures>({
    driver: async ({ onTestFailed }, use) => {
      const driver = await Driver.start(cell);
      onTestFailed(() => console.error(`output of the runtime process:\n${driver.output}`));
      await use(driver);
      await driver.close();
    },
    client: async ({ driver }, use) => use(driver.client),
  });
}

/** Declares the tests of `suite` once per cell; `define` gets a `test` whose fixtures belong to that cell. */
export function describeMatrix(outerSuite: string, suite: string, define: (test: TestAPI<Fixtures>) => void): void {
  describe(outerSuite, () => {
    describe("static registry", () => {
      for (const cell of CELLS) {
        describe(`runtime (${cell.runtime}) / sqlite (${cell.sqlite}) / encoding (${cell.encoding})`, () => {
          describe(suite, () => define(testOf(cell)));
        });
      }
    });
  });
}
