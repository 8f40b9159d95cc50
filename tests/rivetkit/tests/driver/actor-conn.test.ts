// Connections: actions and events over them, who is admitted, and how they open and close.
import { expect } from "vitest";
import type { Message } from "../../src/registry/room";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Connection", "Actor Connection Tests", (test) => {
  test("calls actions over a connection", async ({ client }) => {
    const connection = client.room.getOrCreate(["calls"], { params: { name: "ada" } }).connect();
    expect(await connection.me()).toEqual({
      params: { name: "ada" },
      state: { name: "ada", said: 0, notes: [] },
    });
    expect(await connection.say("one")).toBe(1);
    expect(await connection.say("two")).toBe(2);
  });

  test("broadcasts an event to every connection", async ({ client }) => {
    const handle = client.room.getOrCreate(["broadcast"], { params: { name: "ada" } });
    const heard: Record<string, Message[]> = { first: [], second: [] };
    const first = handle.connect();
    const second = handle.connect();
    first.on("message", (message: Message) => heard.first?.push(message));
    second.on("message", (message: Message) => heard.second?.push(message));
    await Promise.all([first.me(), second.me()]);
    await first.say("hello");
    await first.say("again");
    const expected = [
      { from: "ada", text: "hello" },
      { from: "ada", text: "again" },
    ];
    await expect.poll(() => heard).toEqual({ first: expected, second: expected });
  });

  test("sends an event to one connection only", async ({ client }) => {
    const connect = (name: string) => client.room.getOrCreate(["whisper"], { params: { name } }).connect();
    const [ada, grace, alan] = [connect("ada"), connect("grace"), connect("alan")];
    const heard: string[] = [];
    grace.on("message", ({ text }: Message) => heard.push(`grace: ${text}`));
    alan.on("message", ({ text }: Message) => heard.push(`alan: ${text}`));
    await Promise.all([ada.me(), grace.me(), alan.me()]);
    expect(await ada.whisper("grace", "psst")).toBe(true);
    expect(await ada.whisper("nobody", "psst")).toBe(false);
    await ada.say("to all");
    await expect.poll(() => heard.toSorted()).toEqual([
      "alan: to all",
      "grace: psst",
      "grace: to all",
    ]);
  });

  test("stops delivering to a listener that was removed, or that wanted one event", async ({ client }) => {
    const connection = client.room.getOrCreate(["listeners"]).connect();
    const heard: string[] = [];
    const stop = connection.on("message", ({ text }: Message) => heard.push(`until stopped: ${text}`));
    connection.once("message", ({ text }: Message) => heard.push(`once: ${text}`));
    connection.on("message", ({ text }: Message) => heard.push(`always: ${text}`));
    await connection.say("1");
    await expect.poll(() => heard.length).toBe(3);
    stop();
    await connection.say("2");
    await expect.poll(() => heard).toContain("always: 2");
    expect(heard.toSorted()).toEqual(["always: 1", "always: 2", "once: 1", "until stopped: 1"]);
  });

  test("keeps out whom the actor rejects", async ({ client }) => {
    const intruder = client.room.getOrCreate(["door"], { params: { name: "intruder" } }).connect();
    await expect(intruder.say("let me in")).rejects.toMatchObject({ group: "user", code: "closed" });
    await intruder.dispose();
    const guest = client.room.getOrCreate(["door"], { params: { name: "guest" } }).connect();
    expect(await guest.names()).toEqual(["guest"]);
    expect((await guest.history()).joined).toEqual(["guest"]);
  });

  test("tells the actor who comes and goes", async ({ client }) => {
    const connect = (name: string) => client.room.getOrCreate(["visits"], { params: { name } }).connect();
    const host = connect("host");
    await host.me();
    const visitor = connect("visitor");
    await visitor.me();
    expect(await host.names()).toEqual(["host", "visitor"]);
    await visitor.dispose();
    await expect.poll(() => host.history()).toEqual({
      joined: ["host", "visitor"],
      left: ["visitor"],
    });
    expect(await host.names()).toEqual(["host"]);
  });

  test("reports its status from the first attempt to the end", async ({ client }) => {
    const connection = client.room.getOrCreate(["status"]).connect();
    const seen: string[] = [];
    connection.onStatusChange((status) => seen.push(status));
    expect(connection.connStatus).not.toBe("connected");
    await connection.ready;
    expect(connection.connStatus).toBe("connected");
    await connection.dispose();
    expect(seen).toContain("connected");
    expect(connection.connStatus).not.toBe("connected");
  });
});
