import { type Connection, eventually, query } from "./embedded-workspace.ts";

export const EXERCISED_ROWS = 50_000;

/** Uses what a server does beyond a simple statement: new files, parallel workers, checkpoint, vacuum, its own crash recovery. */
export async function exercise(connection: Connection): Promise<void> {
  await query(connection, `CREATE TABLE report AS SELECT g AS id FROM generate_series(1, ${EXERCISED_ROWS}) g`);
  await query(connection, "CHECKPOINT");
  await query(connection, "VACUUM ANALYZE report");
  await query(connection, "SET debug_parallel_query = on; SELECT count(*) FROM report");
  const [row] = await query(connection, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
  process.kill(Number(row!.pid), "SIGKILL");
  await eventually(() =>
    query(connection, "SELECT count(*)::int AS n FROM report").then(
      (rows) => rows[0]!.n === EXERCISED_ROWS,
      () => false,
    ),
  );
}

export async function countRows(connection: Connection): Promise<unknown> {
  return (await query(connection, "SELECT count(*)::int AS n FROM report"))[0]?.n;
}
