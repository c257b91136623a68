import { DAY } from "../../domain/words/time.ts";
import type { Reader, SlaRow } from "../../ports.ts";
import { type SlaTargets, targetFor } from "./read-sla.ts";

const WINDOWS = [
  { window: "7d", days: 7 },
  { window: "30d", days: 30 },
] as const;

type Window = (typeof WINDOWS)[number]["window"];

/** `ratio` is 0 to 1. */
interface SlaRates {
  checks: { pipeline_name: string; check_name: string; window: Window; ratio: number }[];
  pipelines: { pipeline_name: string; window: Window; ratio: number }[];
  /** The target of each pipeline that has a rate. */
  targets: { pipeline_name: string; ratio: number }[];
}

/** The quality SLA of every pipeline and check over the exported windows. A pipeline without results has none. */
export async function slaRates(reader: Pick<Reader, "slaCounts">, targets: SlaTargets, now: number): Promise<SlaRates> {
  const rates: SlaRates = { checks: [], pipelines: [], targets: [] };
  for (const { window, days } of WINDOWS) {
    const rows = await reader.slaCounts({
      kind: "quality",
      from: now - days * DAY,
      to: now,
      pipeline_names: null,
      subject: null,
      by_subject: true,
      by_day: false,
    });
    addRates(rates, rows, window);
  }
  for (const pipeline_name of new Set(rates.pipelines.map((rate) => rate.pipeline_name))) {
    rates.targets.push({ pipeline_name, ratio: targetFor(targets, pipeline_name, "quality") / 100 });
  }
  return rates;
}

function addRates(rates: SlaRates, rows: readonly SlaRow[], window: Window): void {
  const totals = new Map<string, { total: number; passed: number }>();
  for (const { pipeline_name, subject, total, passed } of rows) {
    if (total === 0) continue;
    rates.checks.push({ pipeline_name, check_name: subject ?? "", window, ratio: passed / total });
    const sum = totals.get(pipeline_name) ?? { total: 0, passed: 0 };
    totals.set(pipeline_name, { total: sum.total + total, passed: sum.passed + passed });
  }
  for (const [pipeline_name, { total, passed }] of totals) {
    rates.pipelines.push({ pipeline_name, window, ratio: passed / total });
  }
}
