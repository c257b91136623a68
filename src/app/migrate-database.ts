import { waitForServer } from "../adapters/postgres/connection/connect.ts";
import { openDatabase, openPool } from "../adapters/postgres/connection/open.ts";
import { bringUpToDate } from "../adapters/postgres/migrate.ts";
import { createLog } from "../adapters/process/log.ts";
import { type OnStop, Teardown } from "../adapters/process/teardown.ts";
import type { Config } from "../config.ts";

/** Brings the schema of the configured database up to date; answers the numbers of the migrations that were new. */
export async function migrateDatabase(config: Config): Promise<number[]> {
  const log = createLog(config.log_level);
  const teardown = new Teardown(log);
  const onStop: OnStop = (name, run) => teardown.add(name, run);
  try {
    const connection = await openDatabase(config, log, onStop);
    const pool = openPool({ connection, size: 1, statementTimeout: 0, name: "sluice-migrate" }, log, onStop);
    await waitForServer(pool, log, AbortSignal.timeout(30_000));
    return await bringUpToDate(pool, log);
  } finally {
    await teardown.run();
  }
}
