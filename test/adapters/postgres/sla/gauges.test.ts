import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresReader } from "../../../../src/adapters/postgres/read/reader.ts";
import { nothingCommitted } from "../../../../src/domain/commit/committed.ts";
import { SlaGauges } from "../../../../src/service/sla/sla-gauges.ts";
import { NOON, TestAcceptor } from "../../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";
import { randomOf } from "../../../support/history.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SLA = { target: 99, targets: [] };

let db: TestDatabase;
beforeAll(async () => {
  db = await debianDatabase();
});
afterAll(() => db.dispose());

/** What is shown, as lines by pipeline, and of whom each call counted. */
function shownBy() {
  const shown = new Map<string, string[]>();
  const asked: string[][] = [];
  const reader = postgresReader(db.pool);
  const gauges = new SlaGauges({
    targets: () => sla.now,
    reader: {
      pipelineNames: reader.pipelineNames,
      pipelinesWithResults: reader.pipelinesWithResults,
      slaCounts: (query) => {
        asked.push([...query.pipeline_names!].sort());
        return reader.slaCounts(query);
      },
    },
    metrics: {
      setSlaRates(names, { checks, pipelines, targets }) {
        for (const name of names) shown.delete(name);
        for (const one of [...checks, ...pipelines, ...targets]) {
          const lines = shown.get(one.pipeline_name) ?? [];
          shown.set(one.pipeline_name, [...lines, JSON.stringify(one)].sort());
        }
      },
    },
  });
  return { gauges, shown, asked };
}
const sla = { now: SLA };

it("shows after each minute what all of it counted anew would be, and counts only what may have changed", async () => {
  const clock = { at: NOON - HOUR, now: () => clock.at };
  const agent = new TestAcceptor(db.pool, { clock });
  const { gauges, shown, asked } = shownBy();
  const observe = agent.recorder.observe.bind(agent.recorder);
  agent.recorder.observe = (committed) => {
    observe(committed);
    gauges.observe(committed);
  };
  const random = randomOf(3);
  const some = (n: number) => Math.floor(random() * n);
  const names = Array.from({ length: 30 }, (_, i) => `p${String(i).padStart(2, "0")}`);
  const ages = [0, 7 * DAY, 30 * DAY];
  const report = () => {
    const ago = ages[some(3)]!;
    // Such that they leave a window within this hour or have left it; a few of the new ones are from the near future.
    const offset = ago === 0 ? some(60) - 55 : some(80) - 10;
    return {
      kind: "quality" as const,
      pipeline_name: names[some(names.length)]!,
      check_name: `c${some(2)}`,
      score: some(2),
      at: (clock.at - ago + offset * MINUTE) / 1000,
    };
  };
  await agent.send(...Array.from({ length: 200 }, report));
  await gauges.show(clock.at);
  expect(new Set(asked.flat()).size).toBeGreaterThan(20);
  let counted = 0;
  for (let minute = 0; minute < 45; minute++) {
    clock.at += 1000 + some(MINUTE);
    asked.length = 0;
    if (minute % 3 === 0) await agent.send(report());
    if (minute === 20) {
      await agent.store.transaction(async (tx) => {
        const rows = await tx.lockPipelines([names[0]!]);
        await tx.archivePipelines([rows.get(names[0]!)!.pipeline_id], clock.at);
      });
      gauges.observe({ ...nothingCommitted(), touched: [names[0]!], archived: [names[0]!] });
      shown.delete(names[0]!);
    }
    await gauges.show(clock.at);
    counted += new Set(asked.flat()).size;
    const anew = shownBy();
    await anew.gauges.show(clock.at);
    expect(shown).toEqual(anew.shown);
  }
  expect(counted).toBeGreaterThan(45);
  expect(counted).toBeLessThan((45 * names.length) / 2);
});

it("shows everything again where targets are others, after an hour, and where the clock went back", async () => {
  const { gauges, asked } = shownBy();
  const callsAt = async (now: number) => {
    asked.length = 0;
    await gauges.show(now);
    return asked.flat().length;
  };
  const all = await callsAt(NOON);
  expect(all).toBeGreaterThan(20);
  expect(await callsAt(NOON + 1)).toBeLessThan(all);
  sla.now = { ...SLA, target: 50 };
  expect(await callsAt(NOON + 2)).toBe(all);
  expect(await callsAt(NOON + HOUR + 2)).toBe(all);
  expect(await callsAt(NOON)).toBe(all);
});

it("counts again what it could not count", async () => {
  const { gauges, shown } = shownBy();
  await gauges.show(NOON);
  const before = new Map(shown);
  const [name] = before.keys();
  shown.delete(name!);
  gauges.observe({ ...nothingCommitted(), touched: [name!] });
  const working = db.pool.query;
  db.pool.query = (() => Promise.reject(new Error("away"))) as never;
  await expect(gauges.show(NOON + 1)).rejects.toThrow();
  db.pool.query = working;
  await gauges.show(NOON + 1);
  expect(shown).toEqual(before);
});
