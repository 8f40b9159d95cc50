// Actors without state: they act, remember through other means, and say so when asked for a state.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Stateless", "Actor Stateless Tests", (test) => {
  test("acts without a state", async ({ client }) => {
    expect(await client.stateless.getOrCreate(["acts"]).ping()).toBe("pong");
  });

  test("has an identity", async ({ client }) => {
    const first = client.stateless.getOrCreate(["first"]);
    const second = client.stateless.getOrCreate(["second"]);
    expect(await first.identify()).toBe(await first.resolve());
    expect(await first.identify()).not.toBe(await second.identify());
  });

  test("refuses to read a state that it does not have", async ({ client }) => {
    const handle = client.stateless.getOrCreate(["refuses"]);
    await expect(handle.readState()).rejects.toMatchObject({ group: "actor" });
    expect(await handle.ping()).toBe("pong");
  });

  test("may remember in its key-value store", async ({ client }) => {
    const handle = client.stateless.getOrCreate(["remembers"]);
    expect(await handle.recall()).toBeNull();
    await handle.remember("a word");
    expect(await handle.recall()).toBe("a word");
  });
});
