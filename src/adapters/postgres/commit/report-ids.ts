import type { Answer, ReportKey } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { isRepeatedId } from "../connection/store-errors.ts";
import { texts } from "../connection/values/array-literals.ts";
import { uuids } from "../connection/values/binary-arrays.ts";
import { jsonb, nullable, uuid } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

const INSERT = `
  INSERT INTO report_id (id_hash, content_hash, received_at)
  SELECT id_hash, content_hash, to_timestamp($3::float8)
    FROM unnest($1::uuid[], $2::uuid[]) AS u (id_hash, content_hash)`;

/** Fails where an id is there already (storeError calls that a conflict): a third cheaper than to ask for it. */
export const INSERT_NEW_REPORTS = statement("insert_new_reports", {}, INSERT);

export const ADMIT_REPORTS = statement("admit_reports", {}, `${INSERT} ON CONFLICT (id_hash) DO NOTHING`);

/** Rows that this very transaction inserted carry its number. */
export const KNOWN_REPORTS = statement(
  "known_reports",
  { id_hash: uuid, content_hash: uuid, outcome: nullable(jsonb<Answer>()) },
  `
  SELECT id_hash, content_hash, outcome FROM report_id
   WHERE id_hash = ANY ($1::uuid[]) AND xmin <> pg_current_xact_id()::xid`,
);

export type KnownReport = { content_hash: string; answer: Answer | null };

/** After an id that came again more of them are likely for so long: a client sends again what it got no answer to. */
const EXPECTED_MS = 60_000;

/** Whether ids that were there before are expected among the next ones, of one agent. */
export class RepeatedIds {
  #until = Number.NEGATIVE_INFINITY;

  expected(now: number): boolean {
    return now < this.#until;
  }

  seen(now: number): void {
    this.#until = now + EXPECTED_MS;
  }
}

/**
 * Inserts the ids; what was there before comes back with what was answered then. The first of those in a while fails the
 * transaction, whose second try expects it.
 */
export async function admitReports(
  query: Query,
  repeated: RepeatedIds,
  keys: readonly ReportKey[],
  now: number,
): Promise<Map<string, KnownReport>> {
  const known = new Map<string, KnownReport>();
  if (keys.length === 0) return known;
  // One order for every agent, so that two that are sent the same ids do not wait for each other.
  const sorted = [...keys].sort((a, b) => (a.id_hash < b.id_hash ? -1 : 1));
  const ids = uuids(sorted.map(({ id_hash }) => id_hash));
  const values = [ids, uuids(sorted.map(({ content_hash }) => content_hash)), now / 1000];
  if (!repeated.expected(now)) {
    await query(INSERT_NEW_REPORTS, values).catch((error) => {
      if (isRepeatedId(error)) repeated.seen(now);
      throw error;
    });
    return known;
  }
  const inserted = await query.count(ADMIT_REPORTS, values);
  if (inserted === keys.length) return known;
  repeated.seen(now);
  const rows = await query(KNOWN_REPORTS, [ids]);
  for (const row of rows) known.set(plain(row.id_hash), { content_hash: plain(row.content_hash), answer: row.outcome });
  return known;
}

function plain(uuid: string): string {
  return uuid.replaceAll("-", "");
}

export const SAVE_ANSWERS = statement(
  "save_answers",
  {},
  `
  UPDATE report_id r SET outcome = u.outcome::jsonb
    FROM unnest($1::uuid[], $2::text[]) AS u (id_hash, outcome)
   WHERE r.id_hash = u.id_hash`,
);

export async function saveAnswers(
  query: Query,
  answers: readonly { id_hash: string; answer: Answer }[],
): Promise<void> {
  if (answers.length === 0) return;
  await query(SAVE_ANSWERS, [
    uuids(answers.map(({ id_hash }) => id_hash)),
    texts(answers.map(({ answer }) => JSON.stringify(answer))),
  ]);
}
