import type pg from "pg";
import type { Evidence } from "../../../domain/gate/evidence/evidence.ts";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import type { Override } from "../../../domain/gate/transition.ts";
import type { GateAsk, GateReader, GateRow, LatestAsk, Mute, OverrideRow, TransitionRow } from "../../../ports.ts";
import {
  EVIDENCE_COLUMNS,
  evidenceSql,
  gateRows,
  LATEST_RUN,
  NAMED_RUN,
  PIPELINE_FRESHNESS,
  RUN_FRESHNESS,
  RUN_OF_INTERVAL,
} from "../gate/gate-evidence.ts";
import type { Ask } from "../runs/run-spans.ts";
import { bigint, boolean, jsonb, nullable, text, time, uuid, word } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";

type HistoryFilter = Parameters<GateReader["gateHistory"]>[0];

const NAMED = "FROM pipeline WHERE pipeline_name = $2) AS u";

export const EVIDENCE_OF_LATEST = statement(
  "evidence_of_latest",
  EVIDENCE_COLUMNS,
  evidenceSql(
    `(SELECT pipeline_id, $3::boolean AS any_run, $4::boolean AS going_on ${NAMED}`,
    LATEST_RUN,
    PIPELINE_FRESHNESS,
    "u.going_on",
  ),
);

export const EVIDENCE_OF_RUN = statement(
  "evidence_of_run",
  EVIDENCE_COLUMNS,
  evidenceSql(`(SELECT pipeline_id, $3::text AS run_id ${NAMED}`, NAMED_RUN, RUN_FRESHNESS),
);

export const EVIDENCE_OF_INTERVAL = statement(
  "evidence_of_interval",
  EVIDENCE_COLUMNS,
  evidenceSql(`(SELECT pipeline_id, to_timestamp($3::float8) AS interval_end ${NAMED}`, RUN_OF_INTERVAL, RUN_FRESHNESS),
);

export async function gateEvidence(db: pg.Pool, ask: GateAsk): Promise<GateRow | null> {
  const { pipeline_name, now, any_run, going_on = false, run_id, data_interval_end, attach } = ask;
  const [evidence, which] =
    run_id !== undefined
      ? [EVIDENCE_OF_RUN, [run_id]]
      : data_interval_end !== undefined
        ? [EVIDENCE_OF_INTERVAL, [data_interval_end / 1000]]
        : [EVIDENCE_OF_LATEST, [any_run, going_on]];
  const rows = await select(db, evidence, [now / 1000, pipeline_name, ...which]);
  const [gate] = await gateRows(byPool(db), rows, run_id ?? null, [attach]);
  return gate ?? null;
}

export const EVIDENCE_OF_MANY = statement(
  "evidence_of_many",
  EVIDENCE_COLUMNS,
  evidenceSql(
    `(SELECT pipeline_id, any_run, going_on
        FROM unnest($2::text[], $3::boolean[], $4::boolean[]) AS a (pipeline_name, any_run, going_on)
        JOIN pipeline USING (pipeline_name)) AS u`,
    LATEST_RUN,
    PIPELINE_FRESHNESS,
    "u.going_on",
  ),
);

export async function latestEvidence(db: pg.Pool, asks: readonly LatestAsk[], now: number): Promise<GateRow[]> {
  const rows = await select(db, EVIDENCE_OF_MANY, [
    now / 1000,
    asks.map(({ pipeline_name }) => pipeline_name),
    asks.map(({ any_run }) => any_run),
    asks.map(({ going_on }) => going_on),
  ]);
  const rules = new Map(asks.map(({ pipeline_name, attach }) => [pipeline_name, attach]));
  return gateRows(
    byPool(db),
    rows,
    null,
    rows.map(({ pipeline_name }) => rules.get(pipeline_name)!),
  );
}

function byPool(db: pg.Pool): Ask {
  return (asked, values) => select(db, asked, values);
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
