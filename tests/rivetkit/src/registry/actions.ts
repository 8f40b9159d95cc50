// Actions in every shape: synchronous, asynchronous, nested, overlapping, with all sorts of values, and without end.
import { actor } from "rivetkit";

export const calculator = actor({
  actions: {
    echo: (_c, value: unknown): unknown => value,
    countArguments: (_c, ...values: unknown[]): number => values.length,
    nothing: (): void => {},
    addLater: async (_c, a: number, b: number): Promise<number> => {
      await new Promise((resolve) => setImmediate(resolve));
      return a + b;
    },
    maths: {
      square: (_c, value: number): number => value * value,
      constants: { answer: (): number => 42 },
    },
  },
});

/** Two callers meet here only if their actions overlap. */
export const meetingPoint = actor({
  state: { arrivals: [] as string[] },
  createVars: () => ({ release: undefined as (() => void) | undefined }),
  actions: {
    meet: async (c, name: string): Promise<void> => {
      c.state.arrivals.push(name);
      if (c.vars.release) return c.vars.release();
      await new Promise<void>((resolve) => {
        c.vars.release = resolve;
      });
    },
    arrivals: (c): string[] => c.state.arrivals,
  },
});

/** Gives up on its actions soon. */
export const impatient = actor({
  options: { actionTimeout: 500 },
  actions: {
    /** Ends only with the actor, so that it does not keep the runtime process from stopping. */
    hang: (c): Promise<void> =>
      new Promise((resolve) => c.abortSignal.addEventListener("abort", () => resolve(), { once: true })),
    ping: (): string => "pong",
  },
});
