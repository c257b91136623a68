import { pino, stdSerializers } from "pino";
import type { Log } from "../../ports.ts";

/** The least important lines that it writes may be changed. */
export type AgentLog = Log & { fatal: Log["error"]; level: string };

/** JSON lines on stderr: stdout is for what a person asked for. */
export function createLog(level: string): AgentLog {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: brief },
    },
    pino.destination({ fd: 2, sync: true }),
  ) as unknown as AgentLog;
}

/** An error without what libraries hang on it: a whole database client, with its URL and its statements, among others. */
function brief(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack } = stdSerializers.err(error);
  const code = (error as { code?: unknown }).code;
  return { type, message, ...(typeof code === "string" ? { code } : {}), stack };
}
