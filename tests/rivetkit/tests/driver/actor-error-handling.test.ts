// Errors of actions: what reaches the client, what is kept from it, and that the actor survives.
import { expect } from "vitest";
import { rejection } from "../support/rejection";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Error Handling", "Actor Error Handling Tests", (test) => {
  test("shows a user error's message", async ({ client }) => {
    await expect(client.failing.getOrCreate(["message"]).throwUserError("out of stock")).rejects.toMatchObject({
      group: "user",
      code: "user_error",
      message: "out of stock",
    });
  });

  test("shows a user error's code and metadata", async ({ client }) => {
    const metadata = { retryAfter: 30, fields: ["name", "age"], nested: { ok: false } };
    await expect(
      client.failing.getOrCreate(["details"]).throwDetailed("rate_limited", metadata),
    ).rejects.toMatchObject({ group: "user", code: "rate_limited", message: "detailed failure", metadata });
  });

  test("masks an internal error", async ({ client }) => {
    const error = await rejection(client.failing.getOrCreate(["masked"]).throwInternal());
    expect(error).toMatchObject({ code: "internal_error" });
    expect(String(error)).not.toContain("swordfish");
    expect(JSON.stringify(error)).not.toContain("swordfish");
  });

  test("shows an error that is thrown after an await", async ({ client }) => {
    await expect(client.failing.getOrCreate(["later"]).throwAfterAwait()).rejects.toMatchObject({
      group: "user",
      code: "later",
    });
  });

  test("names an action that does not exist, or that takes too long", async ({ client }) => {
    const handle = client.impatient.getOrCreate(["missing"]);
    await expect(handle.action({ name: "nope", args: [] })).rejects.toMatchObject({ code: "action_not_found" });
    await expect(handle.hang()).rejects.toMatchObject({ code: "action_timed_out" });
  });

  test("keeps the actor and its state after an error", async ({ client }) => {
    const handle = client.failing.getOrCreate(["survivor"]);
    await expect(handle.throwUserError("first")).rejects.toThrow("first");
    await expect(handle.throwInternal()).rejects.toThrow();
    await expect(handle.throwAfterAwait()).rejects.toThrow("failed later");
    expect(await handle.attempts()).toBe(3);
  });
});
