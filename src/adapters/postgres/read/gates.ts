import type pg from "pg";
import type { Evidence } from "../../../domain/gate/evidence/evidence.ts";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import type { Override } from "../../../domain/gate/transition.ts";
import type { GateAsk, GateReader, GateRow, LatestAsk, Mute, OverrideRow, TransitionRow } from "../../../ports.ts";
import { inSnapshot } from "../connection/snapshot.ts";
import { numbers, texts } from "../connection/values/array-literals.ts";
import {
  type ChosenRow,
  chosenRuns,
  LATEST_RUN,
  NAMED_RUN,
  PIPELINE_FRESHNESS,
  RUN_FRESHNESS,
  RUN_OF_INTERVAL,
} from "../gate/evidence/chosen-run.ts";
import { loadEvidence } from "../gate/evidence/load-evidence.ts";
import { bigint, boolean, jsonb, nullable, text, time, uuid, word } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";

type HistoryFilter = Parameters<GateReader["gateHistory"]>[0];

export const LATEST_OF_NAMES = chosenRuns(
  "latest_of_names",
  `(SELECT pipeline_id, any_run, place
      FROM unnest($2::text[], $3::boolean[]) WITH ORDINALITY AS a (pipeline_name, any_run, place)
      JOIN pipeline USING (pipeline_name)) AS u`,
  LATEST_RUN,
  PIPELINE_FRESHNESS,
);

const NAMED = "FROM pipeline WHERE pipeline_name = $2) AS u";

export const CHOSEN_BY_NAME = chosenRuns(
  "chosen_by_name",
  `(SELECT pipeline_id, $3::text AS run_id, 1 AS place ${NAMED}`,
  NAMED_RUN,
  RUN_FRESHNESS,
);

export const CHOSEN_BY_INTERVAL = chosenRuns(
  "chosen_by_interval",
  `(SELECT pipeline_id, to_timestamp($3::float8) AS interval_end, 1 AS place ${NAMED}`,
  RUN_OF_INTERVAL,
  RUN_FRESHNESS,
);

export async function gateEvidence(db: pg.Pool, ask: GateAsk): Promise<GateRow | null> {
  const { pipeline_name, now, any_run, going_on = false, run_id, data_interval_end, attach } = ask;
  if (run_id === undefined && data_interval_end === undefined) {
    const [gate] = await latestEvidence(db, [{ pipeline_name, any_run, going_on, attach }], now);
    return gate ?? null;
  }
  const [gate] = await inSnapshot(db, async (query) => {
    const chosen = await (run_id === undefined
      ? query(CHOSEN_BY_INTERVAL, [now / 1000, pipeline_name, data_interval_end! / 1000])
      : query(CHOSEN_BY_NAME, [now / 1000, pipeline_name, run_id]));
    const besideOf = () => ({ going_on: false, attach });
    return loadEvidence(query, chosen, { now, asked_run_id: run_id ?? null, runs_alone: true, besideOf });
  });
  return gate ?? null;
}

export async function latestEvidence(db: pg.Pool, asks: readonly LatestAsk[], now: number): Promise<GateRow[]> {
  const asked = new Map(asks.map((ask) => [ask.pipeline_name, ask]));
  const besideOf = ({ pipeline_name }: ChosenRow) => asked.get(pipeline_name)!;
  return inSnapshot(db, async (query) => {
    const chosen = await query(LATEST_OF_NAMES, [
      now / 1000,
      texts([...asked.keys()]),
      numbers([...asked.values()].map(({ any_run }) => any_run)),
    ]);
    return loadEvidence(query, chosen, { now, asked_run_id: null, runs_alone: false, besideOf });
  });
}

const TRANSITION = {
  decision_id: uuid,
  revision: bigint,
  cause: word<TransitionRow["cause"]>(),
  from_decision: nullable(word<TransitionRow["decision"]>()),
  decision: word<TransitionRow["decision"]>(),
  allowed: boolean,
  reasons: jsonb<TransitionRow["reasons"]>(),
  override: nullable(jsonb<Override>()),
  run_id: nullable(text),
  evidence: jsonb<Evidence>(),
  evidence_at: nullable(time),
  policy_version: text,
  at: time,
};

export function transitionsPage(filter: HistoryFilter): Filled<typeof TRANSITION> {
  const values: unknown[] = [filter.limit, filter.pipeline_name];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where = ["pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = $2)"];
  if (filter.since !== null) where.push(`at >= to_timestamp(${parameter(filter.since / 1000)}::float8)`);
  if (filter.until !== null) where.push(`at < to_timestamp(${parameter(filter.until / 1000)}::float8)`);
  if (filter.after !== null) {
    const [at, revision] = [parameter(filter.after.at / 1000), parameter(filter.after.revision)];
    where.push(`at <= to_timestamp(${at}::float8)`);
    where.push(`(at, revision) < (to_timestamp(${at}::float8), ${revision}::bigint)`);
  }
  const text = `
    SELECT decision_id, revision, cause, from_decision, decision, allowed, reasons, override, run_id, evidence, evidence_at,
           policy_version, at
      FROM gate_transition WHERE ${where.join(" AND ")} ORDER BY at DESC, revision DESC LIMIT $1`;
  return { statement: statement("gate_history", TRANSITION, text), values };
}

/** Newest first. */
export async function gateHistory(db: pg.Pool, filter: HistoryFilter): Promise<TransitionRow[]> {
  const page = transitionsPage(filter);
  return select(db, page.statement, page.values);
}

export const OVERRIDES_PAGE = statement(
  "list_overrides",
  {
    override_id: uuid,
    decision: word<OverrideRow["decision"]>(),
    reason: text,
    actor: text,
    created_at: time,
    expires_at: time,
    run_id: nullable(text),
    ended_at: nullable(time),
    ended_by: nullable(text),
  },
  `SELECT override_id, decision, reason, actor, created_at, expires_at, run_id, ended_at, ended_by
       FROM gate_override
      WHERE pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = $1)
        AND ($3::float8 IS NULL OR (created_at, override_id::text) < (to_timestamp($3::float8), $4))
      ORDER BY created_at DESC, override_id::text DESC LIMIT $2`,
);

/** Newest first. */
export async function listOverrides(
  db: pg.Pool,
  pipeline_name: string,
  after: { at: number; id: string } | null,
  limit: number,
): Promise<OverrideRow[]> {
  const rows = await select(db, OVERRIDES_PAGE, [pipeline_name, limit, after && after.at / 1000, after?.id ?? null]);
  return rows;
}

export const READ_POLICY = statement(
  "read_policy",
  { policy: jsonb<GatePolicy>() },
  "SELECT policy FROM gate_policy WHERE policy_version = $1",
);

export async function readPolicy(db: pg.Pool, policy_version: string): Promise<GatePolicy | null> {
  const rows = await select(db, READ_POLICY, [policy_version]);
  return rows[0]?.policy ?? null;
}

export const MUTES_IN_FORCE = statement(
  "list_mutes",
  {
    mute_id: uuid,
    pipeline_name: nullable(text),
    code: nullable(text),
    reason: text,
    actor: text,
    created_at: time,
    expires_at: time,
  },
  `SELECT mute_id, pipeline_name, code, reason, actor, created_at, expires_at
       FROM mute WHERE ended_at IS NULL AND expires_at > to_timestamp($1::float8)
      ORDER BY created_at DESC, mute_id`,
);

/** Those that hold at that time, newest first. */
export async function listMutes(db: pg.Pool, now: number): Promise<Mute[]> {
  const rows = await select(db, MUTES_IN_FORCE, [now / 1000]);
  return rows;
}
