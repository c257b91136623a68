import { type GateDecision, isDecision } from "../../client/gate/decision.ts";
import { type Backoff, backoffDelay } from "../../domain/words/backoff.ts";
import type { AgentApi } from "../connection/agent-api.ts";
import { AgentUnreachable } from "../connection/agent-errors.ts";
import type { Edge } from "../edge.ts";

export interface Question {
  pipeline_name: string;
  run_id?: string | undefined;
  consumer?: string | undefined;
  while_running: boolean;
  /** How long a pending decision, or an agent that is away, is waited for. */
  wait_ms: number;
}

/**
 * The agent holds an answer for 5 minutes at most, and proxies often cut what is silent for 60 seconds: a longer wait is
 * done by asking again.
 */
const HOLD_MS = 50_000;
/** On top of what the agent holds the answer for. */
const TIMEOUT_MS = 10_000;
/** An agent that answers "pending" at once, since it is stopping for instance, is not asked more often than this. */
const PAUSE_MS = 1_000;
/** Between tries of an agent that cannot be reached. */
const TRIES: Backoff = { first: 250, most: 5_000 };
/** Without a wait: a restart of the agent or a hiccup of the network is not yet "unreachable". */
const LEAST_TRIES = 3;

/** The decision; AgentUnreachable once the wait is over. */
export async function askGate(
  api: AgentApi,
  question: Question,
  { now, sleep }: Pick<Edge, "now" | "sleep">,
): Promise<GateDecision> {
  const deadline = now() + question.wait_ms;
  for (let tries = 1; ; tries++) {
    const left = Math.max(0, deadline - now());
    try {
      const answer = await askOnce(api, question, Math.min(left, HOLD_MS));
      if (answer.decision !== "pending" || deadline - now() < PAUSE_MS) return answer;
      await sleep(PAUSE_MS);
    } catch (error) {
      if (!(error instanceof AgentUnreachable)) throw error;
      const pause = backoffDelay(TRIES, tries);
      if (tries >= LEAST_TRIES && deadline - now() < pause) throw error;
      await sleep(pause);
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
