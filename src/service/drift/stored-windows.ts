import type { Reference } from "../../domain/drift/drift.ts";
import type { WindowSum } from "../../domain/drift/window-sum.ts";
import type { DriftWindow } from "../../domain/drift/window-verdict.ts";
import type { RunEntry } from "../../domain/runs/runs-of-commit.ts";
import type { ReferenceTx, RunTx, WindowRef, WindowRow, WindowTx } from "../../ports.ts";

/** What is stored of a window, with what it points to. */
export interface StoredWindow {
  row: WindowRow;
  /** null: its reference is gone. */
  sum: WindowSum | null;
  /** null: its rows came without a run, or the run is past the retention and gone. */
  entry: RunEntry | null;
}

/** What the transaction has at hand already. */
interface AtHand {
  references: Iterable<Reference>;
  entries: Iterable<RunEntry>;
}

/** In the order of the rows. */
export async function readWindows(
  tx: ReferenceTx & RunTx & WindowTx,
  rows: readonly WindowRow[],
  { references, entries }: AtHand,
): Promise<StoredWindow[]> {
  const referenceOf = new Map([...references].map((reference) => [reference.reference_id, reference]));
  const entryOf = new Map([...entries].map((entry) => [entry.key, entry]));
  const missing = new Set(rows.map(({ reference_id }) => reference_id).filter((id) => !referenceOf.has(id)));
  for (const [id, reference] of await tx.referencesById([...missing])) referenceOf.set(id, reference);
  const runs = new Map<number, { pipeline_name: string; run_key: number }>();
  for (const { run_key, pipeline } of rows) {
    if (run_key !== null && !entryOf.has(run_key))
      runs.set(run_key, { pipeline_name: pipeline.pipeline_name, run_key });
  }
  for (const entry of await tx.loadRuns([], [...runs.values()])) entryOf.set(entry.key, entry);
  return rows.map((row) => {
    const { reference_id, counts, rebin_rows, run_key } = row;
    const reference = referenceOf.get(reference_id);
    const sum = reference === undefined ? null : { reference, counts, rebin_rows };
    return { row, sum, entry: entryOf.get(run_key) ?? null };
  });
}

/** The runs have their keys. */
export function windowRow(ref: WindowRef, { sum, entry, judged_rows, closed }: DriftWindow): WindowRow {
  const { counts, rebin_rows, reference } = sum;
  const { reference_id } = reference;
  return { ...ref, reference_id, counts, rebin_rows, run_key: entry?.key ?? null, judged_rows, closed };
}
