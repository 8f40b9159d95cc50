// The key-value store: texts, bytes, prefixes, ranges, batches, and isolation between actors.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor KV", "Actor KV Tests", (test) => {
  test("puts, overwrites, gets and deletes a text", async ({ client }) => {
    const handle = client.store.getOrCreate(["text"]);
    expect(await handle.get("greeting")).toBeNull();
    await handle.put("greeting", "hello");
    expect(await handle.get("greeting")).toBe("hello");
    await handle.put("greeting", "héllo ☃");
    expect(await handle.get("greeting")).toBe("héllo ☃");
    await handle.delete("greeting");
    expect(await handle.get("greeting")).toBeNull();
  });

  test("stores bytes as they are", async ({ client }) => {
    const handle = client.store.getOrCreate(["bytes"]);
    const bytes = Array.from({ length: 256 }, (_, index) => index);
    await handle.putBytes("all", bytes);
    expect(await handle.getBytes("all")).toEqual(bytes);
    expect(await handle.getBytes("none")).toBeNull();
  });

  test("lists a prefix in the order of the keys", async ({ client }) => {
    const handle = client.store.getOrCreate(["prefix"]);
    for (const key of ["user:2", "user:1", "item:1", "user:3", "users"]) await handle.put(key, key.toUpperCase());
    expect(await handle.listPrefix("user:")).toEqual([
      ["user:1", "USER:1"],
      ["user:2", "USER:2"],
      ["user:3", "USER:3"],
    ]);
    expect(await handle.listPrefix("user:", 2)).toEqual([
      ["user:1", "USER:1"],
      ["user:2", "USER:2"],
    ]);
    expect(await handle.listPrefix("user:", 1, true)).toEqual([["user:3", "USER:3"]]);
    expect(await handle.listPrefix("nobody:")).toEqual([]);
  });

  test("lists a range up to but without its end", async ({ client }) => {
    const handle = client.store.getOrCreate(["range"]);
    for (const key of ["a", "b", "c", "d"]) await handle.put(key, `value of ${key}`);
    expect(await handle.listRange("b", "d")).toEqual([
      ["b", "value of b"],
      ["c", "value of c"],
    ]);
  });

  test("works on many entries at once", async ({ client }) => {
    const handle = client.store.getOrCreate(["batch"]);
    await handle.putMany({ one: "1", two: "2" });
    const keys = ["one", "missing", "two"];
    expect(await handle.getMany(keys)).toEqual(["1", null, "2"]);
    await handle.deleteMany(["one"]);
    expect(await handle.getMany(keys)).toEqual([null, null, "2"]);
  });

  test("keeps the stores of two actors apart", async ({ client }) => {
    await client.store.getOrCreate(["left"]).put("key", "left");
    await client.store.getOrCreate(["right"]).put("key", "right");
    await client.store.getOrCreate(["left"]).delete("key");
    expect(await client.store.getOrCreate(["left"]).get("key")).toBeNull();
    expect(await client.store.getOrCreate(["right"]).get("key")).toBe("right");
  });
});
