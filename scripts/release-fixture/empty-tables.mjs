import pg from "pg";

/** The empty tables of the store; partitions count with their table. */
export async function emptyTables(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY relname",
    );
    const empty = [];
    for (const { relname } of rows) {
      const found = await client.query(`SELECT FROM "${relname}" LIMIT 1`);
      if (found.rowCount === 0) empty.push(relname);
    }
    return empty;
  } finally {
    await client.end();
  }
}
