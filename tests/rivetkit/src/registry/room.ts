// A chat room: connections with parameters and state of their own, events to all of them and to one.
import { actor, UserError } from "rivetkit";

interface RoomParams {
  name?: string;
}

export interface Message {
  from: string;
  text: string;
}

export const room = actor({
  state: { joined: [] as string[], left: [] as string[] },
  onBeforeConnect: (_c, params?: RoomParams) => {
    if (params?.name === "intruder") throw new UserError("the room is closed to you", { code: "closed" });
  },
  createConnState: (_c: unknown, params?: RoomParams) => ({
    name: params?.name ?? "anonymous",
    said: 0,
    notes: [] as string[],
  }),
  onConnect: (c, conn) => {
    c.state.joined.push(conn.state.name);
  },
  onDisconnect: (c, conn) => {
    c.state.left.push(conn.state.name);
  },
  actions: {
    say: (c, text: string): number => {
      c.conn.state.said++;
      c.broadcast("message", { from: c.conn.state.name, text });
      return c.conn.state.said;
    },
    whisper: (c, name: string, text: string): boolean => {
      const target = [...c.conns.values()].find((conn) => conn.state.name === name);
      target?.send("message", { from: c.conn.state.name, text });
      return target !== undefined;
    },
    note: (c, text: string): string[] => {
      c.conn.state.notes.push(text);
      return c.conn.state.notes;
    },
    me: (c) => ({ params: c.conn.params, state: c.conn.state }),
    names: (c): string[] => [...c.conns.values()].map((conn) => conn.state.name).sort(),
    history: (c) => c.state,
  },
});
