import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { AgentMetrics } from "../adapters/metrics/agent/agent-metrics.ts";
import type { MetricsRecorder } from "../adapters/metrics/domain/recorder.ts";
import type { GatePolicies } from "../domain/gate/policy/policy.ts";
import type { AfterCommit, Clock, Log } from "../ports.ts";
import { AgentEvents } from "../service/after-commit/agent-events.ts";
import { broadcast } from "../service/after-commit/broadcast.ts";
import { decideAgain } from "../service/gate/decide/decide-again.ts";
import type { GateDeps } from "../service/gate/decide/decide-gates.ts";
import type { GateAnswer } from "../service/gate/gate-views.ts";
import { GateViews } from "../service/gate/gate-views.ts";
import { GateWaiters } from "../service/gate/gate-waiters.ts";
import { Policies } from "../service/gate/policies.ts";
import { InDoubt } from "../service/under-locks/in-doubt.ts";
import type { OpenStore } from "./store.ts";

/** Gates that one look at the clock decides: the others are due a second later. */
const MOST_DUE = 10_000;

export interface GatesOptions {
  policies: GatePolicies;
  opened: Pick<OpenStore, "store" | "duties" | "reader" | "replicas">;
  recorder: MetricsRecorder;
  clock: Clock;
  log: Log;
  agent: Pick<AgentMetrics, "read">;
  /** Writes down what people are to be told of decisions; null: nobody is told. */
  raiseNotices: NonNullable<GateDeps["raiseNotices"]> | null;
}

/** The part of the agent that decides, shows and is waited for. */
export function createGates(options: GatesOptions) {
  const { opened, recorder, clock, log, agent, raiseNotices } = options;
  const { store, duties, reader, replicas } = opened;
  recorder.birthDecisions();
  const policies = new Policies(options.policies);
  const waiters = new GateWaiters<GateAnswer>((ms) => setTimeout(ms, undefined, { ref: false }));
  const agentEvents = new AgentEvents();
  const gateViews = new GateViews({
    policies,
    gauges: {
      showGates(gates) {
        recorder.showGates(gates);
        agentEvents.showGates(gates);
      },
      showUpstreams: (edges) => recorder.showUpstreams(edges),
    },
    onTouched: (pipeline_names) => waiters.wake(pipeline_names),
  });
  agent.read({ gate_waiters: () => waiters.size });
  const views: AfterCommit[] = [recorder, gateViews, agentEvents];
  const afterCommit: AfterCommit = broadcast(views);
  const newId = () => randomUUID();
  const raising = raiseNotices === null ? {} : { raiseNotices };
  const decide = { store, afterCommit, clock, policies, newDecisionId: newId, newId, doubt: new InDoubt(), ...raising };
  const duty = { ...decide, store: duties };
  return {
    policies,
    gateViews,
    agentEvents,
    waiters,
    /** What is told of every commit. */
    afterCommit,
    /** Tells one more view of every commit, after the others. */
    tell: (view: AfterCommit) => void views.push(view),
    /** For what decides gates. */
    decide,
    /** The same for what only the holder of the lease does. */
    duty,
    /** For what asks them. */
    ask: {
      gateViews,
      policies,
      reader,
      clock,
      waiters,
      stale: replicas.stale,
      decideAgain: (pipeline_name: string) => decideAgain(decide, [pipeline_name], "time"),
    },
    /** Decides what the passing of time may have changed, for all agents. */
    async sweep(): Promise<void> {
      await decideAgain(duty, await duties.dueGates(clock.now(), MOST_DUE), "time");
      await decideAgain(duty, gateViews.outdated(), "policy");
    },
    /** Other policies hold from now on; one agent decides every gate by them. */
    async replacePolicies(next: GatePolicies): Promise<void> {
      policies.replace(next);
      gateViews.policiesChanged();
      if (replicas.lease.fence() !== null) await catchUp();
    },
    catchUp,
  };

  /** Decides the gates that were decided by another policy than the one that holds, or never. */
  async function catchUp(): Promise<void> {
    const outdated = [...gateViews.outdated(), ...(await store.undecidedPipelines())];
    await decideAgain(decide, outdated, "policy");
    if (outdated.length > 0) log.info({ gates: outdated.length }, "gates decided by the policy that holds now");
  }
}

export type Gates = ReturnType<typeof createGates>;
