// Handles: the four ways to get one, and what each may be used for.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Handle", "Actor Handle Tests", (test) => {
  test("reaches one actor through every kind of handle", async ({ client }) => {
    const created = await client.counter.create(["handle"]);
    expect(await created.increment(1)).toBe(1);
    expect(await client.counter.get(["handle"]).increment(10)).toBe(11);
    expect(await client.counter.getOrCreate(["handle"]).increment(100)).toBe(111);
    expect(await client.counter.getForId(await created.resolve()).increment(1000)).toBe(1111);
  });

  test("accepts a key as a string or as an array", async ({ client }) => {
    await client.counter.getOrCreate("plain").increment(2);
    expect(await client.counter.get(["plain"]).read()).toBe(2);
  });

  test("calls an action by its name", async ({ client }) => {
    const handle = client.counter.getOrCreate(["by name"]);
    expect(await handle.action({ name: "increment", args: [4] })).toBe(4);
    await expect(handle.action({ name: "decrement", args: [] })).rejects.toMatchObject({
      group: "actor",
      code: "action_not_found",
    });
  });

  test("serves many calls at once", async ({ client }) => {
    const handle = client.counter.getOrCreate(["busy"]);
    expect(await handle.read()).toBe(0);
    const results = await Promise.all(Array.from({ length: 20 }, () => handle.increment()));
    expect(results.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await handle.read()).toBe(20);
  });

  test("creates the actor as soon as its id is asked for", async ({ client }) => {
    const handle = client.counter.getOrCreate(["resolved"], { createWithInput: { start: 3 } });
    const id = await handle.resolve();
    expect(await client.counter.get(["resolved"]).resolve()).toBe(id);
    expect(await client.counter.getForId(id).read()).toBe(3);
    expect(await handle.resolve()).toBe(id);
  });

  test("connects to the actor that it calls", async ({ client }) => {
    const handle = client.counter.getOrCreate(["connected"]);
    const connection = handle.connect();
    expect(await connection.increment(2)).toBe(2);
    expect(await handle.increment(3)).toBe(5);
    expect(await connection.read()).toBe(5);
  });
});
