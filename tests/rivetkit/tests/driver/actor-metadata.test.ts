// Metadata: the id, name and key that an actor sees of itself.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Metadata", "Actor Metadata Tests", (test) => {
  test("knows its id, name and key", async ({ client }) => {
    const handle = client.selfAware.getOrCreate(["north", "one"]);
    expect(await handle.now()).toMatchObject({
      id: await handle.resolve(),
      name: "selfAware",
      key: ["north", "one"],
    });
  });

  test("has an empty key when it was given none", async ({ client }) => {
    expect((await client.selfAware.getOrCreate([]).now()).key).toEqual([]);
  });

  test("keeps its identity while it sleeps", async ({ client, driver }) => {
    const handle = client.selfAware.getOrCreate(["sleeping"]);
    const before = await handle.now();
    await handle.sleepNow();
    await driver.untilAsleep(before.id);
    expect(await handle.now()).toEqual(before);
  });

  test("knows the same at its creation as later", async ({ client }) => {
    const handle = client.selfAware.getOrCreate(["creation"]);
    expect(await handle.atCreation()).toEqual(await handle.now());
  });
});
