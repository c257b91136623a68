import { type GateDecision, isDecision } from "../../client/gate/decision.ts";
import { CommandError } from "../command-error.ts";
import type { AgentApi } from "../connection/agent-api.ts";
import { listAll, type StoredRun } from "./stored-runs.ts";

/** What was decided about a run, and what another policy says of the same evidence. */
export interface Comparison {
  run_id: string;
  decided: string;
  proposed: string;
  /** Whether the next step may run, then and now. */
  decided_allowed: boolean;
  proposed_allowed: boolean;
  /** The moment at which both were asked: that of the decision, or the end of a run that none was stored about; absent: now. */
  at?: string | undefined;
  /** Why the proposed one decides as it does. */
  reasons: GateDecision["reasons"];
}

export interface Tested {
  pipeline_name: string;
  runs: Comparison[];
}

export function differs({ decided, proposed, decided_allowed, proposed_allowed }: Comparison): boolean {
  return decided !== proposed || decided_allowed !== proposed_allowed;
}

type Decided = Pick<GateDecision, "decision" | "allowed"> & { at: string };

/** The last decision that was stored about each run while it was the latest, by run_id. */
export async function decisionsOf(api: AgentApi, pipeline_name: string, since: string): Promise<Map<string, Decided>> {
  const path = ["v1", "gates", pipeline_name, "history"];
  const transitions = await listAll<Decided & { run_id: string | null }>(api, path, { since });
  const last = new Map<string, Decided>();
  for (const { run_id, decision, allowed, at } of transitions) {
    if (run_id !== null && !last.has(run_id)) last.set(run_id, { decision, allowed, at });
  }
  return last;
}

/**
 * Both at the moment of the decision, with the evidence, alerts and override of that moment: by today's clock every old run would
 * be stale. `stored`: what was decided; without it (a run that never was the latest) it is what the agent's policy says of the
 * run as of its end.
 */
export async function compareRun(
  api: AgentApi,
  { pipeline_name, run }: { pipeline_name: string; run: StoredRun },
  policy: object,
  stored: Decided | undefined,
): Promise<Comparison> {
  const { run_id } = run;
  const at = stored?.at ?? run.finished_at ?? undefined;
  const evaluate = async (asked: object) =>
    answerOf(
      await api.ask({
        method: "POST",
        path: ["v1", "gates", pipeline_name, "evaluate"],
        body: { ...asked, run_id, at },
      }),
    );
  const decided = stored ?? (await evaluate({}));
  const proposed = await evaluate({ policy });
  return {
    run_id,
    at,
    decided: decided.decision,
    proposed: proposed.decision,
    decided_allowed: decided.allowed,
    proposed_allowed: proposed.allowed,
    reasons: proposed.reasons,
  };
}

function answerOf(body: unknown): GateDecision {
  if (isDecision(body)) return body;
  throw new CommandError("the agent's answer is not a gate's; is it older than this program?");
}
