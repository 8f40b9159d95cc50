// Raw WebSockets: texts and bytes, path and query, closing from both ends, and sockets side by side.
import { expect } from "vitest";
import { collect } from "../support/socket";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Raw WebSocket", "raw websocket", (test) => {
  test("echoes texts and bytes in order", async ({ client }) => {
    const socket = collect(await client.sockets.getOrCreate(["echo"]).webSocket("/echo"));
    await socket.greeting();
    socket.send("one");
    socket.send(new Uint8Array([1, 2, 255]));
    socket.send("three");
    expect((await socket.received(4)).slice(1)).toEqual(["one", new Uint8Array([1, 2, 255]), "three"]);
    socket.close();
  });

  test("tells the actor path and query", async ({ client }) => {
    const socket = collect(await client.sockets.getOrCreate(["address"]).webSocket("/some/path?room=7&user=ada"));
    expect(JSON.parse(String(await socket.greeting()))).toEqual({
      path: "/websocket/some/path",
      query: { room: "7", user: "ada" },
    });
    socket.close();
  });

  test("tells the client how the actor closed it", async ({ client }) => {
    const socket = collect(await client.sockets.getOrCreate(["closing"]).webSocket("/"));
    await socket.greeting();
    socket.send("please close");
    expect(await socket.closed).toMatchObject({ code: 4001, reason: "as asked" });
  });

  test("tells the actor when the client closed it", async ({ client }) => {
    const handle = client.sockets.getOrCreate(["leaving"]);
    const socket = collect(await handle.webSocket("/"));
    await socket.greeting();
    expect(await handle.read()).toEqual({ messages: 0, closed: [], open: 1 });
    socket.close(4002, "bye");
    await expect.poll(() => handle.read()).toMatchObject({ open: 0, closed: [4002] });
  });

  test("serves several sockets of one actor", async ({ client }) => {
    const handle = client.sockets.getOrCreate(["several"]);
    // One after the other: on a busy machine, of two that connect at once one may never be heard.
    const sockets = [collect(await handle.webSocket("/a"))];
    await sockets[0]?.greeting();
    sockets.push(collect(await handle.webSocket("/b")));
    await sockets[1]?.greeting();
    await handle.shout("to everyone");
    for (const socket of sockets) expect((await socket.received(2))[1]).toBe("to everyone");
    sockets[0]?.send("mine");
    expect((await sockets[0]?.received(3))?.[2]).toBe("mine");
    expect(await handle.read()).toEqual({ messages: 1, closed: [], open: 2 });
    for (const socket of sockets) socket.close();
  });
});
