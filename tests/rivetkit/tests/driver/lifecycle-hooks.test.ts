// Lifecycle hooks: their order, what they are given, and how they may change a response.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Lifecycle Hooks", "Lifecycle Hooks", (test) => {
  test("run in order, once for a new actor", async ({ client }) => {
    const handle = client.lifecycle.getOrCreate(["order"]);
    const expected = {
      state: ["createState", "onCreate without input", "onWake"],
      vars: ["createVars", "onWake"],
    };
    expect(await handle.hooks()).toEqual(expected);
    expect(await handle.hooks()).toEqual(expected);
  });

  test("run again after sleep, except for those of the creation", async ({ client, driver }) => {
    const handle = client.lifecycle.getOrCreate(["sleep"]);
    await handle.sleepNow();
    await driver.untilAsleep(await handle.resolve());
    expect(await handle.hooks()).toEqual({
      state: ["createState", "onCreate without input", "onWake", "onSleep", "onWake"],
      vars: ["createVars", "onWake"],
    });
  });

  test("are given the input", async ({ client }) => {
    const handle = client.lifecycle.getOrCreate(["input"], { createWithInput: { title: "given" } });
    expect(await handle.title()).toBe("given");
    expect((await handle.hooks()).state).toContain("onCreate given");
  });

  test("may change the response of an action", async ({ client }) => {
    const handle = client.lifecycle.getOrCreate(["response"]);
    expect(await handle.decorated(2, 3)).toBe("decorated(2, 3) -> 5");
    expect(await handle.plain(2, 3)).toBe(5);
  });
});
