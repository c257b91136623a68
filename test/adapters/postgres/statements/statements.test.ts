import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ResultColumn } from "../../../../src/adapters/postgres/statement/columns.ts";
import * as columns from "../../../../src/adapters/postgres/statement/columns.ts";
import { type Statement, select, statement } from "../../../../src/adapters/postgres/statement/statement.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";
import { declaredStatements, sourcesOfStore } from "./declared-statements.ts";
import { describeStatement } from "./describe-statement.ts";
import { filledStatements } from "./filled-statements.ts";

let db: TestDatabase;
let client: pg.PoolClient;
let typeNames: Map<number, string>;
let statements: Statement[];
beforeAll(async () => {
  db = await debianDatabase();
  client = await db.pool.connect();
  const { rows } = await client.query("SELECT oid::int4 AS oid, format_type(oid, NULL) AS name FROM pg_type");
  typeNames = new Map(rows.map(({ oid, name }) => [oid, name]));
  statements = [...(await declaredStatements()), ...filledStatements()];
});
afterAll(async () => {
  client.release();
  await db.dispose();
});

/** What the server says of a statement, beside what the code reads: `column: type`, in the order of their names. */
async function compared(one: Statement): Promise<{ server: string[]; code: string[] }> {
  // One name has several forms where it is made for a filter.
  const described = await describeStatement(client, { ...one, name: "" });
  return {
    server: described.map(({ name, oid }) => `${name}: ${typeNames.get(oid)}`).sort(),
    code: Object.entries(one.columns)
      .map(([name, { type }]) => `${name}: ${type}`)
      .sort(),
  };
}

test("every statement is understood by the schema, and its rows have the columns that the code reads", async () => {
  const wrong: string[] = [];
  for (const one of statements) {
    try {
      const { server, code } = await compared(one);
      const missing = code.filter((column) => !server.includes(column));
      const unread = server.filter((column) => !code.includes(column));
      if (missing.length + unread.length > 0) {
        wrong.push(`${one.name}: the code reads ${missing.join(", ") || "all"}; the server has ${unread.join(", ")}`);
      }
    } catch (error) {
      wrong.push(`${one.name}: ${(error as Error).message}`);
    }
  }
  expect([...new Set(wrong)]).toEqual([]);
  expect(statements.length).toBeGreaterThan(300);
});

test("a column that is renamed, or changes its type, is found by the name of each statement that reads it", async () => {
  await client.query("BEGIN");
  await client.query("ALTER TABLE feature_reference RENAME COLUMN source TO origin");
  await client.query("ALTER TABLE run_total ALTER COLUMN total TYPE integer");
  const failed: string[] = [];
  const changed: string[] = [];
  for (const one of await declaredStatements()) {
    await client.query("SAVEPOINT one");
    try {
      const { server, code } = await compared(one);
      if (server.join() !== code.join()) changed.push(one.name);
    } catch {
      failed.push(one.name);
    }
    await client.query("ROLLBACK TO one");
  }
  await client.query("ROLLBACK");
  expect(failed.sort()).toEqual(["list_references", "list_versions", "read_reference", "save_references"]);
  expect(changed.sort()).toEqual(["restore_run_totals", "save_run_totals"]);
});

describe("no statement goes round the comparison", () => {
  test("each that a file declares is among those compared, under a name of its own", async () => {
    const names = statements.map(({ name }) => name);
    for (const { file, source } of sourcesOfStore()) {
      for (const [, literal, template] of source.matchAll(/\bstatement\(\s*(?:"(\w+)"|`([^`]+)`)/g)) {
        const wanted = new RegExp(`^${literal ?? template!.replace(/\$\{[^}]+\}/g, "\\w+")}$`);
        expect(names.some((name) => wanted.test(name)) || `${file}: ${wanted} is not exported`).toBe(true);
      }
    }
    const declared = (await declaredStatements()).map(({ name }) => name);
    expect(declared.filter((name, i) => declared.indexOf(name) !== i)).toEqual([]);
  });

  test("the driver is handed a text by two ways only, but for transactions, for what makes and drops tables, and to listen", () => {
    const TEXTS = /^(?:"(?:BEGIN|COMMIT|ROLLBACK)"|`LISTEN )/;
    const MAKES_TABLES = ["migrate.ts", "history/partitions.ts", "history/drop-months.ts"];
    const WAYS = ["statement/statement.ts", "connection/query.ts"];
    const others = sourcesOfStore()
      .filter(({ file }) => ![...MAKES_TABLES, ...WAYS].includes(file))
      .flatMap(({ file, source }) =>
        [...source.matchAll(/\.query(?:<[^(]*>)?\(\s*/g)]
          .map((found) => source.slice(found.index + found[0].length))
          .filter((rest) => !TEXTS.test(rest))
          .map((rest) => `${file}: ${rest.slice(0, 40)}`),
      );
    expect(others).toEqual([]);
  });
});

test("a value of each kind of column is read as what its type says", async () => {
  const read = async (column: ResultColumn<unknown>, sql: string) => {
    const one = statement("one", { value: column }, `SELECT ${sql}::${column.type} AS value`);
    return (await select(client, one))[0]!.value;
  };
  const AT = "'2026-11-20 12:00:00.123+00'";
  const examples: [ResultColumn<unknown>, string, unknown][] = [
    [columns.integer, "7", 7],
    [columns.bigint, "9007199254740991", Number.MAX_SAFE_INTEGER],
    [columns.numeric, "1.5", 1.5],
    [columns.float, "'0.1'", 0.1],
    [columns.boolean, "true", true],
    [columns.text, "'ä'", "ä"],
    [columns.identifier, "'run'", "run"],
    [columns.uuid, "'00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001"],
    [columns.bytes, "'\\x0102'", Buffer.from([1, 2])],
    [columns.nothing, "pg_notify('a', '')", ""],
    [columns.time, AT, Date.UTC(2026, 10, 20, 12, 0, 0, 123)],
    [columns.integerArray, "'{1,2}'", [1, 2]],
    [columns.bigintArray, "'{1,2}'", [1, 2]],
    [columns.floatArray, "'{0.5,2}'", [0.5, 2]],
    [columns.textArray, `'{a,"b,c"}'`, ["a", "b,c"]],
    [columns.uuidArray, "'{00000000-0000-0000-0000-000000000001}'", ["00000000-0000-0000-0000-000000000001"]],
    [columns.timeArray, `ARRAY[${AT}]`, [Date.UTC(2026, 10, 20, 12, 0, 0, 123)]],
    [columns.word<"a">(), "'a'", "a"],
    [columns.json<object>(), `'{"a":1}'`, { a: 1 }],
    [columns.jsonb<object>(), `'{"a":1}'`, { a: 1 }],
    [columns.nullable(columns.time), "NULL", null],
  ];
  for (const [column, sql, value] of examples) expect(await read(column, sql)).toEqual(value);
  // `nullable` and each kind that is exported.
  expect(examples).toHaveLength(Object.keys(columns).length);
});
