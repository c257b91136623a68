import type { AttachRules } from "../../../domain/gate/evidence/attach.ts";
import type { GateCount, GateRow, GateSave } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { bigint, integer, text, word } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { type ChosenRow, chosenRuns, LATEST_RUN, PIPELINE_FRESHNESS } from "./evidence/chosen-run.ts";
import { loadEvidence } from "./evidence/load-evidence.ts";

export const LOAD_GATES = chosenRuns(
  "load_gates",
  "unnest($2::int[], $3::boolean[]) WITH ORDINALITY AS u (pipeline_id, any_run, place)",
  LATEST_RUN,
  PIPELINE_FRESHNESS,
);

export async function loadGates(
  query: Query,
  pipelines: readonly { pipeline_id: number; any_run: boolean; going_on: boolean; attach: AttachRules }[],
  now: number,
): Promise<GateRow[]> {
  if (pipelines.length === 0) return [];
  const chosen = await query(LOAD_GATES, [
    now / 1000,
    numbers(pipelines.map(({ pipeline_id }) => pipeline_id)),
    numbers(pipelines.map(({ any_run }) => any_run)),
  ]);
  const asked = new Map(pipelines.map((one) => [one.pipeline_id, one]));
  const besideOf = ({ pipeline_id }: ChosenRow) => asked.get(pipeline_id)!;
  return loadEvidence(query, chosen, { now, asked_run_id: null, runs_alone: false, besideOf });
}

export const SAVE_GATES = statement(
  "save_gates",
  {},
  `
  INSERT INTO gate AS g (pipeline_id, revision, decision_id, decision, allowed, reasons, override, run_key, run_id, run_order,
                         data_interval_end, ended_once, evidence_at, decided_at, valid_until, policy_version)
  SELECT pipeline_id, revision, decision_id, decision, allowed, reasons::jsonb, override::jsonb, run_key, run_id,
         to_timestamp(run_order), to_timestamp(data_interval_end), ended_once, to_timestamp(evidence_at),
         to_timestamp(decided_at), to_timestamp(valid_until), policy_version
    FROM unnest($1::int[], $2::bigint[], $3::uuid[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::bigint[],
                $9::text[], $10::float8[], $11::float8[], $12::boolean[], $13::float8[], $14::float8[], $15::float8[],
                $16::text[])
         AS u (pipeline_id, revision, decision_id, decision, allowed, reasons, override, run_key, run_id, run_order,
               data_interval_end, ended_once, evidence_at, decided_at, valid_until, policy_version)
      ON CONFLICT (pipeline_id) DO UPDATE
     SET revision = excluded.revision, decision_id = excluded.decision_id, decision = excluded.decision,
         allowed = excluded.allowed, reasons = excluded.reasons, override = excluded.override, run_key = excluded.run_key,
         run_id = excluded.run_id, run_order = excluded.run_order, data_interval_end = excluded.data_interval_end,
         ended_once = excluded.ended_once, evidence_at = excluded.evidence_at, decided_at = excluded.decided_at,
         valid_until = excluded.valid_until, policy_version = excluded.policy_version`,
);

export const APPEND_TRANSITIONS = statement(
  "append_gate_transitions",
  {},
  `
  INSERT INTO gate_transition (pipeline_id, decision_id, revision, cause, from_decision, decision, allowed, reasons, override,
                               run_id, evidence, evidence_at, policy_version, at)
  SELECT pipeline_id, decision_id, revision, cause, from_decision, decision, allowed, reasons::jsonb, override::jsonb, run_id,
         evidence::jsonb, to_timestamp(evidence_at), policy_version, to_timestamp(at)
    FROM unnest($1::int[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::float8[], $13::text[], $14::float8[])
         AS u (pipeline_id, decision_id, revision, cause, from_decision, decision, allowed, reasons, override, run_id,
               evidence, evidence_at, policy_version, at)`,
);

/** `none`: a decision without a reason, which is a pass. */
export const COUNT_DECISIONS = statement(
  "count_gate_decisions",
  { pipeline_id: integer, decision: word<GateCount["decision"]>(), code: text, total: bigint },
  `
  INSERT INTO gate_decision_total AS t (pipeline_id, decision, code, total)
  SELECT pipeline_id, decision, code, 1 FROM unnest($1::int[], $2::text[], $3::text[]) AS u (pipeline_id, decision, code)
      ON CONFLICT (pipeline_id, decision, code) DO UPDATE SET total = t.total + 1
  RETURNING pipeline_id, decision, code, total`,
);

/** Each pipeline at most once, in the order of their ids. */
export async function saveGates(query: Query, unordered: readonly GateSave[]): Promise<GateCount[]> {
  if (unordered.length === 0) return [];
  const rows = unordered.toSorted((a, b) => a.pipeline_id - b.pipeline_id);
  const states = rows.map(({ state }) => state);
  const saved = query(SAVE_GATES, [
    numbers(rows.map((row) => row.pipeline_id)),
    numbers(rows.map((row) => row.revision)),
    texts(states.map((state) => state.decision_id)),
    texts(states.map((state) => state.decision)),
    numbers(states.map((state) => state.allowed)),
    texts(states.map((state) => json(state.reasons))),
    texts(states.map((state) => json(state.override))),
    numbers(rows.map(({ subject }) => subject?.run_key)),
    texts(states.map((state) => state.run_id)),
    times(rows.map(({ subject }) => subject?.run_order)),
    times(rows.map(({ subject }) => subject?.data_interval_end)),
    numbers(rows.map(({ subject }) => subject?.ended_once ?? false)),
    times(states.map((state) => state.evidence_at)),
    times(states.map((state) => state.decided_at)),
    times(states.map((state) => state.valid_until)),
    texts(states.map((state) => state.policy_version)),
  ]);
  const [counts] = await Promise.all([append(query, rows), saved]);
  return counts;
}

async function append(query: Query, rows: readonly GateSave[]): Promise<GateCount[]> {
  const fresh = rows.filter(({ transition }) => transition !== null);
  if (fresh.length === 0) return [];
  const states = fresh.map(({ state }) => state);
  const ids = numbers(fresh.map((row) => row.pipeline_id));
  const decisions = texts(states.map((state) => state.decision));
  const [counts] = await Promise.all([
    query(COUNT_DECISIONS, [ids, decisions, texts(states.map((state) => state.reasons[0]?.code ?? "none"))]),
    query(APPEND_TRANSITIONS, [
      ids,
      texts(states.map((state) => state.decision_id)),
      numbers(fresh.map((row) => row.revision)),
      texts(fresh.map(({ transition }) => transition!.cause)),
      texts(fresh.map(({ transition }) => transition!.from)),
      decisions,
      numbers(states.map((state) => state.allowed)),
      texts(states.map((state) => json(state.reasons))),
      texts(states.map((state) => json(state.override))),
      texts(states.map((state) => state.run_id)),
      texts(fresh.map(({ transition }) => json(transition!.evidence))),
      times(states.map((state) => state.evidence_at)),
      texts(states.map((state) => state.policy_version)),
      times(states.map((state) => state.decided_at)),
    ]),
  ]);
  return counts;
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

export const SAVE_POLICIES = statement(
  "save_gate_policies",
  {},
  `
  INSERT INTO gate_policy (policy_version, policy, first_used_at)
  SELECT policy_version, policy::jsonb, to_timestamp($3::float8)
    FROM unnest($1::text[], $2::text[]) AS u (policy_version, policy) ORDER BY policy_version
      ON CONFLICT DO NOTHING`,
);

export async function savePolicies(
  query: Query,
  policies: readonly { policy_version: string; policy: object }[],
  now: number,
): Promise<void> {
  if (policies.length === 0) return;
  await query(SAVE_POLICIES, [
    texts(policies.map(({ policy_version }) => policy_version)),
    texts(policies.map(({ policy }) => JSON.stringify(policy))),
    now / 1000,
  ]);
}
