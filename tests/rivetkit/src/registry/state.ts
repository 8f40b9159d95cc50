// Durable state: nested values, and what becomes of it when the actor or its process goes away.
import { actor } from "rivetkit";

interface Task {
  title: string;
  done: boolean;
  tags: string[];
}

export const notebook = actor({
  createState: (_c: unknown, input?: { owner: string }) => ({
    owner: input?.owner ?? "nobody",
    tasks: {} as Record<string, Task>,
    order: [] as string[],
  }),
  actions: {
    add: (c, id: string, title: string): void => {
      c.state.tasks[id] = { title, done: false, tags: [] };
      c.state.order.push(id);
    },
    finish: (c, id: string): void => {
      const task = c.state.tasks[id];
      if (task) task.done = true;
    },
    tag: (c, id: string, ...tags: string[]): void => {
      c.state.tasks[id]?.tags.push(...tags);
    },
    remove: (c, id: string): void => {
      delete c.state.tasks[id];
      c.state.order = c.state.order.filter((other) => other !== id);
    },
    saveNow: (c): Promise<void> => c.saveState({ immediate: true }),
    read: (c) => c.state,
    sleepNow: (c): void => c.sleep(),
  },
});

export const samples = actor({
  state: { value: null as unknown },
  actions: {
    keep: (c, value: unknown): void => {
      c.state.value = value;
    },
    get: (c): unknown => c.state.value,
    sleepNow: (c): void => c.sleep(),
  },
});
