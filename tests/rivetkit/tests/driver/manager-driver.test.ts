// Creating and finding actors: keys, names, ids and input.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Manager Driver", "Manager Driver Tests", (test) => {
  test("creates an actor only once for a key", async ({ client }) => {
    const created = await client.counter.create(["once"]);
    expect(await created.increment(5)).toBe(5);
    // The engine finds the double before or after it has begun to make the second actor, and says so differently.
    await expect(client.counter.create(["once"])).rejects.toMatchObject({ group: "actor" });
    expect(await created.read()).toBe(5);
  });

  test("finds the same actor under the same key", async ({ client }) => {
    const first = client.counter.getOrCreate(["shared"]);
    const second = client.counter.getOrCreate(["shared"]);
    const other = client.counter.getOrCreate(["other"]);
    await first.increment(3);
    expect(await second.read()).toBe(3);
    expect(await other.read()).toBe(0);
    expect(await second.resolve()).toBe(await first.resolve());
    expect(await other.resolve()).not.toBe(await first.resolve());
  });

  test("gets an actor without creating it", async ({ client }) => {
    const handle = client.counter.get(["absent"]);
    await expect(handle.resolve()).rejects.toMatchObject({ group: "actor", code: "not_found" });
    await client.counter.create(["absent"], { input: { start: 7 } });
    expect(await handle.read()).toBe(7);
  });

  test("gives input to the actor that it creates, and only to that one", async ({ client }) => {
    const created = client.counter.getOrCreate(["with input"], { createWithInput: { start: 10 } });
    expect(await created.read()).toBe(10);
    const found = client.counter.getOrCreate(["with input"], { createWithInput: { start: 99 } });
    expect(await found.increment()).toBe(11);
  });

  test("tells compound keys apart", async ({ client }) => {
    const keys = [["a", "b"], ["a/b"], ["a"], []];
    for (const [index, key] of keys.entries()) {
      expect(await client.counter.getOrCreate(key).increment(index + 1)).toBe(index + 1);
    }
    const counts = await Promise.all(keys.map((key) => client.counter.get(key).read()));
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  test("tells names apart", async ({ client }) => {
    const counter = client.counter.getOrCreate(["same key"]);
    const plainVars = client.plainVars.getOrCreate(["same key"]);
    expect(await counter.increment(5)).toBe(5);
    expect(await plainVars.hit()).toBe(1);
    expect(await counter.resolve()).not.toBe(await plainVars.resolve());
    await expect(client.store.get(["same key"]).resolve()).rejects.toMatchObject({ code: "not_found" });
  });
});
