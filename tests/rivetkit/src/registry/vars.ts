// Ephemeral variables: declared as a value, and made by a function.
import { actor } from "rivetkit";

export const plainVars = actor({
  vars: { hits: 0, tags: ["initial"] },
  actions: {
    hit: (c): number => ++c.vars.hits,
    tag: (c, tag: string): string[] => {
      c.vars.tags.push(tag);
      return c.vars.tags;
    },
    read: (c) => c.vars,
  },
});

export const madeVars = actor({
  createVars: (c: { key: string[] }) => ({
    owner: c.key.join("/"),
    seen: new Set<string>(),
    greet: (name: string) => `${name} is greeted by ${c.key.join("/")}`,
  }),
  actions: {
    owner: (c): string => c.vars.owner,
    see: (c, name: string): number => c.vars.seen.add(name).size,
    greet: (c, name: string): string => c.vars.greet(name),
  },
});
