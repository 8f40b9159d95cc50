// A journal in which other actors note what happened to them, readable when they are asleep or gone.
import { actor, type Registry } from "rivetkit";

export const journal = actor({
  state: { lines: [] as string[] },
  actions: {
    write: (c, line: string): void => {
      c.state.lines.push(line);
    },
    read: (c): string[] => c.state.lines,
  },
});

/** What an actor needs to know of the registry to write a line. */
export type JournalRegistry = Registry<{ journal: typeof journal }>;
