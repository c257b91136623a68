import type pg from "pg";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import type { GateAsk, GateReader, GateRow, Mute, OverrideRow, TransitionRow } from "../../../ports.ts";
import {
  type EvidenceRow,
  evidenceSql,
  gateRows,
  LATEST_RUN,
  NAMED_RUN,
  PIPELINE_FRESHNESS,
  RUN_FRESHNESS,
  RUN_OF_INTERVAL,
} from "../gate/gate-evidence.ts";
import type { Ask } from "../runs/run-spans.ts";

type HistoryFilter = Parameters<GateReader["gateHistory"]>[0];

const NAMED = "FROM pipeline WHERE pipeline_name = $2) AS u";

const LATEST = evidenceSql(
  `(SELECT pipeline_id, $3::boolean AS any_run, $4::boolean AS going_on ${NAMED}`,
  LATEST_RUN,
  PIPELINE_FRESHNESS,
  "u.going_on",
);
const OF_RUN = evidenceSql(`(SELECT pipeline_id, $3::text AS run_id ${NAMED}`, NAMED_RUN, RUN_FRESHNESS);
const OF_INTERVAL = evidenceSql(
  `(SELECT pipeline_id, to_timestamp($3::float8) AS interval_end ${NAMED}`,
  RUN_OF_INTERVAL,
  RUN_FRESHNESS,
);

export async function gateEvidence(db: pg.Pool, ask: GateAsk): Promise<GateRow | null> {
  const { pipeline_name, now, any_run, going_on = false, run_id, data_interval_end, attach } = ask;
  const [text, ...which] =
    run_id !== undefined
      ? [OF_RUN, run_id]
      : data_interval_end !== undefined
        ? [OF_INTERVAL, data_interval_end / 1000]
        : [LATEST, any_run, going_on];
  const { rows } = await db.query<EvidenceRow>(text, [now / 1000, pipeline_name, ...which]);
  const byPool: Ask = async (_name, sql, values) => (await db.query(sql, values)).rows;
  const [gate] = await gateRows(byPool, rows, run_id ?? null, [attach]);
  return gate ?? null;
}

/** Newest first. */
export async function gateHistory(db: pg.Pool, filter: HistoryFilter): Promise<TransitionRow[]> {
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
  const { rows } = await db.query<TransitionRow>(
    `SELECT decision_id, revision, cause, from_decision, decision, allowed, reasons, override, run_id, evidence, evidence_at,
            policy_version, at
       FROM gate_transition WHERE ${where.join(" AND ")} ORDER BY at DESC, revision DESC LIMIT $1`,
    values,
  );
  return rows;
}

/** Newest first. */
export async function listOverrides(
  db: pg.Pool,
  pipeline_name: string,
  after: { at: number; id: string } | null,
  limit: number,
): Promise<OverrideRow[]> {
  const { rows } = await db.query<OverrideRow>(
    `SELECT override_id, decision, reason, actor, created_at, expires_at, run_id, ended_at, ended_by
       FROM gate_override
      WHERE pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = $1)
        AND ($3::float8 IS NULL OR (created_at, override_id::text) < (to_timestamp($3::float8), $4))
      ORDER BY created_at DESC, override_id::text DESC LIMIT $2`,
    [pipeline_name, limit, after && after.at / 1000, after?.id ?? null],
  );
  return rows;
}

export async function readPolicy(db: pg.Pool, policy_version: string): Promise<GatePolicy | null> {
  const { rows } = await db.query<{ policy: GatePolicy }>("SELECT policy FROM gate_policy WHERE policy_version = $1", [
    policy_version,
  ]);
  return rows[0]?.policy ?? null;
}

/** Those that hold at that time, newest first. */
export async function listMutes(db: pg.Pool, now: number): Promise<Mute[]> {
  const { rows } = await db.query<Mute>(
    `SELECT mute_id, pipeline_name, code, reason, actor, created_at, expires_at
       FROM mute WHERE ended_at IS NULL AND expires_at > to_timestamp($1::float8)
      ORDER BY created_at DESC, mute_id`,
    [now / 1000],
  );
  return rows;
}
