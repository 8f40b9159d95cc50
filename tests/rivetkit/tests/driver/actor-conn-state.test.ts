// The state of a connection: made from its parameters, private to it, gone with it.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Connection State", "Actor Connection State Tests", (test) => {
  test("is made from the parameters of the connection", async ({ client }) => {
    const handle = (params?: { name: string }) => client.room.getOrCreate(["made"], { params });
    const named = handle({ name: "ada" }).connect();
    const unnamed = handle().connect();
    expect((await named.me()).state.name).toBe("ada");
    expect((await unnamed.me()).state.name).toBe("anonymous");
  });

  test("keeps changes between the calls of one connection", async ({ client }) => {
    const connection = client.room.getOrCreate(["kept"]).connect();
    expect(await connection.note("first")).toEqual(["first"]);
    expect(await connection.note("second")).toEqual(["first", "second"]);
    expect((await connection.me()).state).toEqual({ name: "anonymous", said: 0, notes: ["first", "second"] });
  });

  test("is not shared between connections", async ({ client }) => {
    const handle = client.room.getOrCreate(["private"]);
    const [first, second] = [handle.connect(), handle.connect()];
    await first.note("mine");
    await first.say("hello");
    expect((await second.me()).state).toEqual({ name: "anonymous", said: 0, notes: [] });
    expect((await first.me()).state).toEqual({ name: "anonymous", said: 1, notes: ["mine"] });
  });

  test("can be read by the actor for every connection", async ({ client }) => {
    const connect = (name: string) => client.room.getOrCreate(["listed"], { params: { name } }).connect();
    const connections = ["cleo", "ada", "bob"].map(connect);
    await Promise.all(connections.map((connection) => connection.me()));
    expect(await connections[0]?.names()).toEqual(["ada", "bob", "cleo"]);
  });

  test("starts afresh for a new connection", async ({ client }) => {
    const handle = client.room.getOrCreate(["afresh"], { params: { name: "ada" } });
    const before = handle.connect();
    await before.note("to be forgotten");
    await before.dispose();
    const after = handle.connect();
    expect((await after.me()).state).toEqual({ name: "ada", said: 0, notes: [] });
    await expect.poll(() => after.names()).toEqual(["ada"]);
  });
});
