// Actions: what they may take and return, how they nest, overlap and run out of time.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Action Features", "Action Features Tests", (test) => {
  test("returns every kind of value that all encodings know unchanged", async ({ client }) => {
    const handle = client.calculator.getOrCreate(["values"]);
    const values: unknown[] = [
      null,
      true,
      -1.5,
      "",
      "ünï©ode ☃ 𝄞",
      [1, [2, [3]]],
      { nested: { list: [{ deep: null }] } },
      9_007_199_254_740_993n,
    ];
    for (const value of values) {
      expect(await handle.echo(value)).toEqual(value);
    }
  });

  test("passes as many arguments as it is called with", async ({ client }) => {
    const handle = client.calculator.getOrCreate(["arguments"]);
    expect(await handle.countArguments()).toBe(0);
    expect(await handle.countArguments("a", undefined, null)).toBe(3);
    expect(await handle.nothing()).toBeUndefined();
  });

  test("carries a large value both ways", async ({ client }) => {
    const text = "0123456789abcdef".repeat(2048);
    const echoed = await client.calculator.getOrCreate(["large"]).echo(text);
    expect(echoed).toBe(text);
  });

  test("awaits asynchronous actions and lets them overlap", async ({ client }) => {
    expect(await client.calculator.getOrCreate(["async"]).addLater(2, 3)).toBe(5);
    const meetingPoint = client.meetingPoint.getOrCreate(["overlap"]);
    await Promise.all([meetingPoint.meet("ada"), meetingPoint.meet("grace")]);
    expect((await meetingPoint.arrivals()).toSorted()).toEqual(["ada", "grace"]);
  });

  test("reaches grouped actions by path", async ({ client }) => {
    const handle = client.calculator.getOrCreate(["groups"]);
    expect(await handle.maths.square(12)).toBe(144);
    expect(await handle.maths.constants.answer()).toBe(42);
    expect(await handle.action({ name: "maths.square", args: [3] })).toBe(9);
  });

  test("gives up on an action that takes too long", async ({ client }) => {
    const handle = client.impatient.getOrCreate(["slow"]);
    await expect(handle.hang()).rejects.toMatchObject({ group: "actor", code: "action_timed_out" });
    expect(await handle.ping()).toBe("pong");
  });
});
