// A raw WebSocket whose messages and end can be awaited.
import { expect } from "vitest";

type Socket = Pick<WebSocket, "send" | "close" | "binaryType" | "readyState" | "addEventListener">;

const OPEN = 1; // WebSocket.OPEN, which not every runtime's socket has

/** Collects what `socket` receives from now on: texts as strings, bytes as Uint8Array. */
export function collect(socket: Socket) {
  const messages: unknown[] = [];
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    messages.push(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  });
  const opened = new Promise<void>((resolve) => {
    if (socket.readyState === OPEN) resolve();
    else socket.addEventListener("open", () => resolve());
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  /** The messages so far, as soon as there are at least `count` of them. */
  const received = async (count: number): Promise<unknown[]> => {
    await expect.poll(() => messages.length).toBeGreaterThanOrEqual(count);
    return messages;
  };
  return {
    closed,
    received,
    send: socket.send.bind(socket),
    close: socket.close.bind(socket),
    /** The actor's first message, which tells how it sees the socket. */
    async greeting(): Promise<unknown> {
      await opened;
      socket.send("hello");
      return (await received(1))[0];
    },
  };
}
