// The key-value store of an actor, as actions.
import { actor } from "rivetkit";

export const store = actor({
  actions: {
    put: (c, key: string, value: string): Promise<void> => c.kv.put(key, value),
    get: (c, key: string): Promise<string | null> => c.kv.get(key),
    delete: (c, key: string): Promise<void> => c.kv.delete(key),
    listPrefix: (c, prefix: string, limit?: number, reverse?: boolean): Promise<[string, string][]> =>
      c.kv.listPrefix(prefix, { limit, reverse }),
    listRange: (c, start: string, end: string): Promise<[string, string][]> => c.kv.listRange(start, end),
    putBytes: (c, key: string, bytes: Uint8Array): Promise<void> => c.kv.put(key, bytes, { type: "binary" }),
    getBytes: (c, key: string): Promise<Uint8Array | null> => c.kv.get(key, { type: "binary" }),
    putMany: (c, entries: [Uint8Array, Uint8Array][]): Promise<void> => c.kv.batchPut(entries),
    getMany: (c, keys: Uint8Array[]): Promise<(Uint8Array | null)[]> => c.kv.batchGet(keys),
    deleteMany: (c, keys: Uint8Array[]): Promise<void> => c.kv.batchDelete(keys),
  },
});
