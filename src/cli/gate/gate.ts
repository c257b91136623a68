import { AgentApi } from "../connection/agent-api.ts";
import { AgentUnreachable } from "../connection/agent-errors.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { paintFor } from "../text/paint.ts";
import { askGate } from "./ask-gate.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { gateText } from "./gate-text.ts";
import { sendBefore } from "./send-before.ts";

export interface GateCommandOptions extends ConnectionOptions {
  runId?: string;
  consumer?: string;
  whileRunning?: boolean;
  /** Milliseconds. */
  wait?: number;
  onUnreachable?: "block" | "allow";
  okIfAllowed?: boolean;
  json?: boolean;
}

export async function gate(pipeline_name: string, options: GateCommandOptions, edge: Edge): Promise<number> {
  const connection = connectionOf(options, edge);
  const api = new AgentApi(connection);
  const { runId: run_id, consumer, whileRunning: while_running = false, wait: wait_ms = 0 } = options;
  try {
    await sendBefore(connection, wait_ms, edge);
    const answer = await askGate(api, { pipeline_name, run_id, consumer, while_running, wait_ms }, edge);
    edge.out(options.json ? JSON.stringify(answer, null, 2) : gateText(answer, paintFor(edge)));
    return exitCodeOf(answer, options.okIfAllowed ?? false);
  } catch (error) {
    if (!(error instanceof AgentUnreachable)) throw error;
    return unreachable(pipeline_name, error.message, options, edge);
  }
}

/** Nobody decided. What that means is the caller's to say; unsaid, it blocks. */
function unreachable(
  pipeline_name: string,
  detail: string,
  { onUnreachable, json }: GateCommandOptions,
  edge: Edge,
): number {
  const allowed = onUnreachable === "allow";
  const because =
    onUnreachable === undefined ? "--on-unreachable was not given, so it blocks" : `--on-unreachable ${onUnreachable}`;
  edge.err(`${allowed ? "warning" : "sluice"}: ${detail}; ${because}`);
  const decision = "unreachable";
  if (json) edge.out(JSON.stringify({ pipeline_name, decision, allowed, run_id: null, reasons: [], detail }, null, 2));
  else edge.out(`${pipeline_name}: ${decision}, ${allowed ? "may go on" : "may not go on"} (no decision)`);
  return allowed ? EXIT.pass : EXIT.unreachable;
}
