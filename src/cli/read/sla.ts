import { AgentApi } from "../connection/agent-api.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { paintFor } from "../text/paint.ts";
import { type SlaLine, slaText } from "./sla-text.ts";

export interface SlaOptions extends ConnectionOptions {
  days?: number;
  kind?: string;
  check?: string;
  json?: boolean;
}

interface Page {
  items: SlaLine[];
  next_cursor: string | null;
}

/** The SLA of one pipeline with its checks, or of all pipelines. */
export async function sla(pipeline_name: string | undefined, options: SlaOptions, edge: Edge): Promise<number> {
  const api = new AgentApi(connectionOf(options, edge));
  const query = { days: options.days, kind: options.kind, check_name: options.check };
  const paint = paintFor(edge);
  if (pipeline_name !== undefined) {
    const answer = await api.ask({ path: ["v1", "sla", pipeline_name], query });
    const one = answer as SlaLine & { checks: SlaLine[] };
    edge.out(options.json ? JSON.stringify(answer, null, 2) : slaText([one], one.checks, paint));
    return 0;
  }
  const items: SlaLine[] = [];
  let cursor: string | undefined;
  do {
    const page = (await api.ask({ path: ["v1", "sla"], query: { ...query, cursor } })) as Page;
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  if (options.json) edge.out(JSON.stringify({ items }, null, 2));
  else if (items.length === 0) edge.err("Nothing was reported yet.");
  else edge.out(slaText(items, [], paint));
  return 0;
}
