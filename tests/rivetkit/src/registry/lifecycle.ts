// Actors that note their lifecycle: which hooks run, in which order, and what they change.
import { actor } from "rivetkit";
import type { JournalRegistry } from "./journal";

interface LifecycleInput {
  title: string;
}

/** Keeps the order of its hooks in its state and variables. */
export const lifecycle = actor({
  createState: (_c: unknown, input?: LifecycleInput) => ({
    title: input?.title ?? "untitled",
    hooks: ["createState"],
  }),
  createVars: () => ({ hooks: ["createVars"] }),
  onCreate: (c, input?: LifecycleInput) => {
    c.state.hooks.push(`onCreate ${input?.title ?? "without input"}`);
  },
  onWake: (c) => {
    c.state.hooks.push("onWake");
    c.vars.hooks.push("onWake");
  },
  onSleep: (c) => {
    c.state.hooks.push("onSleep");
  },
  onBeforeActionResponse: (_c, name, args, output) =>
    name === "decorated" ? (`${name}(${args.join(", ")}) -> ${output}` as typeof output) : output,
  actions: {
    hooks: (c) => ({ state: c.state.hooks, vars: c.vars.hooks }),
    title: (c): string => c.state.title,
    decorated: (_c, a: number, b: number): number | string => a + b,
    plain: (_c, a: number, b: number): number => a + b,
    sleepNow: (c): void => c.sleep(),
  },
});

/** Counts the changes of its state. */
export const watched = actor({
  state: { value: 0, nested: { list: [] as string[] } },
  vars: { seen: [] as number[], lengths: [] as number[] },
  onStateChange: (c, state) => {
    c.vars.seen.push(state.value);
    c.vars.lengths.push(state.nested.list.length);
  },
  actions: {
    set: (c, value: number): void => {
      c.state.value = value;
    },
    append: (c, text: string): void => {
      c.state.nested.list.push(text);
    },
    read: (c): number => c.state.value,
    seen: (c) => c.vars,
  },
});

/** Destroys itself when asked to, and writes to a journal when it ends. */
export const mortal = actor({
  state: { value: "initial" },
  onDestroy: async (c) => {
    await c.client<JournalRegistry>().journal.getOrCreate(c.key).write(`destroyed with ${c.state.value}`);
  },
  actions: {
    set: (c, value: string): void => {
      c.state.value = value;
    },
    get: (c): string => c.state.value,
    die: (c): void => c.destroy(),
  },
});
