import pg from "pg";
import { queryOf } from "../src/adapters/postgres/connection/query.ts";
import { integer, text } from "../src/adapters/postgres/statement/columns.ts";
import { statement } from "../src/adapters/postgres/statement/statement.ts";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";

/**
 * Transactions of as many statements as a commit of reports sends together, by the agent's own way (one Sync) and by the pipeline
 * mode of pg (a Sync each), on one connection each. Turns alternate, and the medians are compared.
 */
const STATEMENTS = 12;
const TRANSACTIONS = 100;
const TURNS = 101;

const VALUES = [1, "a value"];
const each = Array.from({ length: STATEMENTS }, (_, i) =>
  statement(`s${i}`, { a: integer, b: text }, `SELECT $1::int + ${i} AS a, $2::text AS b`),
);
const BEGIN = statement("begin", {}, "BEGIN");
const COMMIT = statement("commit", {}, "COMMIT");
const all = [BEGIN, ...each, COMMIT];

const server = await startDebianPostgres();
const plain = new pg.Client({ connectionString: server.url });
const pipelined = new pg.Client({ connectionString: server.url, pipeline: true } as pg.ClientConfig);
await plain.connect();
await pipelined.connect();

const valuesOf = (one: (typeof all)[number]) => (one === BEGIN || one === COMMIT ? [] : VALUES);
const query = queryOf(plain);
const ways: Record<string, () => Promise<unknown>> = {
  own: () => Promise.all(all.map((one) => query(one, valuesOf(one)))),
  pg: () => Promise.all(all.map((one) => pipelined.query({ name: one.name, text: one.text, values: valuesOf(one) }))),
};

const [ownRows, pgRows] = [await query(each[3]!, VALUES), (await pipelined.query(each[3]!.text, VALUES)).rows];
if (JSON.stringify(ownRows) !== JSON.stringify(pgRows)) throw new Error("the two ways answer differently");

async function turn(way: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < TRANSACTIONS; i++) await way();
  return (performance.now() - begun) / TRANSACTIONS;
}

const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
for (const way of Object.values(ways)) await turn(way);
for (let i = 0; i < TURNS; i++) for (const [name, way] of Object.entries(ways)) times.get(name)!.push(await turn(way));

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!;
const [own, others] = [times.get("own")!, times.get("pg")!];
// Of turns beside each other: what else the machine does is in both.
const ratios = own.map((ms, i) => others[i]! / ms);
console.log(`a transaction of ${all.length} statements, medians of ${TURNS} turns of ${TRANSACTIONS}:`);
console.log(`  own way           ${quantile(own, 0.5).toFixed(3)} ms`);
console.log(`  pg, pipeline mode ${quantile(others, 0.5).toFixed(3)} ms`);
console.log(
  `  pg / own          ${[0.25, 0.5, 0.75].map((q) => quantile(ratios, q).toFixed(2)).join(" … ")} (quartiles)`,
);
await plain.end();
await pipelined.end();
await server.dispose();
