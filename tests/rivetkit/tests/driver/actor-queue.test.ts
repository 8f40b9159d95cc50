// Queues: order, names, timeouts, batches, and a worker that answers.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Queue", "Actor Queue Tests", (test) => {
  test("hands messages over in the order they were sent", async ({ client }) => {
    const mailbox = client.mailbox.getOrCreate(["order"]);
    for (const letter of ["first", "second", "third"]) await mailbox.send("letter", letter);
    const taken = [];
    for (let index = 0; index < 3; index++) taken.push((await mailbox.next(["letter"], 1_000))?.body);
    expect(taken).toEqual(["first", "second", "third"]);
    expect(await mailbox.tryNext()).toBeNull();
  });

  test("takes only messages of the names it is asked for", async ({ client }) => {
    const mailbox = client.mailbox.getOrCreate(["names"]);
    await mailbox.send("letter", "hello");
    await mailbox.send("parcel", { weight: 3 });
    expect(await mailbox.next(["parcel"], 1_000)).toEqual({ name: "parcel", body: { weight: 3 } });
    expect(await mailbox.next(["letter", "parcel"], 1_000)).toEqual({ name: "letter", body: "hello" });
  });

  test("waits for a message, but not longer than it should", async ({ client }) => {
    const mailbox = client.mailbox.getOrCreate(["waiting"]);
    expect(await mailbox.next(["letter"], 50)).toBeUndefined();
    const waiting = mailbox.next(["letter"], 5_000);
    await mailbox.send("letter", "at last");
    expect(await waiting).toEqual({ name: "letter", body: "at last" });
  });

  test("takes a batch, and messages that the actor sent to itself", async ({ client }) => {
    const mailbox = client.mailbox.getOrCreate(["batch"]);
    await mailbox.send("letter", "from outside");
    await mailbox.sendToSelf("from inside");
    expect(await mailbox.takeAll(10)).toEqual(["from outside", "from inside"]);
  });

  test("answers a sender who waits for completion", async ({ client }) => {
    const doubler = client.doubler.getOrCreate(["answers"]);
    expect(await doubler.send("number", 21, { wait: true, timeout: 5_000 })).toEqual({
      status: "completed",
      response: { doubled: 42 },
    });
    await doubler.send("number", 1);
    await doubler.send("number", 2);
    await expect.poll(() => doubler.handled()).toEqual([21, 1, 2]);
  });

  test("tells a sender who waited in vain", async ({ client }) => {
    const mailbox = client.mailbox.getOrCreate(["in vain"]);
    expect(await mailbox.send("letter", "unread", { wait: true, timeout: 100 })).toMatchObject({
      status: "timedOut",
    });
    expect(await mailbox.next(["letter"], 1_000)).toEqual({ name: "letter", body: "unread" });
  });
});
