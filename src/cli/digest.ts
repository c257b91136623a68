import { writeFileSync } from "node:fs";
import path from "node:path";
import { redact } from "../config/redact.ts";
import { CommandError } from "./command-error.ts";
import type { Edge } from "./edge.ts";

export interface DigestOptions {
  period?: string;
  team?: string;
  /** Also as a page. */
  preview?: boolean;
  file?: string;
}

const DEFAULT_FILE = "sluice-digest.html";
const TIMEOUT_MS = 30_000;

/** Prints what a digest of the day or week before now would say, and writes the mail as a page. */
export async function digest(
  { period = "day", team, preview = false, file }: DigestOptions,
  edge: Edge,
): Promise<number> {
  const query = new URLSearchParams({ period, ...(team === undefined ? {} : { team }) });
  const ask = (accept: string) => answerOf(`/v1/digest?${query}`, accept, edge);
  edge.out((await ask("text/plain")).trimEnd());
  if (!preview && file === undefined) return 0;
  const page = path.resolve(edge.directory, file ?? DEFAULT_FILE);
  const html = await ask("text/html");
  try {
    writeFileSync(page, html);
  } catch (error) {
    throw new CommandError(`--file: ${page} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  edge.err(`the mail as a page: ${page}`);
  return 0;
}

async function answerOf(route: string, accept: string, { env }: Edge): Promise<string> {
  const base = (env.SLUICE_URL ?? "").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) {
    throw new CommandError("SLUICE_URL: must be the agent's address such as http://127.0.0.1:9877");
  }
  const key = env.SLUICE_API_KEY?.trim();
  const headers = { accept, ...(key ? { authorization: `Bearer ${key}` } : {}) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(base + route, { headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    text = await response.text();
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = cause instanceof Error && cause.message !== "" ? cause.message : message;
    throw new CommandError(redact(`the agent at ${base} cannot be reached: ${reason}`));
  }
  if (!response.ok) throw new CommandError(`the agent refused: ${detailOf(text, response.status)}`);
  return text;
}

function detailOf(text: string, status: number): string {
  try {
    const { detail, code } = JSON.parse(text) as { detail?: string; code?: string };
    return `${detail ?? `HTTP ${status}`} (${code ?? status})`;
  } catch {
    return `HTTP ${status}`;
  }
}
