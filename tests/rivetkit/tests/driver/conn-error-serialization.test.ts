// Errors that travel over a connection: from its actions, and from the hooks that admit it.
import { expect } from "vitest";
import { rejection } from "../support/rejection";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Connection Error Serialization", "Connection Error Serialization Tests", (test) => {
  test("carries group, code, message and metadata of a user error", async ({ client }) => {
    const connection = client.failing.getOrCreate(["details"]).connect();
    await expect(connection.throwDetailed("quota", { limit: 5, unit: "MB" })).rejects.toMatchObject({
      group: "user",
      code: "quota",
      message: "detailed failure",
      metadata: { limit: 5, unit: "MB" },
    });
  });

  test("masks an internal error", async ({ client }) => {
    const connection = client.failing.getOrCreate(["masked"]).connect();
    const error = await rejection(connection.throwInternal());
    expect(error).toMatchObject({ code: "internal_error" });
    expect(String(error)).not.toContain("swordfish");
  });

  test("stays open after an error", async ({ client }) => {
    const connection = client.failing.getOrCreate(["open"]).connect();
    await expect(connection.throwUserError("again")).rejects.toThrow("again");
    await expect(connection.throwAfterAwait()).rejects.toMatchObject({ code: "later" });
    expect(await connection.attempts()).toBe(2);
    expect(connection.connStatus).toBe("connected");
  });

  test("tells who is rejected why", async ({ client }) => {
    const errors: unknown[] = [];
    const connection = client.failing.getOrCreate(["guarded"], { params: { rejectWith: "banned" } }).connect();
    connection.onError((error) => errors.push(error));
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    expect(errors[0]).toMatchObject({
      group: "user",
      code: "banned",
      message: "not welcome",
      metadata: { from: "onBeforeConnect" },
    });
    expect(connection.connStatus).not.toBe("connected");
    await connection.dispose();
  });
});
