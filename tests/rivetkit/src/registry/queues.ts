// Queues: messages that are taken one by one, and a worker that takes them in the background.
import { actor, queue } from "rivetkit";

type Name = "letter" | "parcel";

export const mailbox = actor({
  queues: { letter: queue<string>(), parcel: queue<{ weight: number }>() },
  actions: {
    next: async (c, names: Name[], timeout: number): Promise<{ name: Name; body: unknown } | undefined> => {
      const message = await c.queue.next({ names, timeout });
      return message && { name: message.name, body: message.body };
    },
    tryNext: async (c): Promise<unknown> => (await c.queue.tryNext())?.body ?? null,
    takeAll: async (c, count: number): Promise<unknown[]> => {
      const messages = await c.queue.nextBatch({ count, timeout: 1_000 });
      return messages.map(({ body }) => body);
    },
    sendToSelf: async (c, text: string): Promise<void> => {
      await c.queue.send("letter", text);
    },
  },
});

export const doubler = actor({
  state: { handled: [] as number[] },
  queues: { number: queue<number, { doubled: number }>() },
  run: async (c) => {
    for await (const message of c.queue.iter({ completable: true })) {
      c.state.handled.push(message.body);
      await message.complete({ doubled: message.body * 2 });
    }
  },
  actions: { handled: (c): number[] => c.state.handled },
});
