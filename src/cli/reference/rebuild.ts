import { AgentApi } from "../connection/agent-api.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";

export interface ReferenceRebuildOptions extends ConnectionOptions {
  pipeline: string;
  feature?: string[];
  dryRun?: boolean;
  json?: boolean;
}

/** An active reference, as GET /v1/references answers it. */
interface StoredReference {
  feature_name: string;
  version: string;
  rule: number;
  kind: string;
  note: string | null;
  [field: string]: unknown;
}

interface Rebuilt {
  feature_name: string;
  before: string;
  /** null: nothing was sent. */
  version: string | null;
  verdict: string | null;
}

/** The rule by which references are judged that are put now. */
const CURRENT_RULE = 2;
/** The fields of an answer that are the content of a reference. */
const CONTENT = [
  "edges",
  "counts",
  "categories",
  "nulls",
  "folded",
  "min",
  "max",
  "mean",
  "sd",
  "distinct",
  "quantiles",
];

/** Puts the active references again that an earlier version stored, so that they are judged by the rule of today. */
export async function referenceRebuild(options: ReferenceRebuildOptions, edge: Edge): Promise<number> {
  const api = new AgentApi(connectionOf(options, edge));
  const wanted = options.feature === undefined ? null : new Set(options.feature);
  const stored = (await activeReferences(api, options.pipeline)).filter(
    ({ feature_name, rule }) => rule < CURRENT_RULE && (wanted === null || wanted.has(feature_name)),
  );
  const rebuilt: Rebuilt[] = [];
  for (const reference of stored) rebuilt.push(await rebuild(options.dryRun ? null : api, options.pipeline, reference));
  if (options.json) edge.out(JSON.stringify({ pipeline_name: options.pipeline, features: rebuilt }, null, 2));
  else edge.out(rebuildText(options.pipeline, rebuilt));
  return 0;
}

async function activeReferences(api: AgentApi, pipeline: string): Promise<StoredReference[]> {
  const references: StoredReference[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = cursor === null ? {} : { cursor };
    const page = (await api.ask({ path: ["v1", "references", pipeline], query })) as {
      items: StoredReference[];
      next_cursor: string | null;
    };
    references.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return references;
}

async function rebuild(api: AgentApi | null, pipeline: string, reference: StoredReference): Promise<Rebuilt> {
  const { feature_name, version: before, note } = reference;
  if (api === null) return { feature_name, before, version: null, verdict: null };
  const content = Object.fromEntries(
    CONTENT.filter((field) => reference[field] !== undefined).map((field) => [field, reference[field]]),
  );
  const answer = (await api.ask({
    method: "PUT",
    path: ["v1", "references", pipeline, feature_name],
    body: { ...content, ...(note === null ? {} : { note }) },
  })) as { version: string; verdict: { verdict: string } | null };
  return { feature_name, before, version: answer.version, verdict: answer.verdict?.verdict ?? null };
}

function rebuildText(pipeline: string, rebuilt: readonly Rebuilt[]): string {
  if (rebuilt.length === 0) return `every reference of ${pipeline} is judged by the rule of today`;
  const lines = rebuilt.map(({ feature_name, before, version, verdict }) => {
    const now = version === null ? "would be put again" : `is ${version}`;
    return `${feature_name}: ${before} ${now}${verdict === null ? "" : `, latest data ${verdict}`}`;
  });
  return lines.join("\n");
}
