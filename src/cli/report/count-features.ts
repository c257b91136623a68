import type { FeatureReportBody } from "../../client/report/wire.ts";
import { countsTruth } from "../../histogram/names/as-numbers.ts";
import { partOn, type SummarizedHistogram } from "../../histogram/summary/count-numbers.ts";
import { mergeNumbers } from "../../histogram/summary/merge-summaries.ts";
import { CellNames } from "../table-file/cell-names.ts";
import { type CellReading, isNullCell, numberOfCell } from "../table-file/read-cell.ts";
import type { Batch, Cell, TableFile } from "../table-file/table-file.ts";

/** As GET /v1/references/{pipeline_name} lists them. */
export interface StoredReference {
  feature_name: string;
  kind: "numeric" | "categorical" | "positional";
  edges?: number[];
  min?: number;
  max?: number;
  categories?: Record<string, number>;
}

export interface CountedFeatures {
  features: Record<string, FeatureReportBody>;
  left_out: { feature_name: string; reason: string }[];
}

/** More different texts than this are counted together: those that the reference knows are always counted apart. */
const MOST_NEW_CATEGORIES = 1000;

export interface CountOptions {
  /** Further texts that mean no value. */
  nulls: ReadonlySet<string>;
  /** Columns whose dates are taken as days. */
  days: ReadonlySet<string>;
}

interface Counter {
  /** Rows with a value. */
  rows: number;
  /** Why the column cannot be counted. */
  problem: string | null;
  push(batch: Batch): void;
  histogram(nulls: number): FeatureReportBody;
}

const NO_VALUES = "holds lists, objects, bytes or times of day";
const TIMES = "holds times; give --days NAME to take them as days";

/**
 * The histograms of a file's columns on the bins of their references, in one pass. A column that cannot be counted is sent without
 * counts, so that the agent refuses it where a gate sees it.
 */
export async function countFeatures(
  table: TableFile,
  references: readonly StoredReference[],
  { nulls, days }: CountOptions,
  progress: (bytes: number) => void,
): Promise<CountedFeatures> {
  const reading: CellReading = { text_only: table.text_only, nulls };
  const counters = new Map<string, Counter>();
  for (const reference of references) {
    const { feature_name, kind, categories } = reference;
    if (kind === "numeric") counters.set(feature_name, numeric(reference, reading, days.has(feature_name)));
    if (kind === "categorical") counters.set(feature_name, categorical(categories!, reading));
  }
  const seen = new Set<string>();
  const visit = (batch: Batch) => {
    seen.add(batch.column);
    counters.get(batch.column)?.push(batch);
  };
  const rows = await table.read(visit, progress);
  const features: Record<string, FeatureReportBody> = {};
  const left_out: CountedFeatures["left_out"] = [];
  for (const { feature_name, kind } of references) {
    const counter = counters.get(feature_name);
    if (kind === "positional") left_out.push({ feature_name, reason: "has a reference without edges; give --counts" });
    else if (!seen.has(feature_name)) left_out.push({ feature_name, reason: "is no column of the file" });
    else if (counter!.problem !== null) {
      left_out.push({ feature_name, reason: counter!.problem });
      features[feature_name] = {};
    } else features[feature_name] = counter!.histogram(rows - counter!.rows);
  }
  return { features, left_out };
}

/** What is no number counts as null: a column that has turned into text shows as one that is all null. */
function numeric({ edges: given, min, max }: StoredReference, reading: CellReading, days: boolean): Counter {
  const edges = given!;
  const on = { edges, min, max };
  let counted: SummarizedHistogram = partOn(Float64Array.of(), on);
  // Numbers between 0 and 1 may have been truth values.
  const truth = countsTruth(edges);
  return {
    rows: 0,
    problem: null,
    push({ cells }) {
      const values = Float64Array.from(cells, (cell) => {
        if (isNullCell(cell, reading)) return Number.NaN;
        const number = numberOfCell(cell, reading, days ? "days" : "numeric", truth);
        if (number === undefined && typeof cell !== "string") this.problem ??= problemOf(cell);
        return number ?? Number.NaN;
      });
      const part = partOn(values, on);
      this.rows += values.length - part.nulls;
      counted = mergeNumbers(counted, part);
    },
    histogram: (nulls) => ({ edges: [...edges], counts: Array.from(counted.counts), nulls, ...counted.summary }),
  };
}

function problemOf(cell: Cell): string {
  if (cell instanceof Date) return TIMES;
  return typeof cell === "boolean" ? "holds booleans; the reference is numeric" : NO_VALUES;
}

function categorical(known: Readonly<Record<string, number>>, reading: CellReading): Counter {
  const names = new CellNames(reading.text_only, Object.keys(known), MOST_NEW_CATEGORIES);
  return {
    rows: 0,
    problem: null,
    push({ cells, float32 }) {
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i];
        if (isNullCell(cell, reading) && !names.isKnown(cell)) continue;
        this.rows++;
        if (cell === undefined || cell instanceof Date) this.problem ??= problemOf(cell);
        else names.push(cell!, float32);
      }
    },
    histogram(nulls) {
      const counts = new Map<string, number>(Object.keys(known).map((name) => [name, 0]));
      for (const [name, count] of names.names()) counts.set(name, (counts.get(name) ?? 0) + count);
      const folded = names.overflow > 0 ? { folded: names.overflow } : {};
      return { categories: Object.fromEntries(counts), ...folded, nulls };
    },
  };
}
