// Ephemeral variables: initial values, isolation between actors, values that cannot be serialized.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Variables", "Actor Variables", (test) => {
  test("starts from the declared value and keeps changes between calls", async ({ client }) => {
    const handle = client.plainVars.getOrCreate(["kept"]);
    expect(await handle.read()).toEqual({ hits: 0, tags: ["initial"] });
    expect(await handle.hit()).toBe(1);
    expect(await handle.hit()).toBe(2);
    expect(await handle.read()).toEqual({ hits: 2, tags: ["initial"] });
  });

  test("gives every actor its own copy, nested values included", async ({ client }) => {
    const first = client.plainVars.getOrCreate(["first"]);
    const second = client.plainVars.getOrCreate(["second"]);
    expect(await first.tag("mine")).toEqual(["initial", "mine"]);
    expect(await second.read()).toEqual({ hits: 0, tags: ["initial"] });
  });

  test("makes variables from the context of the actor", async ({ client }) => {
    expect(await client.madeVars.getOrCreate(["north", "one"]).owner()).toBe("north/one");
    expect(await client.madeVars.getOrCreate(["south"]).owner()).toBe("south");
  });

  test("holds functions and objects that cannot be serialized", async ({ client }) => {
    const handle = client.madeVars.getOrCreate(["live"]);
    expect(await handle.see("ada")).toBe(1);
    expect(await handle.see("grace")).toBe(2);
    expect(await handle.see("ada")).toBe(2);
    expect(await handle.greet("ada")).toBe("ada is greeted by live");
  });
});
