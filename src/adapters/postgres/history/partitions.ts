import type pg from "pg";
import { ADVISORY_LOCKS } from "../connection/advisory-locks.ts";

export const PARTITIONED = [
  "quality_result",
  "records_report",
  "latency_report",
  "freshness_report",
  "sla_event",
  "drift_result",
  "schema_report",
  "gate_transition",
] as const;

/** Makes the months that are written to, once each. */
export class Partitions {
  readonly #months = new Set<number>();
  readonly #tables: readonly string[];

  constructor(tables: readonly string[] = PARTITIONED) {
    this.#tables = tables;
  }

  async prepare(db: pg.Pool, times: Iterable<number>): Promise<void> {
    const missing = new Set<number>();
    for (const time of times) {
      const month = monthOf(time);
      if (!this.#months.has(month)) missing.add(month);
    }
    for (const month of missing) {
      for (const table of this.#tables) await makePartition(db, table, month);
      this.#months.add(month);
    }
  }

  /** After months were dropped. */
  forget(): void {
    this.#months.clear();
  }
}

/**
 * Made beside its table and then attached, which waits for nobody who reads or writes (CREATE … PARTITION OF would wait for
 * every open query, and let nobody pass meanwhile). One transaction a table: no lock is held while another is waited for.
 */
async function makePartition(db: pg.Pool, table: string, month: number): Promise<void> {
  const name = partitionName(table, month);
  const client = await db.connect();
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL lock_timeout = '2s'");
    await client.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCKS.partitions]);
    const { rows } = await client.query<{ attached: boolean }>(
      "SELECT relispartition AS attached FROM pg_class WHERE oid = to_regclass($1)",
      [name],
    );
    if (rows[0] === undefined) await client.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`);
    // Detached and not dropped, because its agent ended in between: it comes back with what is in it.
    if (rows[0]?.attached !== true) {
      const bounds = `FROM ('${firstDay(month)}') TO ('${firstDay(month + 1)}')`;
      await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES ${bounds}`);
    }
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}

/** Months since the year 0. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function partitionName(table: string, month: number): string {
  return `${table}_${yearAndMonth(month, "_")}`;
}

function firstDay(month: number): string {
  return `${yearAndMonth(month, "-")}-01 00:00:00+00`;
}

function yearAndMonth(month: number, separator: string): string {
  const year = String(Math.floor(month / 12)).padStart(4, "0");
  return `${year}${separator}${String((month % 12) + 1).padStart(2, "0")}`;
}
