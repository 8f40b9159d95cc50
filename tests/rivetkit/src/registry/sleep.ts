// Actors that sleep: one when it is told to, one as soon as it has nothing to do.
import { setTimeout as pause } from "node:timers/promises";
import { actor } from "rivetkit";
import type { JournalRegistry } from "./journal";

export const sleeper = actor({
  state: { wakes: 0, sleeps: 0, count: 0 },
  vars: { count: 0 },
  onWake: (c) => {
    c.state.wakes++;
  },
  onSleep: (c) => {
    c.state.sleeps++;
  },
  actions: {
    count: (c) => {
      c.state.count++;
      c.vars.count++;
      return { state: c.state.count, vars: c.vars.count };
    },
    read: (c) => ({ ...c.state, vars: c.vars.count }),
    sleepNow: (c): void => c.sleep(),
  },
});

/** Notes in a journal what it had finished when it fell asleep. */
export const dozer = actor({
  state: { finished: 0 },
  options: { sleepTimeout: 600 },
  onSleep: async (c) => {
    await c.client<JournalRegistry>().journal.getOrCreate(c.key).write(`asleep, ${c.state.finished} finished`);
  },
  actions: {
    finished: (c): number => c.state.finished,
    /** Goes on after the action has returned. */
    workFor: (c, duration: number): void => {
      const work = async () => {
        await pause(duration);
        c.state.finished++;
      };
      void c.keepAwake(work());
    },
  },
});
