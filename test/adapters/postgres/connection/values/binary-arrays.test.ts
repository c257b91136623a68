import { afterAll, beforeAll, expect, it } from "vitest";
import { queryOf } from "../../../../../src/adapters/postgres/connection/query.ts";
import { uuids } from "../../../../../src/adapters/postgres/connection/values/binary-arrays.ts";
import { integer, text, uuidArray } from "../../../../../src/adapters/postgres/statement/columns.ts";
import { statement } from "../../../../../src/adapters/postgres/statement/statement.ts";
import { debianDatabase, type TestDatabase } from "../../../../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await debianDatabase();
});
afterAll(() => db.dispose());

const ECHO = statement(
  "echo_uuids",
  { values: uuidArray, dimensions: integer, head: text },
  "SELECT $1::uuid[] AS values, array_ndims($1::uuid[]) AS dimensions, $2::text AS head",
);

it.each([0, 1, 2, 1000])("brings %d uuids to the server, beside a text", async (count) => {
  const values = Array.from({ length: count }, (_, i) => (i * 2 ** 20).toString(16).padStart(32, "0f"));
  const client = await db.pool.connect();
  const query = queryOf(client);
  const [row] = await query(ECHO, [uuids(values), "é"]);
  client.release();
  const read = row!.values.map((uuid) => uuid.replaceAll("-", ""));
  expect([read, row!.dimensions, row!.head]).toEqual([values, count === 0 ? null : 1, "é"]);
});
