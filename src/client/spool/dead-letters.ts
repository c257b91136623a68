import type { NodeHost } from "../host/node-host.ts";
import { makeFolder } from "./make-folder.ts";

const MOST_BYTES = 1024 * 1024;

export interface Refusal {
  /** Of the agent's answer; 200 where it took others of the same batch. */
  status: number;
  code: string;
  detail: string;
}

/** Keeps refused reports beside the segments, in dead.ndjson and, once that is full, one older file. */
export function buryReports(
  host: NodeHost,
  folder: string,
  refused: readonly { line: string; refusal: Refusal }[],
): void {
  const { fs, path } = host;
  const file = path.join(folder, "dead.ndjson");
  const refused_at = new Date().toISOString();
  const text = refused
    .map(({ line, refusal }) => `${JSON.stringify({ report: parsed(line), ...refusal, refused_at })}\n`)
    .join("");
  try {
    makeFolder(host, folder);
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && size + text.length > MOST_BYTES) fs.renameSync(file, path.join(folder, "dead.1.ndjson"));
    fs.appendFileSync(file, text.slice(0, 2 * MOST_BYTES), { mode: 0o600 });
  } catch {
    // They are counted and said either way.
  }
}

/** As sent, or the text itself where it is not JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
