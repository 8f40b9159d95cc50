// Raw HTTP: what a request brings to the actor and what its response brings back.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Raw HTTP", "raw http", (test) => {
  test("passes method, query, headers and body", async ({ client }) => {
    const web = client.web.getOrCreate(["request"]);
    const posted = await web.fetch("/echo?a=1&b=two%20words", {
      method: "POST",
      headers: { "x-probe": "probed" },
      body: "the body",
    });
    expect(posted.status).toBe(200);
    expect(await posted.json()).toEqual({
      method: "POST",
      query: { a: "1", b: "two words" },
      header: "probed",
      body: "the body",
    });
    const got = await web.fetch("/echo");
    expect(await got.json()).toEqual({ method: "GET", query: {}, header: null, body: "" });
  });

  test("returns status, headers and body", async ({ client }) => {
    const web = client.web.getOrCreate(["response"]);
    const teapot = await web.fetch("/teapot");
    expect(teapot.status).toBe(418);
    expect(teapot.headers.get("x-kind")).toBe("teapot");
    expect(await teapot.text()).toBe("short and stout");
    const missing = await web.fetch("/nowhere");
    expect([missing.status, await missing.text()]).toEqual([404, "no /nowhere here"]);
  });

  test("carries bytes both ways", async ({ client }) => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);
    const response = await client.web.getOrCreate(["bytes"]).fetch("/bytes", { method: "PUT", body: bytes });
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes.toReversed());
  });

  test("shares the state with actions", async ({ client }) => {
    const web = client.web.getOrCreate(["state"]);
    const response = await web.fetch("/body", { method: "PUT", body: "kept" });
    expect(response.status).toBe(204);
    await web.fetch("/teapot");
    expect(await web.read()).toEqual({ requests: 2, body: "kept" });
  });

  test("masks what a handler throws and survives it", async ({ client }) => {
    const web = client.web.getOrCreate(["failure"]);
    const failed = await web.fetch("/fail");
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain("swordfish");
    expect((await web.fetch("/teapot")).status).toBe(418);
  });

  test("answers 404 for an actor without a handler", async ({ client }) => {
    const response = await client.counter.getOrCreate(["no handler"]).fetch("/anything");
    expect(response.status).toBe(404);
  });
});
