import type { FeatureReportBody } from "../../client/report/wire.ts";
import { binValues } from "../../histogram/bin-values.ts";
import { readTextCell } from "../table-file/read-cell.ts";
import type { Batch, Cell, TableFile } from "../table-file/table-file.ts";

/** As GET /v1/references/{pipeline_name} lists them. */
export interface StoredReference {
  feature_name: string;
  kind: "numeric" | "categorical" | "positional";
  edges?: number[];
  categories?: Record<string, number>;
}

export interface CountedFeatures {
  features: Record<string, FeatureReportBody>;
  left_out: { feature_name: string; reason: string }[];
}

/** More different texts than this are counted as one: those that the reference knows are always counted. */
const MOST_NEW_CATEGORIES = 1000;
const OTHERS = "(other values)";

interface Counter {
  rows: number;
  push(cells: ArrayLike<Cell>): void;
  histogram(nulls: number): FeatureReportBody;
}

/** The histograms of a file's columns on the bins of their references, in one pass. */
export async function countFeatures(
  table: TableFile,
  references: readonly StoredReference[],
  nulls: ReadonlySet<string>,
  progress: (bytes: number) => void,
): Promise<CountedFeatures> {
  const read = (cell: Cell) => {
    if (typeof cell !== "string") return cell;
    return table.text_only ? readTextCell(cell, nulls) : nulls.has(cell) ? null : cell;
  };
  const counters = new Map<string, Counter>();
  for (const reference of references) {
    if (reference.kind === "numeric") counters.set(reference.feature_name, numeric(reference.edges!, read));
    if (reference.kind === "categorical")
      counters.set(reference.feature_name, categorical(reference.categories!, read));
  }
  const seen = new Set<string>();
  const visit = ({ column, cells }: Batch) => {
    seen.add(column);
    counters.get(column)?.push(cells);
  };
  const rows = await table.read(visit, progress);
  const features: Record<string, FeatureReportBody> = {};
  const left_out: CountedFeatures["left_out"] = [];
  for (const { feature_name, kind } of references) {
    const counter = counters.get(feature_name);
    if (kind === "positional") left_out.push({ feature_name, reason: "has a reference without edges; give --counts" });
    else if (!seen.has(feature_name)) left_out.push({ feature_name, reason: "is no column of the file" });
    else features[feature_name] = counter!.histogram(rows - counter!.rows);
  }
  return { features, left_out };
}

/** What is no number counts as null: a column that has turned into text shows as one that is all null. */
function numeric(edges: readonly number[], read: (cell: Cell) => Cell): Counter {
  const counts = new Array<number>(edges.length - 1).fill(0);
  return {
    rows: 0,
    push(cells) {
      const values = Float64Array.from(cells, (cell) => {
        const value = read(cell);
        return typeof value === "number" ? value : Number.NaN;
      });
      const binned = binValues(values, edges);
      this.rows += values.length - binned.nulls;
      binned.counts.forEach((count, bin) => {
        counts[bin]! += count;
      });
    },
    histogram: (nulls) => ({ edges: [...edges], counts, nulls }),
  };
}

function categorical(known: Readonly<Record<string, number>>, read: (cell: Cell) => Cell): Counter {
  const counts = new Map<string, number>(Object.keys(known).map((name) => [name, 0]));
  const most = counts.size + MOST_NEW_CATEGORIES;
  return {
    rows: 0,
    push(cells) {
      for (let i = 0; i < cells.length; i++) {
        const value = read(cells[i]);
        if (value === null || value === undefined || Number.isNaN(value)) continue;
        this.rows++;
        const text = typeof cells[i] === "string" ? (cells[i] as string) : String(value);
        const name = counts.has(text) || counts.size < most ? text : OTHERS;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    },
    histogram: (nulls) => ({ categories: Object.fromEntries(counts), nulls }),
  };
}
