// onStateChange: called for every change, also of nested values, and for nothing else.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor State Change", "Actor State Change Tests", (test) => {
  test("is called with the new state", async ({ client }) => {
    const watched = client.watched.getOrCreate(["new"]);
    await watched.set(1);
    await watched.set(5);
    await expect.poll(async () => (await watched.seen()).seen).toEqual([1, 5]);
  });

  test("is called for a change of a nested value", async ({ client }) => {
    const watched = client.watched.getOrCreate(["nested"]);
    await watched.append("a");
    await watched.append("b");
    await expect.poll(async () => (await watched.seen()).lengths).toEqual([1, 2]);
  });

  test("is not called when the state is only read", async ({ client }) => {
    const watched = client.watched.getOrCreate(["read"]);
    expect(await watched.read()).toBe(0);
    expect(await watched.read()).toBe(0);
    expect(await watched.seen()).toEqual({ seen: [], lengths: [] });
    await watched.set(7);
    await expect.poll(async () => (await watched.seen()).seen).toEqual([7]);
  });
});
