// The end of an actor: unreachable, its key free again, its last words heard.
import type { Client } from "rivetkit/client";
import { expect } from "vitest";
import type { Registry } from "../../src/registry";
import { describeMatrix } from "./shared-matrix";

/** The id of the actor, or the code of the error. */
const lookUp = (client: Client<Registry>, key: string) =>
  client.mortal
    .get([key])
    .resolve()
    .catch((error) => error.code);

describeMatrix("Actor Destroy", "Actor Destroy Tests", (test) => {
  test("makes the actor unreachable by key and by id", async ({ client }) => {
    const id = await client.mortal.getOrCreate(["gone"]).resolve();
    await client.mortal.get(["gone"]).die();
    await expect.poll(() => lookUp(client, "gone")).toBe("not_found");
    await expect(client.mortal.getForId(id).get()).rejects.toMatchObject({ group: "actor" });
  });

  test("frees the key for a new actor with a fresh state", async ({ client }) => {
    const handle = client.mortal.getOrCreate(["again"]);
    const first = await handle.resolve();
    await handle.set("changed");
    await handle.die();
    await expect.poll(() => client.mortal.getOrCreate(["again"]).resolve()).not.toBe(first);
    expect(await client.mortal.getOrCreate(["again"]).get()).toBe("initial");
  });

  test("runs onDestroy, which still sees the state", async ({ client }) => {
    const handle = client.mortal.getOrCreate(["last words"]);
    await handle.set("farewell");
    await handle.die();
    await expect
      .poll(() => client.journal.getOrCreate(["last words"]).read())
      .toEqual(["destroyed with farewell"]);
  });

  test("closes the connections to the actor", async ({ client }) => {
    const id = await client.mortal.getOrCreate(["connected"]).resolve();
    const connection = client.mortal.getForId(id).connect();
    expect(await connection.get()).toBe("initial");
    let closed = false;
    connection.onClose(() => {
      closed = true;
    });
    await client.mortal.getForId(id).die();
    await expect.poll(() => closed).toBe(true);
    expect(connection.connStatus).not.toBe("connected");
  });

  test("leaves other actors alone", async ({ client }) => {
    const bystander = client.mortal.getOrCreate(["bystander"]);
    await bystander.set("alive");
    await client.mortal.getOrCreate(["victim"]).die();
    await expect.poll(() => lookUp(client, "victim")).toBe("not_found");
    expect(await bystander.get()).toBe("alive");
  });
});
