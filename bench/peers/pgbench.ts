import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { newestBinaries } from "../../test/support/debian-postgres/programs.ts";
import { startDebianPostgres } from "../../test/support/debian-postgres.ts";
import { outputOf } from "../lib/children.ts";
import { postmasterPid } from "../lib/meter.ts";
import { treeSeconds } from "../lib/processor.ts";
import type { Peer } from "./peer.ts";

/** What a service written by hand has: an id that is taken once, and a row that is found by pipeline and time. */
const TABLES = `
  CREATE TABLE report_id (id uuid PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE quality_result (pipeline_id int, check_id int, run_key bigint, score float8, threshold float8, passed boolean,
                               checked_at timestamptz, recorded_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON quality_result (pipeline_id, checked_at);`;

const ID = "INSERT INTO report_id (id) VALUES (gen_random_uuid());";
const ROW = `INSERT INTO quality_result (pipeline_id, check_id, run_key, score, threshold, passed, checked_at)
VALUES (:pipeline, :check, :run, :hundredths / 100.0, 0.8, :hundredths >= 80, now());`;

/** PostgreSQL alone, driven by its own pgbench: the id of a report and its row in one transaction, prepared. */
export const pgbenchIdAndRow = pgbench("pgbench id + row", `BEGIN;\n${ID}\n${ROW}\nCOMMIT;`);

/** The same of the row alone: what PostgreSQL takes at most from so many clients, a commit each. */
export const pgbenchRow = pgbench("pgbench row", ROW);

function pgbench(name: string, statements: string): Peer {
  return {
    name,
    needs: ["postgresql"],
    async start({ connections, pipelines }) {
      const postgres = await startDebianPostgres();
      const client = new pg.Client(postgres.url);
      await client.connect();
      await client.query(TABLES);
      const postmaster = await postmasterPid(client);
      const folder = await mkdtemp(join(tmpdir(), "sluice-bench-pgbench-"));
      const script = join(folder, "script.sql");
      await writeFile(script, `${variables(pipelines)}\n${statements}\n`);
      return {
        async measure(seconds) {
          const before = treeSeconds(postmaster);
          const output = await outputOf(join(newestBinaries(), "pgbench"), [
            ...["--no-vacuum", "--protocol=prepared", `--client=${connections}`, "--jobs=1", `--time=${seconds}`],
            ...[`--file=${script}`, postgres.url],
          ]);
          const spent = treeSeconds(postmaster) - before;
          const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1]);
          const transactions = number(/actually processed: (\d+)/);
          // No median: pgbench tells the mean alone.
          return { rate: number(/^tps = ([\d.]+)/m), server_us: (spent * 1e6) / transactions };
        },
        async stop() {
          await client.end();
          await postgres.dispose();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

function variables(pipelines: number): string {
  return [
    `\\set pipeline random(1, ${pipelines})`,
    "\\set check random(1, 5)",
    "\\set run random(1, 100000)",
    "\\set hundredths random(70, 99)",
  ].join("\n");
}
