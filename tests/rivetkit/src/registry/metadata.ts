// What an actor knows about itself, and an actor that has no state at all.
import { actor } from "rivetkit";

export const selfAware = actor({
  createState: (c: { actorId: string; name: string; key: string[] }) => ({
    atCreation: { id: c.actorId, name: c.name, key: c.key },
  }),
  actions: {
    now: (c) => ({ id: c.actorId, name: c.name, key: c.key }),
    atCreation: (c) => c.state.atCreation,
    sleepNow: (c): void => c.sleep(),
  },
});

export const stateless = actor({
  actions: {
    ping: (): string => "pong",
    identify: (c): string => c.actorId,
    readState: (c): unknown => c.state,
    remember: (c, text: string): Promise<void> => c.kv.put("memory", text),
    recall: (c): Promise<string | null> => c.kv.get("memory"),
  },
});
