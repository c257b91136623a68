import type { GateShown } from "../../../domain/commit/committed.ts";
import { type GatePolicy, limitsDuration } from "../../../domain/gate/policy/policy.ts";
import { policyWork } from "../../../domain/gate/policy/policy-work.ts";
import { withUpstreams } from "../../../domain/gate/with-upstreams.ts";
import { join } from "../../../domain/words/key.ts";
import { SluiceError } from "../../../errors.ts";
import { eager } from "../../../ports/eager.ts";
import type { Clock, GateAsk, GateReader, GateRow } from "../../../ports.ts";
import { decideRow } from "../decide/decide-row.ts";
import { type Effective, type GateAnswer, type GateViews, unheard } from "../gate-views.ts";
import { type Policies, policyVersion, type VersionedPolicy } from "../policies.ts";
import { cutOffAnswer } from "./cut-off.ts";
import { idOf } from "./id-of-content.ts";
import { readBehind } from "./read-behind.ts";

export interface ReadGateDeps {
  gateViews: GateViews;
  policies: Policies;
  reader: Pick<GateReader, "gateEvidence" | "latestEvidence">;
  clock: Clock;
  /** Others may have decided otherwise, and this agent has not heard of it. */
  stale: () => boolean;
  /** Decides a gate anew whose time is over. */
  decideAgain: (pipeline_name: string) => Promise<void>;
}

export interface GateRequest {
  pipeline_name: string;
  /** null: the latest run. */
  run_id: string | null;
  consumer: string | null;
  /** Decide on the evidence so far. */
  while_running: boolean;
}

/** What a gate says: the pipeline's own decision with its upstreams' taken in. */
export function readGate(deps: ReadGateDeps, question: GateRequest): GateAnswer | Promise<GateAnswer> {
  const { pipeline_name, run_id, consumer, while_running } = question;
  if (run_id === null && consumer === null && !while_running) return readLatest(deps, pipeline_name);
  return readAnew(deps, question);
}

async function readAnew(deps: ReadGateDeps, question: GateRequest): Promise<GateAnswer> {
  const { pipeline_name, consumer } = question;
  const versioned = deps.policies.of(pipeline_name, consumer);
  const row = await readRow(deps, versioned.policy, question);
  return answerFrom(deps, row, versioned, question);
}

/** What another policy would say of a pipeline's latest run, or of one run. Nothing is stored. */
export async function evaluatePolicy(
  deps: ReadGateDeps,
  policy: GatePolicy,
  question: GateRequest,
): Promise<GateAnswer> {
  const row = await readRow(deps, policy, question);
  refuseTooMuchWork(policy, row);
  // Overrides speak whatever the policy is; asked is what the policy says.
  const without = { ...row, overrides: [] };
  return answerFrom(deps, without, { policy, policy_version: policyVersion(policy) }, question);
}

/** About a quarter of a second, in which nobody else is answered. */
const MOST_WORK = 5_000_000;

/** A policy that anybody may send is held against all that a run reported. */
function refuseTooMuchWork(policy: GatePolicy, { evidence }: GateRow): void {
  if (policyWork(policy, evidence) <= MOST_WORK) return;
  const { checks, stages, features } = evidence;
  const names = `${checks.length} checks, ${stages.length} stages and ${features.length} features`;
  const message =
    `its globs held against the ${names} of the run are more work than one question may ask for; ` +
    "use fewer globs, or such that begin or end with a text of their own";
  throw new SluiceError("invalid_body", `policy: ${message}`, { errors: [{ path: "policy", message }] });
}

/** Upstreams that one question has led to: however many ways lead to one, it is looked at once. By name and interval. */
type Seen = Map<string, Promise<Effective>>;

/** Without a promise where nothing has to be waited for, which is nearly always. */
function readLatest(deps: ReadGateDeps, pipeline_name: string, seen?: Seen): GateAnswer | Promise<GateAnswer> {
  if (deps.stale())
    return cutOffAnswer(pipeline_name, deps.policies.of(pipeline_name).policy_version, deps.clock.now());
  const shown = deps.gateViews.get(pipeline_name);
  if (shown === undefined) return readUnshown(deps, pipeline_name);
  if (isOver(shown, deps.clock)) return decideAndRead(deps, pipeline_name, seen);
  const behind = deps.gateViews.behind(pipeline_name);
  if (behind === null) return withUpstreamsOf(deps, shown, seen);
  const read = deps.gateViews.reading(pipeline_name);
  if (read !== undefined && !isOver(read, deps.clock)) return withUpstreamsOf(deps, read, seen);
  return readBehind(deps, shown, behind).then((now) => withUpstreamsOf(deps, now, seen));
}

function isOver({ state }: GateShown, clock: Clock): boolean {
  return state.valid_until !== null && state.valid_until <= clock.now();
}

async function decideAndRead(deps: ReadGateDeps, pipeline_name: string, seen?: Seen): Promise<GateAnswer> {
  await deps.decideAgain(pipeline_name);
  const shown = deps.gateViews.get(pipeline_name);
  return shown === undefined ? readUnshown(deps, pipeline_name) : withUpstreamsOf(deps, shown, seen);
}

async function readUnshown(deps: ReadGateDeps, pipeline_name: string): Promise<GateAnswer> {
  const versioned = deps.policies.of(pipeline_name);
  const question = { pipeline_name, run_id: null, consumer: null, while_running: false };
  return answerFrom(deps, await readRow(deps, versioned.policy, question), versioned, question);
}

function withUpstreamsOf(deps: ReadGateDeps, shown: GateShown, seen?: Seen): GateAnswer | Promise<GateAnswer> {
  const own = deps.gateViews.own(shown);
  const { policy } = deps.policies.of(shown.pipeline_name);
  return policy.depends_on.length === 0 ? own : takingUpstreams(deps, own, policy, shown.data_interval_end, seen);
}

async function readRow(deps: ReadGateDeps, policy: GatePolicy, question: GateRequest): Promise<GateRow> {
  const { pipeline_name, run_id, while_running } = question;
  const any_run = while_running || policy.run === "off";
  const going_on = limitsDuration(policy);
  const ask: GateAsk = { pipeline_name, now: deps.clock.now(), any_run, going_on, attach: policy };
  const row = await deps.reader.gateEvidence(run_id === null ? ask : { ...ask, run_id });
  return row ?? emptyRow(pipeline_name, run_id);
}

export function emptyRow(pipeline_name: string, asked_run_id: string | null): GateRow {
  const nothing = {
    checks: [],
    stages: [],
    features: [],
    referenced_features: [],
    latencies: [],
    freshness: [],
    alerts: [],
  };
  const evidence = { pipeline_name, run: null, asked_run_id, ...nothing };
  return {
    pipeline_id: 0,
    pipeline_name,
    archived: false,
    subject: null,
    evidence,
    overrides: [],
    state: null,
    revision: 0,
  };
}

function answerFrom(
  deps: ReadGateDeps,
  row: GateRow,
  { policy, policy_version }: VersionedPolicy,
  { pipeline_name, consumer, while_running }: GateRequest,
  seen?: Seen,
): Promise<GateAnswer> {
  const now = deps.clock.now();
  const decided = decideRow(row, policy, { now, while_running });
  const { valid_until: _, ...named } = decided;
  const decision_id = idOf([pipeline_name, consumer, while_running, policy_version, named]);
  const own: GateAnswer = { pipeline_name, ...decided, decision_id, decided_at: now, policy_version };
  return takingUpstreams(deps, own, policy, row.subject?.data_interval_end ?? null, seen);
}

/** An upstream counts by its run of the same data interval, where both say which that is; else by its latest. */
async function takingUpstreams(
  deps: ReadGateDeps,
  own: GateAnswer,
  policy: GatePolicy,
  data_interval_end: number | null,
  seen: Seen = new Map(),
): Promise<GateAnswer> {
  if (policy.depends_on.length === 0) return own;
  const look = (name: string) => {
    const key = join(name, data_interval_end);
    let known = seen.get(key);
    if (known === undefined) {
      known = eager(readUpstream(deps, name, data_interval_end, seen));
      seen.set(key, known);
    }
    return known;
  };
  const upstreams = await Promise.all(policy.depends_on.map(look));
  return withUpstreams(own, upstreams, policy);
}

async function readUpstream(
  deps: ReadGateDeps,
  pipeline_name: string,
  data_interval_end: number | null,
  seen: Seen,
): Promise<Effective> {
  const shown = deps.gateViews.get(pipeline_name);
  if (data_interval_end !== null && shown?.data_interval_end !== data_interval_end) {
    const versioned = deps.policies.of(pipeline_name);
    const ask = { pipeline_name, now: deps.clock.now(), any_run: true, data_interval_end, attach: versioned.policy };
    const row = await deps.reader.gateEvidence(ask);
    if (row !== null && row.subject !== null) {
      const question = { pipeline_name, run_id: null, consumer: null, while_running: false };
      return answerFrom(deps, row, versioned, question, seen);
    }
  }
  return shown === undefined ? unheard(pipeline_name) : readLatest(deps, pipeline_name, seen);
}
