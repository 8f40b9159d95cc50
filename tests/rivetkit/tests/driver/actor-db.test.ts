// The SQLite database of an actor: migrations, transactions, constraints, isolation and sleep.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Database", "Actor Database", (test) => {
  test("inserts, selects and deletes rows", async ({ client }) => {
    const ledger = client.ledger.getOrCreate(["rows"]);
    expect(await ledger.accounts()).toEqual([]);
    await ledger.open("grace", 20);
    await ledger.open("ada", 10);
    expect(await ledger.accounts()).toEqual([
      { name: "ada", balance: 10 },
      { name: "grace", balance: 20 },
    ]);
    await ledger.close("ada");
    expect(await ledger.accounts()).toEqual([{ name: "grace", balance: 20 }]);
  });

  test("commits a transaction as a whole", async ({ client }) => {
    const ledger = client.ledger.getOrCreate(["commit"]);
    await ledger.open("ada", 100);
    await ledger.open("grace", 0);
    await ledger.transfer("ada", "grace", 30);
    expect(await ledger.accounts()).toEqual([
      { name: "ada", balance: 70 },
      { name: "grace", balance: 30 },
    ]);
  });

  test("rolls a transaction back when it throws", async ({ client }) => {
    const ledger = client.ledger.getOrCreate(["rollback"]);
    await ledger.open("ada", 10);
    await ledger.open("grace", 0);
    await expect(ledger.transfer("ada", "grace", 50)).rejects.toMatchObject({ group: "user", code: "funds" });
    expect(await ledger.accounts()).toEqual([
      { name: "ada", balance: 10 },
      { name: "grace", balance: 0 },
    ]);
  });

  test("enforces the constraints of the schema", async ({ client }) => {
    const ledger = client.ledger.getOrCreate(["constraints"]);
    await ledger.open("ada", 10);
    expect(await ledger.tryOverdraw("ada")).toBe("refused");
    await expect(ledger.open("ada", 1)).rejects.toThrow();
    expect(await ledger.accounts()).toEqual([{ name: "ada", balance: 10 }]);
  });

  test("gives every actor a database of its own", async ({ client }) => {
    const [left, right] = [client.ledger.getOrCreate(["left"]), client.ledger.getOrCreate(["right"])];
    await left.open("ada", 1);
    expect(await right.accounts()).toEqual([]);
    await right.open("ada", 2);
    expect(await left.accounts()).toEqual([{ name: "ada", balance: 1 }]);
  });

  test("keeps rows while the actor sleeps, and migrates again without harm", async ({ client, driver }) => {
    const ledger = client.ledger.getOrCreate(["asleep"]);
    await ledger.open("ada", 42);
    await ledger.sleepNow();
    await driver.untilAsleep(await ledger.resolve());
    expect(await ledger.accounts()).toEqual([{ name: "ada", balance: 42 }]);
  });
});
