import { writeFileSync } from "node:fs";
import path from "node:path";
import { redact } from "../../config/format/redact.ts";
import { VERSION } from "../../version.ts";
import { CommandError } from "../command-error.ts";
import { AgentRefused, AgentUnreachable } from "../connection/agent-errors.ts";
import { type Connection, type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import { exchange } from "../connection/http-exchange.ts";
import type { Edge } from "../edge.ts";

export interface DigestOptions extends ConnectionOptions {
  period: "day" | "week";
  team?: string;
  /** Also as a page. */
  preview?: boolean;
  file?: string;
}

const DEFAULT_FILE = "sluice-digest.html";
const TIMEOUT_MS = 30_000;

/** Prints what a digest of the day or week before now would say, and writes the mail as a page. */
export async function digest(options: DigestOptions, edge: Edge): Promise<number> {
  const { period, team, preview = false, file } = options;
  const connection = connectionOf(options, edge);
  const query = new URLSearchParams({ period, ...(team === undefined ? {} : { team }) });
  const ask = (accept: string) => textOf(connection, `/v1/digest?${query}`, accept);
  edge.out((await ask("text/plain")).trimEnd());
  if (!preview && file === undefined) return 0;
  const page = path.resolve(edge.directory, file ?? DEFAULT_FILE);
  const html = await ask("text/html");
  try {
    writeFileSync(page, html);
  } catch (error) {
    throw new CommandError(`--file: ${page} cannot be written (${(error as NodeJS.ErrnoException).code})`, error);
  }
  edge.err(`the mail as a page: ${page}`);
  return 0;
}

async function textOf({ url, api_key }: Connection, route: string, accept: string): Promise<string> {
  const key = api_key === null ? {} : { authorization: `Bearer ${api_key}` };
  const headers = { accept, "user-agent": `sluice-cli/${VERSION}`, ...key };
  let reply: Awaited<ReturnType<typeof exchange>>;
  try {
    reply = await exchange({ method: "GET", url: url + route, headers, timeout_ms: TIMEOUT_MS });
  } catch (error) {
    throw new AgentUnreachable(`the agent at ${url} cannot be reached: ${(error as Error).message}`, error);
  }
  if (reply.status === 200) return reply.text;
  throw refusal(url, reply.status, reply.text);
}

function refusal(url: string, status: number, text: string): CommandError {
  try {
    const { code, detail } = JSON.parse(text) as { code: string; detail: string };
    if (status < 500 && status !== 429) return new AgentRefused(status, code, redact(detail));
    return new AgentUnreachable(`the agent at ${url} cannot answer now: ${redact(detail)} (${code})`);
  } catch {
    return new AgentUnreachable(`what answers at ${url} is not a Sluice agent (HTTP ${status})`);
  }
}
