// Sleep: what an actor keeps, what it forgets, what puts it to sleep and what keeps it awake.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Sleep", "Actor Sleep Tests", (test) => {
  test("keeps the state and forgets the variables", async ({ client, driver }) => {
    const sleeper = client.sleeper.getOrCreate(["memory"]);
    await sleeper.count();
    expect(await sleeper.count()).toEqual({ state: 2, vars: 2 });
    await sleeper.sleepNow();
    await driver.untilAsleep(await sleeper.resolve());
    expect(await sleeper.count()).toEqual({ state: 3, vars: 1 });
  });

  test("runs onSleep and onWake once each time", async ({ client, driver }) => {
    const sleeper = client.sleeper.getOrCreate(["hooks"]);
    const id = await sleeper.resolve();
    for (let night = 0; night < 2; night++) {
      await sleeper.count();
      await sleeper.sleepNow();
      await driver.untilAsleep(id);
    }
    expect(await sleeper.read()).toEqual({ wakes: 3, sleeps: 2, count: 2, vars: 0 });
  });

  test("falls asleep when nobody calls, and may write to others while it does", async ({ client, driver }) => {
    const dozer = client.dozer.getOrCreate(["idle"]);
    expect(await dozer.finished()).toBe(0);
    await driver.untilAsleep(await dozer.resolve());
    const journal = client.journal.getOrCreate(["idle"]);
    await expect.poll(async () => (await journal.read()).at(-1)).toBe("asleep, 0 finished");
  });

  test("stays awake for work that outlives its action", async ({ client, driver }) => {
    const dozer = client.dozer.getOrCreate(["busy"]);
    await dozer.workFor(1_500);
    await driver.untilAsleep(await dozer.resolve());
    const journal = client.journal.getOrCreate(["busy"]);
    await expect.poll(async () => (await journal.read()).at(-1)).toBe("asleep, 1 finished");
    expect(await dozer.finished()).toBe(1);
  });

  test("wakes for a connection", async ({ client, driver }) => {
    const sleeper = client.sleeper.getOrCreate(["connection"]);
    await sleeper.count();
    await sleeper.sleepNow();
    await driver.untilAsleep(await sleeper.resolve());
    const connection = sleeper.connect();
    expect(await connection.read()).toEqual({ wakes: 2, sleeps: 1, count: 1, vars: 0 });
  });
});
