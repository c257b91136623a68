import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { FeatureKind } from "../../../src/client/histogram/feature.ts";
import { createClient, type FeatureValue, referenceFrom } from "../../../src/client/index.ts";
import { sluice } from "../../cli/edge.ts";
import { succeed } from "../../python/support/execute.ts";
import { PATIENCE, pythonScene } from "../../python/support/scene.ts";

/**
 * The same rows, written and read by everything that makes histograms: whoever made the reference, and whoever reports the rows,
 * the PSI is 0. The rows and their columns: frames.py.
 */

const scene = await pythonScene();
const FRAMES = path.join(import.meta.dirname, "frames.py");

const HOLDERS = [
  "lists",
  "numpy",
  "pandas",
  "pandas-nullable",
  "pandas-categories",
  "pandas-arrow",
  "polars",
  "polars-categories",
  "arrow",
  "arrow-dictionaries",
];
const FILES = [
  "pandas.csv",
  "polars.csv",
  "arrow.csv",
  "excel.csv",
  "pandas.parquet",
  "polars.parquet",
  "arrow.parquet",
  "polars.ndjson",
];
const WRITERS = [...HOLDERS, ...FILES, "typescript", "http"];

interface Table {
  kinds: Record<string, FeatureKind>;
  values: Record<string, FeatureValue[]>;
}
let table: Table;

const url = () => `http://127.0.0.1:${scene.agent.port}`;
const flags = (kinds: readonly FeatureKind[]) =>
  Object.entries(table.kinds).flatMap(([column, kind]) => (kinds.includes(kind) ? [`--${kind}`, column] : []));

async function cli(args: string[]): Promise<void> {
  const env = { SLUICE_URL: url(), SLUICE_SPOOL_DIR: path.join(scene.folder, "cli-spool") };
  const ran = await sluice(args, scene.folder, env);
  expect(ran, args.join(" ")).toMatchObject({ code: 0, err: "" });
}

/** As a program in TypeScript has them: dates are Dates, whole numbers beyond 2^53 bigints. */
function typescriptValues(name: string, values: FeatureValue[]): FeatureValue[] {
  if (name === "infinite") return values.map((value) => Number(value));
  if (name === "long") return values.map((value) => (value === 12 ? 12n : 9007199254740993n));
  if (table.kinds[name] !== "days") return values;
  return values.map((value) => (value === null ? null : new Date(String(value).replace(/ (.*)/, "T$1Z"))));
}

/** As JSON has them: no date, no infinity, and numbers of 53 bits. */
function httpValues(name: string, values: FeatureValue[]): FeatureValue[] | null {
  if (name === "infinite") return null;
  if (name === "price" || name === "rate") return values.map(Number);
  if (name === "long") return values.map((value) => (value === 12 ? "12" : "9007199254740993"));
  if (table.kinds[name] !== "days") return values;
  return typescriptValues(name, values).map((value) =>
    value === null ? null : (value as Date).getTime() / 86_400_000,
  );
}

/** JSON has no infinity, no decimals (Polars writes them as text), and whole numbers up to 2^53. */
function cannotHold(holder: string, name: string): boolean {
  if (holder === "http") return httpValues(name, table.values[name]!) === null;
  return holder === "polars.ndjson" && ["infinite", "long", "rate"].includes(name);
}

async function put(pipeline: string, feature: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const sent = await fetch(`${url()}/v1/references/${pipeline}/${feature}`, {
    method: "PUT",
    headers,
    body: JSON.stringify(body),
  });
  expect(sent.status, await sent.text()).toBe(200);
}

async function makeReferences(): Promise<void> {
  for (const file of FILES) {
    await cli([
      "reference",
      "import",
      `tables/${file}`,
      "--pipeline",
      file,
      ...flags(["categorical", "days"]),
      "--numeric",
      "price",
    ]);
  }
  for (const [name, values] of Object.entries(table.values)) {
    const kind = name === "price" ? "numeric" : table.kinds[name];
    await put("typescript", name, referenceFrom(typescriptValues(name, values), kind === undefined ? {} : { kind }));
    const sent = httpValues(name, values);
    const said = table.kinds[name] === "categorical" ? { kind: "categorical" } : {};
    if (sent !== null) await put("http", name, { values: sent, ...said });
  }
}

async function reportAll(): Promise<void> {
  const env = scene.environment();
  await succeed(scene.python, [FRAMES, "read", ...WRITERS], { env });
  const client = createClient({ url: url(), strict: true, signals: false, spool: path.join(scene.folder, "ts-spool") });
  const days = Object.fromEntries(Object.entries(table.kinds).filter(([, kind]) => kind === "days"));
  for (const writer of WRITERS) {
    const columns = Object.entries(table.values);
    const features = Object.fromEntries(columns.map(([name, values]) => [name, typescriptValues(name, values)]));
    await client.pipeline(writer).attach("typescript").drift(features, { kinds: days });
    const sent = columns.flatMap(([name, values]) => {
      const http = httpValues(name, values);
      return http === null ? [] : [[name, { values: http }] as const];
    });
    const { status } = await scene.agent.post("/v1/drift", {
      pipeline_name: writer,
      run_id: "http",
      features: Object.fromEntries(sent),
    });
    expect(status).toBe(200);
    for (const file of FILES)
      await cli(["report", "drift", writer, `tables/${file}`, "--run-id", file, ...flags(["days"])]);
  }
  await client.flush();
  await client.close();
}

describe("the same rows have no drift, whoever holds them", () => {
  beforeAll(async () => {
    if (scene.tools.libraries === null) return;
    const folder = path.join(scene.folder, "tables");
    mkdirSync(folder);
    await succeed(scene.python, [FRAMES, "write", folder], { env: scene.environment() });
    table = JSON.parse(readFileSync(path.join(folder, "values.json"), "utf8")) as Table;
    await makeReferences();
    await reportAll();
  }, PATIENCE);

  test.each(WRITERS)("a reference from %s", async (writer) => {
    const wrong: string[] = [];
    let judged = 0;
    for (const name of Object.keys(table.values)) {
      const { body } = await scene.agent.get(`/v1/drift/${writer}/${name}`);
      const { items = [] } = body as {
        items?: { run_id: string; verdict: string; psi: number | null; detail?: string }[];
      };
      const seen = new Map(items.map((item) => [item.run_id, item]));
      for (const reader of WRITERS) {
        if (cannotHold(writer, name) || cannotHold(reader, name)) continue;
        const { verdict, psi, detail } = seen.get(reader) ?? { verdict: "missing", psi: null };
        judged++;
        if (psi !== 0) wrong.push(`${name} from ${reader}: ${verdict} ${psi} ${detail ?? ""}`);
      }
    }
    expect(judged).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  });
});
