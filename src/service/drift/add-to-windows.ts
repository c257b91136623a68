import type { Tally } from "../../domain/commit/tally.ts";
import type { FeatureWithHistogram } from "../../domain/drift/drift.ts";
import { referenceKey } from "../../domain/drift/reference-key.ts";
import { closesAt, windowOf } from "../../domain/drift/window.ts";
import { addSums, sumOf, sumOn } from "../../domain/drift/window-sum.ts";
import { type DriftWindow, judgeWindows, laterRun, type WindowVerdict } from "../../domain/drift/window-verdict.ts";
import type { DriftReport, Report } from "../../domain/reports/report.ts";
import type { RunEntry } from "../../domain/runs/runs-of-commit.ts";
import type { PipelineRow, RunOfFeature, StoreTx, WindowRef, WindowRow } from "../../ports.ts";
import type { CommitDeps } from "../commit/commit-deps.ts";
import { readWindows, type StoredWindow, windowRow } from "./stored-windows.ts";

/** A feature of a report to add to a window. It has a reference and fits it. */
export interface WindowAddition {
  report: DriftReport;
  feature: FeatureWithHistogram;
  /** The run that the report belongs to; null: it is loose. */
  entry: RunEntry | null;
}

export interface AddedToWindows {
  verdicts: Map<Report, WindowVerdict[]>;
  /** The runs of the windows on which no verdict was given. */
  unjudged: RunOfFeature[];
}

/** A window to which this commit adds rows. */
interface Touched {
  ref: WindowRef;
  additions: WindowAddition[];
}

/**
 * Adds all rows of a commit to their windows, then judges each window once. The pipelines are
 * locked, so nobody else adds to their windows or closes them meanwhile.
 */
export async function addToWindows(
  tx: StoreTx,
  tally: Tally,
  additions: readonly WindowAddition[],
  pipelines: ReadonlyMap<string, PipelineRow>,
  now: number,
): Promise<AddedToWindows> {
  const answer: AddedToWindows = { verdicts: new Map(), unjudged: [] };
  if (additions.length === 0) return answer;
  const touched = touchedBy(additions, pipelines);
  const refs = touched.map(({ ref }) => ref);
  const stored = await tx.loadWindows(refs);
  const known = await readWindows(tx, stored.filter((row) => row !== null) as WindowRow[], {
    references: additions.map(({ feature }) => feature.reference!),
    entries: additions.flatMap(({ entry }) => entry ?? []),
  });
  const knownOf = new Map(known.map((one) => [one.row, one]));
  const windows = touched.map((one, i) => added(stored[i] == null ? undefined : knownOf.get(stored[i]), one));

  const rows: WindowRow[] = [];
  for (const together of closingTogether(refs)) {
    const { pipeline_name } = refs[together[0]!]!.pipeline;
    const group = together.map((i) => windows[i]!);
    const verdicts = judgeWindows(tally, pipeline_name, group, now);
    together.forEach((place, i) => {
      const { ref, additions } = touched[place]!;
      rows.push(windowRow(ref, windows[place]!));
      const { entry } = windows[place]!;
      if (!verdicts[i]!.judged && entry !== null) answer.unjudged.push({ ...ref, entry });
      for (const { report } of additions) push(answer.verdicts, report, verdicts[i]!);
    });
  }
  await tx.saveWindows(rows);
  return answer;
}

/** The times that verdicts caused by the report may have, so that their partitions can be made. */
export function verdictTimes({ driftSettings }: CommitDeps, report: DriftReport, now: number): number[] {
  return report.features.flatMap(({ feature_name }) => {
    const { window } = driftSettings(report.pipeline_name, feature_name);
    return window === undefined ? [] : [Math.min(windowOf(report.at, window).end, now)];
  });
}

function touchedBy(additions: readonly WindowAddition[], pipelines: ReadonlyMap<string, PipelineRow>): Touched[] {
  const touched = new Map<string, Touched>();
  for (const addition of additions) {
    const { pipeline_name, at } = addition.report;
    const { feature_name } = addition.feature.feature;
    const span = windowOf(at, addition.feature.settings.window!);
    const key = `${referenceKey(pipeline_name, feature_name)} ${span.start} ${span.end}`;
    const known = touched.get(key);
    if (known !== undefined) known.additions.push(addition);
    else {
      const ref = { pipeline: pipelines.get(pipeline_name)!, feature_name, ...span };
      touched.set(key, { ref, additions: [addition] });
    }
  }
  return [...touched.values()];
}

/**
 * Moves the sum of an open window to the bins of a reference that changed meanwhile. A sum that does not fit them starts anew:
 * its rows were counted on other bins.
 */
function added(known: StoredWindow | undefined, { ref, additions }: Touched): DriftWindow {
  const { feature_name, start, end } = ref;
  const { settings } = additions[0]!.feature;
  let sum = known?.sum ?? null;
  let entry = known?.entry ?? additions[0]!.entry;
  let judged_rows = known?.row.judged_rows ?? null;
  for (const addition of additions) {
    const { reference, current } = addition.feature;
    const more = sumOf(reference!, current)!;
    const before = sum && sumOn(reference!, sum);
    if (before === null) judged_rows = null;
    sum = before === null ? more : addSums(before, more);
    entry = laterRun(entry, addition.entry);
  }
  return { feature_name, start, end, settings, sum: sum!, entry, judged_rows, closed: known?.row.closed ?? false };
}

/** Indices of the windows of one pipeline that close at the same time. */
function closingTogether(refs: readonly WindowRef[]): number[][] {
  const groups = new Map<string, number[]>();
  refs.forEach((ref, place) => {
    push(groups, `${ref.pipeline.pipeline_id} ${closesAt(ref)}`, place);
  });
  return [...groups.values()];
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
