import pg from "pg";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { figure, report, say } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";
import { fillQualityHistory } from "./lib/quality-history.ts";
import { alternate } from "./lib/rounds.ts";
import { medianAnswer, medianOf } from "./lib/timing.ts";

/** S7: the SLA rates of all pipelines over 365 days at 10 M rows, beside the plain count over the table. */

await need("postgresql");
const ROWS = numberFlag("rows", 10_000_000);
const SHAPE = { pipelines: 100, checks: 5, days: 365 };
const ROUNDS = 5;

const postgres = await startDebianPostgres();
const maker = await startAgent({ database_url: postgres.url });
await maker.dispose();
say(`  filling ${ROWS} rows …`);
await fillQualityHistory(postgres.url, { rows: ROWS, ...SHAPE });
const agent = await startAgent({ database_url: postgres.url });
const client = new pg.Client(postgres.url);
await client.connect();

const COUNT = `
  SELECT pipeline_id, count(*) AS total, count(*) FILTER (WHERE passed) AS passed
    FROM quality_result
   WHERE checked_at >= now() - interval '365 days' AND score IS NOT NULL AND NOT excluded
   GROUP BY pipeline_id`;

const ms = await alternate(ROUNDS, [
  { name: "rates", measure: () => medianAnswer(`${agent.url}/v1/sla?days=365`, 10) },
  { name: "count", measure: () => medianOf(1, () => client.query(COUNT)) },
]);
report("s7", `GET /v1/sla?days=365 at ${ROWS} rows, ${SHAPE.pipelines} pipelines`, [
  figure("all pipelines, 365 days", "ms", ms.rates!, "plain count over the table", ms.count!, { most: 0.1 }),
]);
await client.end();
await agent.dispose();
await postgres.dispose();
process.exit(0);
