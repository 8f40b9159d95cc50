// The key-value store of an actor, as actions; bytes are made here, because not every encoding carries them.
import { actor } from "rivetkit";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

export const store = actor({
  actions: {
    put: (c, key: string, value: string): Promise<void> => c.kv.put(key, value),
    get: (c, key: string): Promise<string | null> => c.kv.get(key),
    delete: (c, key: string): Promise<void> => c.kv.delete(key),
    listPrefix: (c, prefix: string, limit?: number, reverse?: boolean): Promise<[string, string][]> =>
      c.kv.listPrefix(prefix, { limit, reverse }),
    listRange: (c, start: string, end: string): Promise<[string, string][]> => c.kv.listRange(start, end),
    putBytes: (c, key: string, bytes: number[]): Promise<void> =>
      c.kv.put(key, Uint8Array.from(bytes), { type: "binary" }),
    getBytes: async (c, key: string): Promise<number[] | null> => {
      const bytes = await c.kv.get(key, { type: "binary" });
      return bytes && Array.from(bytes);
    },
    putMany: (c, entries: Record<string, string>): Promise<void> =>
      c.kv.batchPut(Object.entries(entries).map(([key, value]) => [encode(key), encode(value)])),
    getMany: async (c, keys: string[]): Promise<(string | null)[]> =>
      (await c.kv.batchGet(keys.map(encode))).map(decode),
    deleteMany: (c, keys: string[]): Promise<void> => c.kv.batchDelete(keys.map(encode)),
  },
});
