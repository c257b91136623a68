import path from "node:path";
import type { FeatureReportBody } from "../../client/report/wire.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { AgentApi } from "../connection/agent-api.ts";
import { connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { openTable, type TableFormat } from "../table-file/open-table.ts";
import { progressBar } from "../text/progress-bar.ts";
import { show } from "../text/show.ts";
import { countFeatures, type StoredReference } from "./count-features.ts";
import { type ReportOptions, report } from "./report.ts";

export interface ReportDriftOptions extends ReportOptions {
  counts?: string[];
  null?: string[];
  days?: string[];
  format?: TableFormat;
}

export async function reportDrift(
  pipeline: string,
  file: string | undefined,
  options: ReportDriftOptions,
  edge: Edge,
): Promise<number> {
  if (file === undefined && options.counts === undefined) {
    throw new UsageError("FILE: missing; must be a file with the run's data, or give --counts FEATURE=N,N,…");
  }
  const features = Object.fromEntries((options.counts ?? []).map(countsOf));
  if (file !== undefined) Object.assign(features, await featuresOf(pipeline, file, options, edge));
  return report(pipeline, { kind: "drift", features }, options, edge);
}

async function featuresOf(
  pipeline: string,
  file: string,
  options: ReportDriftOptions,
  edge: Edge,
): Promise<Record<string, FeatureReportBody>> {
  const api = new AgentApi(connectionOf(options, edge));
  const table = await openTable(path.resolve(edge.directory, file), options);
  const { items } = (await api.ask({ path: ["v1", "references", pipeline] })) as { items: StoredReference[] };
  if (items.length === 0) {
    throw new CommandError(`${pipeline} has no references to bin the data on; set them with sluice reference import`);
  }
  const bar = progressBar(edge, table.bytes);
  const { features, left_out } = await countFeatures(
    table,
    items,
    { nulls: new Set(options.null), days: new Set(options.days) },
    (bytes) => bar.show("counting", bytes, table.bytes),
  ).finally(() => bar.end());
  for (const { feature_name, reason } of left_out) edge.err(`left out: feature ${show(feature_name)} ${reason}`);
  if (Object.keys(features).length > 0) return features;
  throw new CommandError(`${file} holds none of the features that ${pipeline} has references for`);
}

function countsOf(text: string): [string, FeatureReportBody] {
  const at = text.lastIndexOf("=");
  const counts = text.slice(at + 1).split(",");
  if (at > 0 && counts.every((count) => /^\d+$/.test(count)))
    return [text.slice(0, at), { counts: counts.map(Number) }];
  throw new UsageError(`--counts: ${show(text)} given; must be FEATURE=N,N,… with a whole number for each bin`);
}
