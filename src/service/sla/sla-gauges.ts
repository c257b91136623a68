import type { Committed } from "../../domain/commit/committed.ts";
import { DAY, HOUR } from "../../domain/words/time.ts";
import type { AfterCommit, Reader, SlaRow } from "../../ports.ts";
import { type SlaTargets, targetFor } from "./read-sla.ts";

const WINDOWS = [
  { window: "7d", days: 7 },
  { window: "30d", days: 30 },
] as const;

/** Pipelines that are counted at once. */
const PART = 500;

type Window = (typeof WINDOWS)[number]["window"];

export type SlaRateReader = Pick<Reader, "slaCounts" | "pipelinesWithResults" | "pipelineNames">;

/** `ratio` is 0 to 1. */
interface SlaRates {
  checks: { pipeline_name: string; check_name: string; window: Window; ratio: number }[];
  pipelines: { pipeline_name: string; window: Window; ratio: number }[];
  /** The target of each pipeline that has a rate. */
  targets: { pipeline_name: string; ratio: number }[];
}

interface SlaGaugesDeps {
  reader: SlaRateReader;
  /** Those that hold now. */
  targets: () => SlaTargets;
  /** Sets what is shown of these pipelines to exactly these rates. */
  metrics: { setSlaRates(pipeline_names: readonly string[], rates: SlaRates): void };
}

/**
 * The quality SLA of every pipeline and check over the exported windows. Counted anew are the pipelines of which something was
 * committed, and those with a result that came into a window or left it because time went on; all of them each hour, and where
 * the targets are others. A pipeline without results has no rates.
 */
export class SlaGauges implements AfterCommit {
  readonly #deps: SlaGaugesDeps;
  #changed = new Set<string>();
  readonly #archived = new Set<string>();
  /** Up to when all is counted, milliseconds; null: nothing was. */
  #until: number | null = null;
  #allAt = 0;
  #targets: SlaTargets | null = null;

  constructor(deps: SlaGaugesDeps) {
    this.#deps = deps;
  }

  observe({ touched, births, archived }: Committed): void {
    for (const pipeline_name of touched) this.#changed.add(pipeline_name);
    for (const { pipeline_name } of births) this.#changed.add(pipeline_name);
    for (const pipeline_name of archived) {
      this.#changed.delete(pipeline_name);
      this.#archived.add(pipeline_name);
    }
  }

  async show(now: number): Promise<void> {
    const targets = this.#deps.targets();
    const changed = this.#changed;
    this.#changed = new Set();
    this.#archived.clear();
    try {
      const all = this.#until === null || now < this.#until || now >= this.#allAt + HOUR || targets !== this.#targets;
      const names = all ? await this.#deps.reader.pipelineNames() : await this.#moved(this.#until!, now, changed);
      for (let i = 0; i < names.length; i += PART) await this.#showPart(names.slice(i, i + PART), targets, now);
      if (all) this.#allAt = now;
      this.#until = now;
      this.#targets = targets;
    } catch (error) {
      for (const pipeline_name of changed) this.#changed.add(pipeline_name);
      throw error;
    }
  }

  async #moved(since: number, now: number, changed: ReadonlySet<string>): Promise<string[]> {
    const edges = [0, ...WINDOWS.map(({ days }) => days * DAY)];
    const spans = edges.map((ago) => ({ from: since - ago, to: now - ago }));
    return [...new Set([...changed, ...(await this.#deps.reader.pipelinesWithResults(spans))])];
  }

  async #showPart(pipeline_names: readonly string[], targets: SlaTargets, now: number): Promise<void> {
    const rates: SlaRates = { checks: [], pipelines: [], targets: [] };
    for (const { window, days } of WINDOWS) {
      const rows = await this.#deps.reader.slaCounts({
        kind: "quality",
        from: now - days * DAY,
        to: now,
        pipeline_names,
        subject: null,
        by_subject: true,
        by_day: false,
      });
      addRates(rates, rows, window);
    }
    // One that was archived meanwhile is shown no more.
    const shown = ({ pipeline_name }: { pipeline_name: string }) => !this.#archived.has(pipeline_name);
    for (const pipeline_name of new Set(rates.pipelines.map((rate) => rate.pipeline_name))) {
      rates.targets.push({ pipeline_name, ratio: targetFor(targets, pipeline_name, "quality") / 100 });
    }
    this.#deps.metrics.setSlaRates(pipeline_names, {
      checks: rates.checks.filter(shown),
      pipelines: rates.pipelines.filter(shown),
      targets: rates.targets.filter(shown),
    });
  }
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
