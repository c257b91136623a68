import type { FeatureKind } from "../../client/histogram/feature.ts";
import { referenceHistogram } from "../../domain/drift/histograms/reference-histogram.ts";
import type { Distribution, NumericHistogram } from "../../histogram/distribution.ts";
import { partOn } from "../../histogram/summary/count-numbers.ts";
import { mergeNumbers } from "../../histogram/summary/merge-summaries.ts";
import { CommandError } from "../command-error.ts";
import { type CellReading, isNullCell, numberOfCell } from "../table-file/read-cell.ts";
import type { Batch, Cell, TableFile } from "../table-file/table-file.ts";
import { ColumnProfile } from "./column-profile.ts";
import { judgeColumn } from "./judge-column.ts";

export interface BuildOptions {
  /** The columns to take; null: all that can be features. */
  features: readonly string[] | null;
  /** What somebody says that columns are. */
  kinds: ReadonlyMap<string, FeatureKind>;
  nulls: ReadonlySet<string>;
  bins?: number;
  method?: "quantile" | "uniform";
}

export interface BuiltReference {
  feature_name: string;
  histogram: Distribution;
  /** Rows with a value. */
  rows: number;
  /** The edges come from a sample of the values; the counts never do. */
  sampled: boolean;
}

export interface BuiltReferences {
  rows: number;
  references: BuiltReference[];
  skipped: { column: string; reason: string }[];
}

/** Told which pass it is, 1 or 2, and how many bytes of it were read. */
export type Progress = (pass: number, bytes: number) => void;

/**
 * The histograms of a file's columns in bounded memory: one pass learns what each column is and samples it, and where a
 * column has more values than the sample holds a second pass counts every row on the edges of the sample.
 */
export async function buildReferences(
  table: TableFile,
  options: BuildOptions,
  progress: Progress,
): Promise<BuiltReferences> {
  const reading: CellReading = { text_only: table.text_only, nulls: options.nulls };
  const profiles = new Map<string, ColumnProfile>();
  const wanted = options.features && new Set(options.features);
  const profileOf = (column: string) => {
    const profile = profiles.get(column) ?? new ColumnProfile(reading, options.kinds.get(column));
    profiles.set(column, profile);
    return profile;
  };
  const columns = new Set<string>();
  const rows = await table.read(
    (batch) => {
      columns.add(batch.column);
      if (wanted === null || wanted.has(batch.column)) profileOf(batch.column).push(batch);
    },
    (bytes) => progress(1, bytes),
  );
  refuseMissing([...(options.features ?? []), ...options.kinds.keys()], columns);

  const skipped: BuiltReferences["skipped"] = [];
  const references: BuiltReference[] = [];
  const toCount = new Map<string, NumericHistogram>();
  for (const [column, profile] of profiles) {
    const judged = judgeColumn(profile, options.kinds.get(column));
    if (judged.kind === "unclear") throw new CommandError(`column ${JSON.stringify(column)}: ${judged.reason}`);
    if (judged.kind === "skipped") {
      if (wanted !== null) throw new CommandError(`column ${JSON.stringify(column)}: ${judged.reason}`);
      skipped.push({ column, reason: judged.reason });
      continue;
    }
    const nulls = rows - profile.rows;
    const histogram =
      judged.kind === "numeric"
        ? histogramFrom({ values: profile.sample.values, bins: options.bins, method: options.method, nulls })
        : histogramFrom({ categories: Object.fromEntries(judged.categories), nulls });
    const sampled = judged.kind === "numeric" && !profile.sample.whole;
    if (sampled && histogram.kind === "numeric") toCount.set(column, spanning(histogram, profile));
    references.push({ feature_name: column, histogram, rows: profile.rows, sampled });
  }
  if (toCount.size === 0) return { rows, references, skipped };

  const counts = await countAll(
    table,
    toCount,
    (column, cell) => numberIn(cell, reading, options.kinds.get(column)),
    progress,
  );
  const counted = references.map((reference) => {
    const { feature_name, histogram } = reference;
    const sample = toCount.get(feature_name);
    return sample === undefined
      ? reference
      : { ...reference, histogram: wholeOf(sample, counts.get(feature_name)!, histogram.nulls) };
  });
  return { rows, references: counted, skipped };
}

function refuseMissing(named: readonly string[], columns: ReadonlySet<string>): void {
  const missing = named.find((column) => !columns.has(column));
  if (missing === undefined) return;
  const known = [...columns].map((column) => JSON.stringify(column)).join(", ");
  throw new CommandError(`the file has no column ${JSON.stringify(missing)}; it has ${known || "none"}`);
}

function histogramFrom(input: Parameters<typeof referenceHistogram>[0]): Distribution {
  const made = referenceHistogram(input);
  if (made.ok) return made.value;
  throw new CommandError(made.errors.map(({ path, message }) => `${path}: ${message}`).join("; "));
}

/** The outer edges bind nothing (outer bins are open) but where the histogram is drawn: they are those of all values. */
function spanning(sample: NumericHistogram, { least, greatest }: ColumnProfile): NumericHistogram {
  const edges = Float64Array.from(sample.edges);
  edges[0] = Math.min(edges[0]!, least);
  edges[edges.length - 1] = Math.max(edges[edges.length - 1]!, greatest);
  return { ...sample, edges };
}

/** Quantiles and spikes are those of the sample, as its edges are; all else is counted. */
function wholeOf(sample: NumericHistogram, counted: NumericHistogram, nulls: number): NumericHistogram {
  const { quantiles = {}, spikes = [] } = sample.summary ?? {};
  const { outside, ...moments } = counted.summary ?? {};
  const { inf = 0, neg_inf = 0 } = outside ?? {};
  const summary = { ...moments, quantiles, spikes, outside: { below: 0, above: 0, inf, neg_inf } };
  return { ...sample, counts: counted.counts, nulls, summary };
}

async function countAll(
  table: TableFile,
  samples: ReadonlyMap<string, NumericHistogram>,
  read: (column: string, cell: Cell) => number,
  progress: Progress,
): Promise<Map<string, NumericHistogram>> {
  const counted = new Map([...samples].map(([column, { edges }]) => [column, partOn(Float64Array.of(), { edges })]));
  const visit = ({ column, cells }: Batch) => {
    const before = counted.get(column);
    if (before === undefined) return;
    const values = Float64Array.from(cells, (cell) => read(column, cell));
    counted.set(column, mergeNumbers(before, partOn(values, before)));
  };
  await table.read(visit, (bytes) => progress(2, bytes));
  return counted;
}

function numberIn(cell: Cell, reading: CellReading, kind: FeatureKind | undefined): number {
  return isNullCell(cell, reading) ? Number.NaN : (numberOfCell(cell, reading, kind) ?? Number.NaN);
}
