import type pg from "pg";
import type { GatePolicies } from "../../../domain/gate/policy/policy.ts";
import type { PolicySet } from "../../../ports.ts";
import { json, nothing, nullable, text } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { AGENTS_CHANNEL } from "./channels.ts";

/** A content that was loaded before keeps the time at which it was first seen. */
export const KEEP_POLICY_SET = statement(
  "keep_policy_set",
  {},
  `INSERT INTO policy_set (hash, content, first_seen_at) VALUES ($1, $2::json, clock_timestamp()) ON CONFLICT (hash) DO NOTHING`,
);

export const LOAD_POLICY_SET = statement(
  "load_policy_set",
  { pg_notify: nothing },
  `
  WITH own AS (UPDATE agent SET policies = $2 WHERE agent_id = $1::bigint RETURNING 1)
  SELECT pg_notify('${AGENTS_CHANNEL}', '') FROM own`,
);

/** Of what agents that work have loaded, what was seen last. Its content only where it is not $1. */
export const POLICY_SET_IN_FORCE = statement(
  "policy_set_in_force",
  { hash: text, content: nullable(json<GatePolicies>()) },
  `
  SELECT hash, CASE WHEN hash IS DISTINCT FROM $1 THEN content END AS content FROM policy_set
   WHERE hash IN (SELECT policies FROM agent)
   ORDER BY first_seen_at DESC, hash DESC LIMIT 1`,
);

/** Nobody has loaded them for long: who does again brings something new. */
export const FORGET_POLICY_SETS = statement(
  "forget_policy_sets",
  {},
  `DELETE FROM policy_set
    WHERE hash NOT IN (SELECT policies FROM agent WHERE policies IS NOT NULL) AND first_seen_at < to_timestamp($1::float8)`,
);

export async function loadPolicies(db: pg.Pool, agent_id: number, { hash, content }: PolicySet): Promise<void> {
  await execute(db, KEEP_POLICY_SET, [hash, JSON.stringify(content)]);
  await select(db, LOAD_POLICY_SET, [agent_id, hash]);
}

export async function policiesInForce(db: pg.Pool, known: string): Promise<PolicySet | null> {
  const [row] = await select(db, POLICY_SET_IN_FORCE, [known]);
  return row === undefined || row.content === null ? null : { hash: row.hash, content: row.content };
}
