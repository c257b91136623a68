import path from "node:path";
import type { FeatureKind } from "../../client/histogram/feature.ts";
import type { NumericHistogram } from "../../histogram/distribution.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { AgentApi } from "../connection/agent-api.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { openTable, type TableFormat } from "../table-file/open-table.ts";
import { progressBar } from "../text/progress-bar.ts";
import { show } from "../text/show.ts";
import { type BuiltReference, type BuiltReferences, buildReferences } from "./build-references.ts";
import { importText } from "./import-text.ts";
import type { Imported } from "./imported.ts";

export interface ReferenceImportOptions extends ConnectionOptions {
  pipeline: string;
  feature?: string[];
  categorical?: string[];
  numeric?: string[];
  days?: string[];
  null?: string[];
  bins?: number;
  method?: "quantile" | "uniform";
  format?: TableFormat;
  delimiter?: string;
  note?: string;
  dryRun?: boolean;
  json?: boolean;
}

export async function referenceImport(file: string, options: ReferenceImportOptions, edge: Edge): Promise<number> {
  const api = options.dryRun ? null : new AgentApi(connectionOf(options, edge));
  const built = await build(path.resolve(edge.directory, file), options, edge);
  if (built.references.length === 0) {
    throw new CommandError(
      `${file} holds no column that can be a feature; ${built.skipped.map(whySkipped).join("; ")}`,
    );
  }
  const features: Imported[] = [];
  for (const reference of built.references) features.push(await put(api, options, reference));
  const { rows, skipped } = built;
  if (options.json) edge.out(JSON.stringify({ pipeline_name: options.pipeline, rows, features, skipped }, null, 2));
  else edge.out(importText(features, api === null));
  if (!options.json) for (const one of skipped) edge.err(`skipped: ${whySkipped(one)}`);
  return 0;
}

function whySkipped({ column, reason }: { column: string; reason: string }): string {
  return `column ${JSON.stringify(column)} ${reason}`;
}

async function build(file: string, options: ReferenceImportOptions, edge: Edge): Promise<BuiltReferences> {
  const table = await openTable(file, options);
  const bar = progressBar(edge, table.bytes);
  try {
    const { feature = null, null: nulls = [], bins, method } = options;
    const kinds = kindsOf(options);
    const wanted = {
      features: feature && [...new Set([...feature, ...kinds.keys()])],
      kinds,
      nulls: new Set(nulls),
      ...(bins === undefined ? {} : { bins }),
      ...(method === undefined ? {} : { method }),
    };
    return await buildReferences(table, wanted, (pass, bytes) => {
      bar.show(pass === 1 ? "reading " : "counting", bytes, table.bytes);
    });
  } finally {
    bar.end();
  }
}

function kindsOf(options: ReferenceImportOptions): ReadonlyMap<string, FeatureKind> {
  const kinds = new Map<string, FeatureKind>();
  for (const kind of ["categorical", "numeric", "days"] as const) {
    for (const column of options[kind] ?? []) {
      const before = kinds.get(column);
      if (before !== undefined && before !== kind) {
        throw new UsageError(`--${kind}: ${show(column)} given; --${before} names it as well, must be one of them`);
      }
      kinds.set(column, kind);
    }
  }
  return kinds;
}

/** Where the counts lie, and what is known of their rows. */
function numeric({ edges, summary }: NumericHistogram): object {
  return { edges: Array.from(edges), ...summary };
}

async function put(
  api: AgentApi | null,
  options: ReferenceImportOptions,
  reference: BuiltReference,
): Promise<Imported> {
  const { feature_name, histogram, rows, sampled } = reference;
  const { kind, nulls } = histogram;
  const counts = Array.from(histogram.counts);
  const imported = { feature_name, kind, bins: counts.length, rows, nulls, sampled, version: null, verdict: null };
  if (api === null) return imported;
  const content =
    histogram.kind === "categorical"
      ? { categories: Object.fromEntries(histogram.categories.map((name, i) => [name, counts[i]])) }
      : { counts, ...(histogram.kind === "numeric" ? numeric(histogram) : {}) };
  const answer = (await api.ask({
    method: "PUT",
    path: ["v1", "references", options.pipeline, feature_name],
    body: { ...content, nulls, ...(options.note === undefined ? {} : { note: options.note }) },
  })) as { version: string; verdict: { verdict: string } | null };
  return { ...imported, version: answer.version, verdict: answer.verdict?.verdict ?? null };
}
