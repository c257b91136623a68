import { startAgent } from "./lib/agent.ts";
import { median, say, short } from "./lib/figures.ts";
import { flag, numberFlag } from "./lib/flags.ts";

/** Every GET route on a large store, which fill-history has filled: `--database-url postgres://… [--rounds 5]`. */

const database_url = flag("database-url");
if (database_url === undefined) throw new Error("--database-url names a database that fill-history has filled");
const ROUNDS = numberFlag("rounds", 5);
/** What is slower than this is to be mended. */
const SLOW_MS = 1000;

const began = performance.now();
const agent = await startAgent({ database_url });
say(`ready after ${short(performance.now() - began)} ms`);

interface Measured {
  path: string;
  status: number;
  bytes: number;
  first: number;
  middle: number;
}

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; ms: number }> {
  const start = performance.now();
  const answer = await fetch(agent.url + path, { headers, signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  return { status: answer.status, text, ms: performance.now() - start };
}

async function measure(path: string, headers: Record<string, string> = {}): Promise<Measured> {
  const times: number[] = [];
  let status = 0;
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await get(path, headers);
    times.push(answer.ms);
    status = answer.status;
    bytes = answer.text.length;
    if (answer.ms > 20_000) break;
  }
  const measured = { path, status, bytes, first: times[0]!, middle: median(times) };
  const slow = Math.max(measured.first, measured.middle) > SLOW_MS ? "  SLOW" : "";
  process.stdout.write(
    `| ${path} | ${status} | ${short(bytes / 1024)} KB | ${short(measured.first)} ms | ${short(measured.middle)} ms |${slow}\n`,
  );
  return measured;
}

const json = async <T>(path: string): Promise<T> => JSON.parse((await get(path)).text) as T;
const { items: runs } = await json<{ items: { pipeline_name: string; run_id: string }[] }>("/v1/runs?limit=1");
const { pipeline_name, run_id } = runs[0]!;
const { items: rows } = await json<{ items: { check_name: string }[] }>(
  `/v1/quality?pipeline_name=${pipeline_name}&limit=1`,
);
const check_name = rows[0]?.check_name ?? "none";
const gate = await json<{ policy_version: string }>(`/v1/gates/${pipeline_name}`);
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
const values: Record<string, string> = { pipeline_name, run_id, feature_name: "amount", ...gate };

const { paths } = await json<{ paths: Record<string, Record<string, unknown>> }>("/openapi.json");
const plain = Object.entries(paths)
  .filter(([path, operations]) => "get" in operations && path !== "/v1/events")
  .map(([path]) => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "none")));
const queries = [
  "/v1/pipelines?limit=1000",
  "/v1/gates?limit=1000",
  "/v1/runs?limit=1000",
  "/v1/runs?status=failed&limit=1000",
  "/v1/runs?status=cancelled",
  `/v1/runs?since=${day(1)}`,
  `/v1/runs?pipeline_name=${pipeline_name}&limit=1000`,
  "/v1/quality?limit=1000",
  `/v1/quality?since=${day(1)}`,
  `/v1/quality?check_name=${check_name}`,
  `/v1/quality?pipeline_name=${pipeline_name}&limit=1000`,
  `/v1/quality?pipeline_name=${pipeline_name}&check_name=${check_name}&since=${day(300)}`,
  "/v1/sla?days=30",
  "/v1/sla?days=365",
  "/v1/sla?days=365&group_by=day",
  "/v1/sla?days=365&kind=run",
  `/v1/sla/${pipeline_name}?days=365&group_by=day`,
  `/v1/sla?since=${day(91.3)}&until=${day(0.4)}`,
  `/v1/gates/${pipeline_name}?run_id=${run_id}`,
  `/v1/gates/${pipeline_name}/history?limit=1000`,
];
process.stdout.write("| route | status | answer | first | median |\n| --- | --- | --- | --- | --- |\n");
const measured: Measured[] = [];
for (const path of [...plain, ...queries]) measured.push(await measure(path));
measured.push(await measure("/v1/quality", { accept: "text/csv" }));
const slow = measured.filter(({ first, middle }) => Math.max(first, middle) > SLOW_MS);
say(`${slow.length} of ${measured.length} took longer than a second`);
await agent.dispose();
process.exit(0);
