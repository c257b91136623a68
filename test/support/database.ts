import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { createPool } from "../../src/adapters/postgres/connection/pool.ts";
import { startEmbeddedPostgres } from "../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { bringUpToDate } from "../../src/adapters/postgres/migrate.ts";
import { startDebianPostgres } from "./debian-postgres.ts";

export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export interface TestDatabase {
  pool: pg.Pool;
  dispose(): Promise<void>;
}

type Connection = Parameters<typeof createPool>[0]["connection"];

async function migrated(connection: Connection, stop: () => Promise<unknown>): Promise<TestDatabase> {
  const pool = createPool({ connection, size: 6, statementTimeout: 20_000, name: "test" });
  pool.on("error", () => {});
  await bringUpToDate(pool, SILENT);
  return {
    pool,
    async dispose() {
      await pool.end();
      await stop();
    },
  };
}

export async function debianDatabase(): Promise<TestDatabase> {
  const server = await startDebianPostgres();
  return migrated(server.url, () => server.dispose());
}

export async function embeddedDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-embedded-"));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "data") });
  return migrated(server.connection, async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

/** The two servers the store has to work on. */
export const SERVERS = [
  { server: "Debian's PostgreSQL", open: debianDatabase },
  { server: "the embedded PostgreSQL", open: embeddedDatabase },
];
