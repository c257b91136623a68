import { userInfo } from "node:os";
import { AgentApi } from "../connection/agent-api.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { paintFor } from "../text/paint.ts";
import { type ShownSchema, schemaText } from "./schema-text.ts";

export interface ShowOptions extends ConnectionOptions {
  dataset?: string;
  json?: boolean;
}

export interface AcceptOptions extends ShowOptions {
  runId: string;
  actor?: string;
}

export async function showSchema(pipeline_name: string, options: ShowOptions, edge: Edge): Promise<number> {
  const api = new AgentApi(connectionOf(options, edge));
  const asked = { path: ["v1", "schema", pipeline_name], query: { dataset: options.dataset } };
  const { items } = (await api.ask(asked)) as { items: ShownSchema[] };
  if (options.json) edge.out(JSON.stringify({ items }, null, 2));
  else if (items.length === 0) edge.err(`No schema of ${options.dataset ?? pipeline_name} was reported or declared.`);
  else edge.out(items.map((item) => schemaText(item, paintFor(edge))).join("\n\n"));
  return 0;
}

export async function acceptSchema(pipeline_name: string, options: AcceptOptions, edge: Edge): Promise<number> {
  const { runId: run_id, dataset, actor = userInfo().username } = options;
  const api = new AgentApi(connectionOf(options, edge));
  const body = { run_id, actor, dataset };
  const answer = await api.ask({ method: "POST", path: ["v1", "schema", pipeline_name, "accept"], body });
  const { baseline, ...accepted } = answer as ShownSchema;
  const count = baseline!.columns.filter(({ source }) => source === "accepted").length;
  if (options.json) edge.out(JSON.stringify(answer, null, 2));
  else edge.out(`accepted: ${count} columns of ${accepted.dataset}, as run ${run_id} has them`);
  return 0;
}
