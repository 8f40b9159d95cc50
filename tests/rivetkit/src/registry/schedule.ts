// Scheduled actions: after a delay, at a time, several at once, cancelled.
import { actor } from "rivetkit";

export const scheduler = actor({
  state: { fired: [] as { label: string; at: number }[], wakes: 0 },
  onWake: (c) => {
    c.state.wakes++;
  },
  actions: {
    fire: (c, label: string): void => {
      c.state.fired.push({ label, at: Date.now() });
    },
    after: (c, delay: number, label: string): Promise<string> => c.schedule.after(delay, "fire", label),
    /** Schedules all of them relative to the same instant: delays in milliseconds by label. */
    plan: async (c, delays: Record<string, number>): Promise<void> => {
      const now = Date.now();
      for (const [label, delay] of Object.entries(delays)) await c.schedule.at(now + delay, "fire", label);
    },
    /** What cancelling says the first and the second time. */
    afterAndCancel: async (c, delay: number, label: string): Promise<boolean[]> => {
      const id = await c.schedule.after(delay, "fire", label);
      return [await c.schedule.cancel(id), await c.schedule.cancel(id)];
    },
    cancel: (c, id: string): Promise<boolean> => c.schedule.cancel(id),
    read: (c) => c.state,
    sleepNow: (c): void => c.sleep(),
  },
});
