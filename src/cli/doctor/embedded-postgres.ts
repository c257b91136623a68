import { readAgentRecord } from "../../adapters/postgres/embedded/cluster/claim-directory.ts";
import { isAlive } from "../../adapters/postgres/embedded/process-identity.ts";
import { findPlatformPackage } from "../../adapters/postgres/embedded/server/programs.ts";
import { type AgentPlace, bad, type Finding, ok } from "./finding.ts";

/** The server's programs are installed for this platform, and who uses the data. */
export async function checkEmbeddedPostgres({ config: { data_dir } }: AgentPlace): Promise<Finding[]> {
  const check = "embedded Postgres";
  const findings: Finding[] = [];
  try {
    const { version } = await findPlatformPackage();
    findings.push(ok(check, `PostgreSQL ${version} for ${process.platform}-${process.arch} is installed`));
  } catch (error) {
    const detail = `there are no programs for ${process.platform}-${process.arch}`;
    const mend = "install with optional dependencies, or set DATABASE_URL to a PostgreSQL server (15 or newer)";
    findings.push(bad(check, `${detail} (${(error as { code?: string }).code})`, mend));
  }
  const record = await readAgentRecord(data_dir);
  if (record !== undefined && (await isAlive(record.agent))) {
    findings.push(ok("store", `in use by the agent with process id ${record.agent.pid}`));
  } else {
    findings.push(ok("store", "the embedded Postgres, which starts and ends with the agent"));
  }
  return findings;
}
