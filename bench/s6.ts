import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { figure, report, say } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";
import { fillQualityHistory } from "./lib/quality-history.ts";
import { alternate } from "./lib/rounds.ts";
import { medianAnswer } from "./lib/timing.ts";

/** S6: the exact SLA rate of one pipeline over 30 days at 10 M rows, beside itself at 100 k. `--rows 100000000` for more. */

await need("postgresql");
const FEW = 100_000;
const MANY = numberFlag("rows", 10_000_000);
const SHAPE = { pipelines: 100, checks: 5, days: 365 };
const ROUNDS = 7;
const REQUESTS = 200;

async function agentWith(rows: number) {
  const postgres = await startDebianPostgres();
  const maker = await startAgent({ database_url: postgres.url });
  await maker.dispose();
  say(`  filling ${rows} rows …`);
  await fillQualityHistory(postgres.url, { rows, ...SHAPE });
  return { postgres, agent: await startAgent({ database_url: postgres.url }) };
}

const many = await agentWith(MANY);
const few = await agentWith(FEW);
const path = "/v1/sla/pipeline_0042?days=30";
const answer = (await (await fetch(many.agent.url + path)).json()) as object;
for (const { agent } of [many, few]) await medianAnswer(agent.url + path, REQUESTS);
const ms = await alternate(ROUNDS, [
  { name: "many", measure: () => medianAnswer(many.agent.url + path, REQUESTS) },
  { name: "few", measure: () => medianAnswer(few.agent.url + path, REQUESTS) },
]);
report(
  "s6",
  `GET /v1/sla/{pipeline_name}?days=30 at ${MANY} rows, ${SHAPE.pipelines} pipelines, ${SHAPE.days} days`,
  [figure("one pipeline, 30 days", "ms", ms.many!, `itself at ${FEW} rows`, ms.few!, { most: 1.2 })],
  { answer },
);
for (const { postgres, agent } of [many, few]) {
  await agent.dispose();
  await postgres.dispose();
}
process.exit(0);
