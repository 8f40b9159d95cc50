// A raw WebSocket whose messages and end can be awaited.
import { expect } from "vitest";

type Socket = Pick<WebSocket, "send" | "close" | "binaryType" | "addEventListener">;

/** Collects what `socket` receives from now on: texts as strings, bytes as Uint8Array. */
export function collect(socket: Socket) {
  const messages: unknown[] = [];
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    messages.push(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  return {
    closed,
    send: socket.send.bind(socket),
    close: socket.close.bind(socket),
    /** The messages so far, as soon as there are at least `count` of them. */
    async received(count: number): Promise<unknown[]> {
      await expect.poll(() => messages.length).toBeGreaterThanOrEqual(count);
      return messages;
    },
  };
}
