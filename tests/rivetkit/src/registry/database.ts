// SQLite of an actor: a ledger with a migration and transactions, and a console for any statement.
import { actor, UserError } from "rivetkit";
import { db } from "rivetkit/db";

interface Account extends Record<string, unknown> {
  name: string;
  balance: number;
}

export const ledger = actor({
  db: db({
    onMigrate: async (database) => {
      await database.execute(
        "CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0))",
      );
    },
  }),
  actions: {
    open: async (c, name: string, balance: number): Promise<void> => {
      await c.db.execute("INSERT INTO accounts (name, balance) VALUES (?, ?)", name, balance);
    },
    close: async (c, name: string): Promise<void> => {
      await c.db.execute("DELETE FROM accounts WHERE name = ?", name);
    },
    accounts: (c): Promise<Account[]> => c.db.execute<Account>("SELECT name, balance FROM accounts ORDER BY name"),
    transfer: (c, from: string, to: string, amount: number): Promise<void> =>
      c.db.transaction(async (tx) => {
        await tx.execute("UPDATE accounts SET balance = balance + ? WHERE name = ?", amount, to);
        const [account] = await tx.execute<Account>("SELECT balance FROM accounts WHERE name = ?", from);
        if (!account || account.balance < amount) throw new UserError("insufficient funds", { code: "funds" });
        await tx.execute("UPDATE accounts SET balance = balance - ? WHERE name = ?", amount, from);
      }),
    tryOverdraw: async (c, name: string): Promise<string> => {
      try {
        await c.db.execute("UPDATE accounts SET balance = -1 WHERE name = ?", name);
        return "accepted";
      } catch {
        return "refused";
      }
    },
    sleepNow: (c): void => c.sleep(),
  },
});

export const sqlConsole = actor({
  db: db(),
  actions: {
    execute: (c, statement: string, bindings: unknown[] = []): Promise<Record<string, unknown>[]> =>
      c.db.execute(statement, ...bindings),
    /** What SQLite makes of these bytes, and the bytes that come back: an array on native, a Uint8Array on wasm. */
    blob: async (c, bytes: number[]): Promise<{ hex: unknown; type: unknown; bytes: number[] }> => {
      const [row] = await c.db.execute(
        "WITH input(value) AS (VALUES (?)) SELECT value, hex(value) AS hex, typeof(value) AS type FROM input",
        Uint8Array.from(bytes),
      );
      return { hex: row?.hex, type: row?.type, bytes: Array.from(row?.value as Iterable<number>) };
    },
    isValid: (c, statement: string): Promise<boolean> =>
      c.db.execute(statement).then(
        () => true,
        () => false,
      ),
  },
});
