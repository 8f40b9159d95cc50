import { describeMatrix } from "./shared-matrix";
import { expect } from "vitest";
describeMatrix("x", "y", (test) => {
  test("p", async ({ client }) => {
    const h = client.calculator.getOrCreate(["a"]) as any;
    const show = (v: unknown) => `${Object.prototype.toString.call(v)} ${typeof v === "bigint" ? v + "n" : JSON.stringify(v)}`;
    const out: string[] = [];
    for (const v of [Date.now(), 2 ** 31, 2 ** 40 + 0.5, 2n ** 60n, new Uint8Array([1, 2]), { b: new Uint8Array([1]) }, new Date(0), new Map([[1, 2]]), new Set([1]), undefined, { u: undefined }, [undefined]]) {
      out.push(`${show(v)} | actor: ${await h.typeOf(v).catch((e: Error) => e.message)} | back: ${await h.echo(v).then(show, (e: Error) => e.message)}`);
    }
    console.log(out.join("\n"));
    expect(1).toBe(1);
  });
});
