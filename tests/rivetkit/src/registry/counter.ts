// A counter: the plainest stateful actor, for everything that is about reaching actors.
import { actor } from "rivetkit";

interface CounterInput {
  start: number;
}

export const counter = actor({
  createState: (_c: unknown, input?: CounterInput) => ({ count: input?.start ?? 0 }),
  actions: {
    increment: (c, by = 1): number => {
      c.state.count += by;
      return c.state.count;
    },
    read: (c): number => c.state.count,
  },
});
