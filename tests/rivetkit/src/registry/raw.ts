// Raw HTTP and raw WebSockets, with a state that actions see as well.
import { actor, type UniversalWebSocket } from "rivetkit";

export const web = actor({
  state: { requests: 0, body: "" },
  onRequest: async (c, request) => {
    const { pathname, searchParams } = new URL(request.url);
    c.state.requests++;
    switch (pathname) {
      case "/echo":
        return Response.json({
          method: request.method,
          query: Object.fromEntries(searchParams),
          header: request.headers.get("x-probe"),
          body: await request.text(),
        });
      case "/body":
        c.state.body = await request.text();
        return new Response(null, { status: 204 });
      case "/bytes":
        return new Response(new Uint8Array(await request.arrayBuffer()).toReversed(), {
          headers: { "content-type": "application/octet-stream" },
        });
      case "/teapot":
        return new Response("short and stout", { status: 418, headers: { "x-kind": "teapot" } });
      case "/fail":
        throw new Error("the password is swordfish");
      default:
        return new Response(`no ${pathname} here`, { status: 404 });
    }
  },
  actions: { read: (c) => c.state },
});

export const sockets = actor({
  state: { messages: 0, closed: [] as number[] },
  createVars: () => ({ open: new Set<UniversalWebSocket>() }),
  onWebSocket: (c, socket) => {
    const { pathname, searchParams } = new URL(c.request?.url ?? "http://actor/");
    c.vars.open.add(socket);
    socket.addEventListener("message", ({ data }) => {
      // Asked for rather than sent at once: a client could miss what comes before it listens.
      if (data === "hello") {
        socket.send(JSON.stringify({ path: pathname, query: Object.fromEntries(searchParams) }));
        return;
      }
      c.state.messages++;
      if (data === "please close") socket.close(4001, "as asked");
      else socket.send(data);
    });
    socket.addEventListener("close", ({ code }) => {
      c.vars.open.delete(socket);
      c.state.closed.push(code);
    });
  },
  actions: {
    read: (c) => ({ ...c.state, open: c.vars.open.size }),
    shout: (c, text: string): void => {
      for (const socket of c.vars.open) socket.send(text);
    },
  },
});
