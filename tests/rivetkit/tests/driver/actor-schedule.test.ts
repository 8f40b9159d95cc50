// Scheduled actions: when they run, that they can be listed and cancelled, and that they wake the actor.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Schedule", "Actor Schedule Tests", (test) => {
  test("runs an action after a delay, not before", async ({ client }) => {
    const scheduler = client.scheduler.getOrCreate(["after"]);
    const start = Date.now();
    await scheduler.after(300, "later");
    await expect.poll(async () => (await scheduler.read()).fired.length).toBe(1);
    const [fired] = (await scheduler.read()).fired;
    expect(fired?.label).toBe("later");
    expect(fired?.at).toBeGreaterThanOrEqual(start + 300);
  });

  test("runs actions in the order of their times", async ({ client }) => {
    const scheduler = client.scheduler.getOrCreate(["order"]);
    await scheduler.plan({ third: 900, first: 300, second: 600 });
    await expect
      .poll(async () => (await scheduler.read()).fired.map(({ label }) => label))
      .toEqual(["first", "second", "third"]);
  });

  test("cancels an action, once, unless it has run", async ({ client }) => {
    const scheduler = client.scheduler.getOrCreate(["cancel"]);
    expect(await scheduler.afterAndCancel(400, "cancelled")).toEqual([true, false]);
    const kept = await scheduler.after(800, "kept");
    await expect.poll(async () => (await scheduler.read()).fired).toMatchObject([{ label: "kept" }]);
    expect(await scheduler.cancel(kept)).toBe(false);
  });

  test("runs an action of the past at once", async ({ client }) => {
    const scheduler = client.scheduler.getOrCreate(["past"]);
    await scheduler.plan({ overdue: -60_000 });
    await expect
      .poll(async () => (await scheduler.read()).fired)
      .toMatchObject([{ label: "overdue" }]);
  });

  test("wakes an actor that sleeps", async ({ client, driver }) => {
    const scheduler = client.scheduler.getOrCreate(["alarm"]);
    const id = await scheduler.resolve();
    await scheduler.after(3_000, "alarm");
    await scheduler.sleepNow();
    await driver.untilAsleep(id);
    await driver.untilAwake(id);
    await expect.poll(async () => (await scheduler.read()).fired).toMatchObject([{ label: "alarm" }]);
    expect((await scheduler.read()).wakes).toBe(2);
  });
});
