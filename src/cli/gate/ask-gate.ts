import { MOST_WHILE_WAITED_FOR, retryDelay } from "../../client/delivery/post/retry-delay.ts";
import { type GateDecision, isDecision } from "../../client/gate/decision.ts";
import type { AgentApi } from "../connection/agent-api.ts";
import { AgentBusy, AgentUnreachable } from "../connection/agent-errors.ts";
import type { Edge } from "../edge.ts";

export interface Question {
  pipeline_name: string;
  run_id?: string | undefined;
  consumer?: string | undefined;
  while_running: boolean;
  /** How long a pending decision, or an agent that is away, is waited for. */
  wait_ms: number;
  /** Whether an agent is known to be there: it answered a moment ago. */
  is_there?: boolean;
}

/**
 * The agent holds an answer for 5 minutes at most, and proxies often cut what is silent for 60 seconds: a longer wait is
 * done by asking again.
 */
const HOLD_MS = 50_000;
/** On top of what the agent holds the answer for. */
const TIMEOUT_MS = 10_000;
/** An agent that answers "pending" at once is not asked more often than this. */
const PAUSE_MS = 1_000;
/** An agent that is known to be there is waited for so long, whatever the wait is: it is being restarted. */
const RESTART_MS = 10_000;
/** Where none is known to be there: a hiccup of the network is not yet "unreachable". */
const LEAST_TRIES = 3;

/** The decision; AgentUnreachable once the wait is over. */
export async function askGate(
  api: AgentApi,
  question: Question,
  { now, sleep }: Pick<Edge, "now" | "sleep">,
): Promise<GateDecision> {
  const begun = now();
  const deadline = begun + question.wait_ms;
  let is_there = question.is_there ?? false;
  for (let failures = 0; ; ) {
    try {
      const answer = await askOnce(api, question, Math.min(Math.max(0, deadline - now()), HOLD_MS));
      if (answer.decision !== "pending" || deadline - now() < PAUSE_MS) return answer;
      failures = 0;
      is_there = true;
      await sleep(PAUSE_MS);
    } catch (error) {
      if (!(error instanceof AgentUnreachable)) throw error;
      failures++;
      is_there ||= error instanceof AgentBusy;
      const left = Math.max(deadline, begun + (is_there ? RESTART_MS : 0)) - now();
      if (left <= 0 && failures >= LEAST_TRIES) throw error;
      const retry_after = error instanceof AgentBusy ? error.retry_after : null;
      const pause = retryDelay(failures, retry_after, Math.random(), MOST_WHILE_WAITED_FOR);
      await sleep(left <= 0 ? pause : Math.min(pause, left));
    }
  }
}

async function askOnce(api: AgentApi, question: Question, hold_ms: number): Promise<GateDecision> {
  const { pipeline_name, run_id, consumer, while_running } = question;
  const hold = Math.floor(hold_ms / 1000);
  const answer = await api.ask({
    path: ["v1", "gates", pipeline_name],
    query: {
      run_id,
      consumer,
      while_running: while_running ? "true" : undefined,
      wait: hold > 0 ? `${hold}s` : undefined,
    },
    timeout_ms: hold_ms + TIMEOUT_MS,
  });
  if (isDecision(answer)) return answer;
  throw new AgentUnreachable(`what answers at ${api.url} is not a Sluice agent with gates`);
}
