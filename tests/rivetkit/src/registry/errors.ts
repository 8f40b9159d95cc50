// Actors that fail, in ways that a client should see and in ways that it should not.
import { actor, UserError } from "rivetkit";

interface FailingParams {
  rejectWith?: string;
}

export const failing = actor({
  state: { attempts: 0 },
  onBeforeConnect: (_c, params?: FailingParams) => {
    if (params?.rejectWith) {
      throw new UserError("not welcome", { code: params.rejectWith, metadata: { from: "onBeforeConnect" } });
    }
  },
  actions: {
    throwUserError: (c, message: string): void => {
      c.state.attempts++;
      throw new UserError(message);
    },
    throwDetailed: (c, code: string, metadata: unknown): void => {
      c.state.attempts++;
      throw new UserError("detailed failure", { code, metadata });
    },
    throwInternal: (c): void => {
      c.state.attempts++;
      throw new Error("the password is swordfish");
    },
    throwAfterAwait: async (c): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      c.state.attempts++;
      throw new UserError("failed later", { code: "later" });
    },
    attempts: (c): number => c.state.attempts,
  },
});
