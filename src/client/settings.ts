import type { Logger } from "./host/logger.ts";

export interface ClientOptions {
  /** Of the agent, such as http://127.0.0.1:9877. Default: the environment variable SLUICE_URL. */
  url?: string;
  /** Default: the environment variable SLUICE_API_KEY. */
  apiKey?: string;
  /** Wrong use throws a SluiceUsageError at the call. Default false: it is said once to the logger, and the pipeline goes on. */
  strict?: boolean;
  /** Default: warnings to standard error. */
  logger?: Logger;
  /** A directory for what the agent has not taken yet; false: none. Default: SLUICE_SPOOL_DIR, or ~/.local/state/sluice/spool. */
  spool?: string | false;
  /** How long the end of the process may be held up to hand over reports. 0 to 60, default 5. */
  flushDeadlineSeconds?: number;
  /** Reports held in memory where there is no spool; the oldest are dropped beyond. Default 10000. */
  maxQueuedReports?: number;
  /** Hand over reports on SIGTERM and SIGINT before the process ends by them. Default true. */
  signals?: boolean;
}

export interface Settings {
  /** Without a slash at the end; null: none was given, so nothing can be sent. */
  url: string | null;
  apiKey: string | null;
  spool: string | false | undefined;
  flushDeadline: number;
  maxQueuedReports: number;
  signals: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const OPTIONS = new Set<string>([
  "url",
  "apiKey",
  "strict",
  "logger",
  "spool",
  "flushDeadlineSeconds",
  "maxQueuedReports",
  "signals",
]);

/** `tell` is called for each thing that is wrong; a wrong value is not used. */
export function readSettings(options: ClientOptions, env: Environment, tell: (problem: string) => void): Settings {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) tell(`createClient: unknown option ${name}; the options are ${[...OPTIONS].join(", ")}`);
  }
  return {
    url: readUrl(options.url ?? env.SLUICE_URL, options.url === undefined ? "SLUICE_URL" : "url", tell),
    apiKey: options.apiKey || env.SLUICE_API_KEY || null,
    spool: options.spool ?? (env.SLUICE_SPOOL_DIR || undefined),
    flushDeadline: 1000 * readNumber(options, "flushDeadlineSeconds", { byDefault: 5, least: 0, most: 60 }, tell),
    maxQueuedReports: readNumber(options, "maxQueuedReports", { byDefault: 10_000, least: 1, most: 1_000_000 }, tell),
    signals: options.signals ?? true,
  };
}

function readUrl(given: string | undefined, name: string, tell: (problem: string) => void): string | null {
  if (given === undefined || given === "") {
    tell("createClient: no url; give { url } or set SLUICE_URL, such as http://127.0.0.1:9877. Nothing is reported");
    return null;
  }
  try {
    const { protocol } = new URL(given);
    if (protocol === "http:" || protocol === "https:") return given.replace(/\/+$/, "");
  } catch {
    // Told below.
  }
  tell(
    `createClient: ${name}: ${JSON.stringify(given)} given; must be an http or https URL such as http://127.0.0.1:9877. Nothing is reported`,
  );
  return null;
}

function readNumber(
  options: ClientOptions,
  name: "flushDeadlineSeconds" | "maxQueuedReports",
  { byDefault, least, most }: { byDefault: number; least: number; most: number },
  tell: (problem: string) => void,
): number {
  const given = options[name];
  if (given === undefined) return byDefault;
  if (typeof given === "number" && given >= least && given <= most) return given;
  tell(`createClient: ${name}: ${String(given)} given; must be a number from ${least} to ${most}`);
  return byDefault;
}
