import { nothingCommitted } from "../../domain/commit/committed.ts";
import { emptyTally } from "../../domain/commit/tally.ts";
import type { Reference } from "../../domain/drift/drift.ts";
import { referenceKey } from "../../domain/drift/reference-key.ts";
import { sumOn, type WindowSum } from "../../domain/drift/window-sum.ts";
import { type DriftWindow, judgeWindows } from "../../domain/drift/window-verdict.ts";
import type { DueWindows, StoreTx, WindowRow } from "../../ports.ts";
import type { CommitDeps } from "../commit/commit-deps.ts";
import { type ChangeDeps, changeUnderLocks } from "../under-locks/change-under-locks.ts";
import { readWindows, type StoredWindow, windowRow } from "./stored-windows.ts";

export interface CloseWindowsDeps extends Pick<CommitDeps, "driftSettings">, ChangeDeps {}

/** Groups that are loaded at once: bounds the memory. */
const GROUPS = 20;

/**
 * Closes the windows whose time has passed, and judges those that rows came to since their last verdict: the windows of one
 * pipeline that close at the same time together, in a transaction of their own. Several agents may do this at once: the
 * first to hold the lock of the pipeline judges, the others find it done. A group that fails is left for the next time and
 * does not delay the others.
 */
export async function closeWindows(deps: CloseWindowsDeps): Promise<void> {
  const now = deps.clock.now();
  const failures: unknown[] = [];
  let last: DueWindows | null = null;
  for (;;) {
    const groups: DueWindows[] = await deps.store.dueWindows(now, last, GROUPS);
    for (const group of groups) {
      try {
        await closeGroup(deps, group, now);
      } catch (error) {
        failures.push(error);
      }
    }
    last = groups.at(-1) ?? null;
    if (groups.length < GROUPS) break;
  }
  if (failures.length > 0) throw failures[0];
}

async function closeGroup(deps: CloseWindowsDeps, { pipeline_name, windows }: DueWindows, now: number): Promise<void> {
  const scope = {
    pipeline_names: [pipeline_name],
    names: new Set(windows.map(({ feature_name }) => feature_name)),
    times: new Set(windows.map(({ end }) => end)),
    at: now,
  };
  await changeUnderLocks(deps, scope, async (tx, pipelines) => {
    const pipeline = pipelines.get(pipeline_name)!;
    const rows = await tx.loadWindows(windows.map((window) => ({ pipeline, ...window })));
    const open = rows.filter((row) => row !== null && !row.closed) as WindowRow[];
    if (open.length === 0) return { result: undefined, committed: nothingCommitted(), cause: null };
    const { closing, unjudged } = await lastLook(tx, deps, open);
    const tally = emptyTally(pipelines);
    judgeWindows(
      tally,
      pipeline_name,
      closing.map(({ window }) => window),
      now,
    );
    await tx.saveWindows([...unjudged, ...closing.map(({ row, window }) => windowRow(row, window))]);
    return { result: undefined, committed: await tx.saveTally(tally, now), cause: "evidence" };
  });
}

interface LastLook {
  closing: { row: WindowRow; window: DriftWindow }[];
  /** Closed without a verdict. */
  unjudged: WindowRow[];
}

async function lastLook(
  tx: StoreTx,
  { driftSettings }: CloseWindowsDeps,
  rows: readonly WindowRow[],
): Promise<LastLook> {
  const active = await tx.activeReferences(rows);
  const look: LastLook = { closing: [], unjudged: [] };
  for (const stored of await readWindows(tx, rows, { references: active.values(), entries: [] })) {
    const { row, entry } = stored;
    const { pipeline, feature_name, start, end, judged_rows } = row;
    const { pipeline_name } = pipeline;
    const sum = sumToJudge(stored, active.get(referenceKey(pipeline_name, feature_name)));
    const runIsGone = entry === null && row.run_key !== null;
    if (sum === null || runIsGone) look.unjudged.push({ ...row, closed: true });
    else {
      const settings = driftSettings(pipeline_name, feature_name);
      const window = { feature_name, start, end, settings, sum, entry, judged_rows, closed: true };
      look.closing.push({ row, window });
    }
  }
  return look;
}

/** Judged against the active reference, else against the one that came with the reports. */
function sumToJudge({ sum }: StoredWindow, active: Reference | undefined): WindowSum | null {
  return sum === null || active === undefined ? sum : sumOn(active, sum);
}
