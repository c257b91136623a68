import { AgentApi } from "../connection/agent-api.ts";
import { AgentRefused, AgentUnreachable } from "../connection/agent-errors.ts";
import type { Connection } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { askGate } from "../gate/ask-gate.ts";
import { EXIT, exitCodeOf } from "../gate/exit-code.ts";
import { gateText } from "../gate/gate-text.ts";
import { sendBefore } from "../gate/send-before.ts";
import { paintFor } from "../text/paint.ts";

export interface GateAfterOptions {
  wait?: number;
  onUnreachable?: "block" | "allow";
}

/** The command went well; whether its data did. Standard output is the command's: this speaks on standard error. */
export async function gateAfter(
  connection: Connection | null,
  run: { pipeline_name: string; run_id: string },
  { wait: wait_ms = 0, onUnreachable = "block" }: GateAfterOptions,
  edge: Edge,
): Promise<number> {
  let away = "no agent to ask";
  try {
    if (connection !== null) {
      // The end of this run as well, where an agent that is being restarted has not taken it yet.
      await sendBefore(connection, wait_ms, edge);
      const question = { ...run, while_running: false, wait_ms, is_there: true };
      const answer = await askGate(new AgentApi(connection), question, edge);
      if (answer.decision !== "pass") edge.err(gateText(answer, paintFor(edge, "err")));
      return exitCodeOf(answer, true);
    }
  } catch (error) {
    if (!(error instanceof AgentUnreachable || error instanceof AgentRefused)) throw error;
    if (error instanceof AgentRefused) {
      edge.err(`sluice: ${error.message}`);
      return error.exit_code;
    }
    away = error.message;
  }
  const allowed = onUnreachable === "allow";
  edge.err(`${allowed ? "warning" : "sluice"}: ${away}; --on-unreachable ${onUnreachable}`);
  return allowed ? EXIT.pass : EXIT.unreachable;
}
