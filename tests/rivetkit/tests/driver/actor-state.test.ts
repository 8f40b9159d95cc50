// Durable state: nested changes, isolation, and survival of sleep and of the runtime process.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor State", "Actor State Tests", (test) => {
  test("keeps changes of nested values", async ({ client }) => {
    const notebook = client.notebook.getOrCreate(["nested"], { createWithInput: { owner: "ada" } });
    await notebook.add("a", "write");
    await notebook.add("b", "read");
    await notebook.tag("b", "quiet", "evening");
    await notebook.finish("a");
    await notebook.remove("missing");
    expect(await notebook.read()).toEqual({
      owner: "ada",
      tasks: {
        a: { title: "write", done: true, tags: [] },
        b: { title: "read", done: false, tags: ["quiet", "evening"] },
      },
      order: ["a", "b"],
    });
    await notebook.remove("a");
    expect((await notebook.read()).order).toEqual(["b"]);
  });

  test("is not shared between actors", async ({ client }) => {
    await client.notebook.getOrCreate(["left"]).add("a", "only here");
    expect(await client.notebook.getOrCreate(["right"]).read()).toEqual({ owner: "nobody", tasks: {}, order: [] });
  });

  test("survives sleep", async ({ client, driver }) => {
    const notebook = client.notebook.getOrCreate(["asleep"], { createWithInput: { owner: "grace" } });
    await notebook.add("a", "sleep well");
    await notebook.sleepNow();
    await driver.untilAsleep(await notebook.resolve());
    expect(await notebook.read()).toEqual({
      owner: "grace",
      tasks: { a: { title: "sleep well", done: false, tags: [] } },
      order: ["a"],
    });
  });

  test("keeps the types of its values through sleep", async ({ client, driver }) => {
    const samples = client.samples.getOrCreate(["types"]);
    const value = { text: "ünï", list: [1, -2.5, null, true], big: 2n ** 60n };
    await samples.keep(value);
    await samples.sleepNow();
    await driver.untilAsleep(await samples.resolve());
    expect(await samples.get()).toEqual(value);
  });

  test("survives a new runtime process", async ({ client, driver }) => {
    const notebook = client.notebook.getOrCreate(["moved"]);
    await notebook.add("a", "before the restart");
    await notebook.saveNow();
    await driver.restartProcess();
    await notebook.add("b", "after the restart");
    expect((await notebook.read()).order).toEqual(["a", "b"]);
  });
});
