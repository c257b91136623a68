import { ConfigError, filesOnDisk, type LoadedConfig, loadConfig } from "../../config.ts";
import { formatDuration } from "../../domain/words/duration.ts";
import { DAY } from "../../domain/words/time.ts";
import { CommandError } from "../command-error.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { paintFor } from "../text/paint.ts";
import { checkAgent } from "./agent.ts";
import { checkDataDirectory } from "./data-directory.ts";
import { doctorText } from "./doctor-text.ts";
import { type AgentPlace, bad, type Finding, ok, warn } from "./finding.ts";
import { checkKeys } from "./keys.ts";
import { checkListen } from "./listen.ts";

const OLDEST_NODE = [20, 19] as const;
/** The longest window of the exported SLA rates, and what `sluice sla` looks back. */
const SLA_DAYS = 30;

export interface DoctorOptions extends ConnectionOptions {
  json?: boolean;
}

/** Looks at everything, whatever is found first. */
export async function doctor(options: DoctorOptions, edge: Edge): Promise<number> {
  const findings: Finding[] = checkNode(process.versions.node);
  const given = options.url !== undefined || Boolean(edge.env.SLUICE_URL);
  const { loaded, problems } = configuration(edge);
  findings.push(...problems);
  if (given && loaded !== null && isClientOnly(loaded, edge)) {
    findings.push(ok("configuration", "none here: only what clients need was looked at"));
  } else if (loaded !== null) {
    findings.push(...(await agentFindings({ edge, config: loaded.config }, loaded)));
  }
  if (given) findings.push(...(await clientFindings(options, edge)));
  const ill = findings.some(({ state }) => state === "bad");
  edge.out(
    options.json ? JSON.stringify({ ok: !ill, checks: findings }, null, 2) : doctorText(findings, paintFor(edge)),
  );
  return ill ? 1 : 0;
}

function configuration(edge: Edge): { loaded: LoadedConfig | null; problems: Finding[] } {
  try {
    return { loaded: loadConfig(edge.env, filesOnDisk(edge.directory)), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ where, message }) =>
      bad("configuration", `${where}: ${message}`, `mend ${where}`),
    );
    return { loaded: null, problems };
  }
}

/** Variables that only an agent reads. */
const OF_AN_AGENT = ["SLUICE_LISTEN", "SLUICE_DATA_DIR", "SLUICE_API_KEYS_FILE", "DATABASE_URL", "DATABASE_URL_FILE"];

function isClientOnly({ file }: LoadedConfig, { env }: Edge): boolean {
  return file === null && OF_AN_AGENT.every((name) => env[name] === undefined);
}

async function agentFindings(place: AgentPlace, { file, warnings }: LoadedConfig): Promise<Finding[]> {
  const from = file === null ? "the environment and defaults" : `${file} and the environment`;
  const checks = await Promise.all([
    checkListen(place),
    place.config.database_url === null ? embeddedFindings(place) : serverFindings(place),
  ]);
  return [
    ok("configuration", `no errors (${from})`),
    ...warnings.map((text) => warn("configuration", text, "correct the name, or unset it")),
    ...checks.flat(),
    ...checkKeys(place),
    ...checkRetention(place),
  ];
}

async function embeddedFindings(place: AgentPlace): Promise<Finding[]> {
  const { checkEmbeddedPostgres } = await import("./embedded-postgres.ts");
  return (await Promise.all([checkDataDirectory(place), checkEmbeddedPostgres(place)])).flat();
}

async function serverFindings(place: AgentPlace): Promise<Finding[]> {
  const { checkDatabase } = await import("./database.ts");
  return checkDatabase(place);
}

async function clientFindings(options: DoctorOptions, edge: Edge): Promise<Finding[]> {
  try {
    return await checkAgent({ connection: connectionOf(options, edge), edge });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [bad("client", error.message, "mend SLUICE_URL or SLUICE_API_KEY")];
  }
}

function checkNode(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (fits) return [ok("node", `Node ${version}`)];
  return [bad("node", `Node ${version} is too old`, `install Node ${OLDEST_NODE.join(".")} or newer`)];
}

function checkRetention({ config: { retention } }: AgentPlace): Finding[] {
  const detail = `history is kept for ${formatDuration(retention)}`;
  if (retention >= SLA_DAYS * DAY) return [ok("retention", detail)];
  return [warn("retention", detail, `SLA rates look back ${SLA_DAYS} days; set retention to at least ${SLA_DAYS}d`)];
}
