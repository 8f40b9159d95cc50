// Raw SQL: values of every type, parameters, expressions, several statements and errors.
import { expect } from "vitest";
import { describeMatrix } from "./shared-matrix";

describeMatrix("Actor Database Raw", "Actor Database Raw Tests", (test) => {
  test("returns values of every storage class", async ({ client }) => {
    const sql = client.sqlConsole.getOrCreate(["types"]);
    await sql.execute("CREATE TABLE samples (i INTEGER, r REAL, t TEXT, n TEXT)");
    await sql.execute("INSERT INTO samples VALUES (?, ?, ?, ?)", [-7, 1.5, "ünï", null]);
    expect(await sql.execute("SELECT *, typeof(i) ti, typeof(r) tr, typeof(t) tt, typeof(n) tn FROM samples")).toEqual([
      { i: -7, r: 1.5, t: "ünï", n: null, ti: "integer", tr: "real", tt: "text", tn: "null" },
    ]);
    expect(await sql.blob([0, 128, 255])).toEqual({ hex: "0080FF", type: "blob", bytes: [0, 128, 255] });
  });

  test("binds parameters as values, not as SQL", async ({ client }) => {
    const sql = client.sqlConsole.getOrCreate(["bindings"]);
    await sql.execute("CREATE TABLE names (name TEXT)");
    const hostile = "x'); DROP TABLE names; --";
    await sql.execute("INSERT INTO names VALUES (?)", [hostile]);
    expect(await sql.execute("SELECT name FROM names WHERE name = ?", [hostile])).toEqual([{ name: hostile }]);
    expect(await sql.execute("SELECT count(*) AS rows FROM names")).toEqual([{ rows: 1 }]);
  });

  test("computes in SQL: joins, aggregates and common table expressions", async ({ client }) => {
    const sql = client.sqlConsole.getOrCreate(["expressions"]);
    const upToTen = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 10)";
    expect(await sql.execute(`${upToTen} SELECT sum(x) AS total, max(x) AS top FROM n`)).toEqual([
      { total: 55, top: 10 },
    ]);
    await sql.execute("CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT)");
    await sql.execute("CREATE TABLE books (author INTEGER, title TEXT)");
    await sql.execute("INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace')");
    await sql.execute("INSERT INTO books VALUES (1, 'Notes'), (2, 'Compilers'), (2, 'Flow-Matic')");
    expect(
      await sql.execute(
        "SELECT name, count(*) AS books FROM authors JOIN books ON author = id GROUP BY name ORDER BY name",
      ),
    ).toEqual([
      { name: "Ada", books: 1 },
      { name: "Grace", books: 2 },
    ]);
  });

  test("returns rows for a statement that changes some, when asked to", async ({ client }) => {
    const sql = client.sqlConsole.getOrCreate(["returning"]);
    await sql.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)");
    expect(await sql.execute("INSERT INTO items (name) VALUES ('a'), ('b') RETURNING id, name")).toEqual([
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ]);
    expect(await sql.execute("DELETE FROM items WHERE id = 1")).toEqual([]);
    expect(await sql.execute("SELECT name FROM items")).toEqual([{ name: "b" }]);
  });

  test("throws errors of SQL in the actor and stays usable", async ({ client }) => {
    const sql = client.sqlConsole.getOrCreate(["errors"]);
    expect(await sql.isValid("SELECT 1")).toBe(true);
    expect(await sql.isValid("SELEC 1")).toBe(false);
    expect(await sql.isValid("SELECT * FROM missing")).toBe(false);
    expect(await sql.execute("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});
