import type { Log } from "../../../ports.ts";

export type ServerLog = Pick<Log, "info" | "warn" | "error">;

export const SILENT: ServerLog = { info() {}, warn() {}, error() {} };

const LINE = /^(?:([0-9A-Z]{5}) )?(LOG|WARNING|ERROR|FATAL|PANIC): +(.*)$/s;
// Connections closed by a shutdown, or refused while the server starts or stops: noise around every stop and restart.
// 23505: a report that was sent again, which the agent tries again.
const ROUTINE = new Set(["57P01", "57P03", "23505"]);

// Messages of these SQLSTATE classes quote values: data exception, constraint violation, program limit, raised by a function.
const QUOTES_VALUES = /^((?:22|23|54|P0)[0-9A-Z]{3} [A-Z]+): .*$/;

/** A line of the server's stderr as it may be kept and logged: without what a report held. `undefined`: nothing is left of it. */
export function withoutContent(line: string): string | undefined {
  // The rest of a message of several lines, which may be a value of several lines.
  if (line.startsWith("\t")) return undefined;
  return line.replace(QUOTES_VALUES, "$1: (text withheld, it may quote a report)");
}

/** One line of the server's stderr, written with log_line_prefix `%e ` and terse verbosity, to the agent's log. */
export function logServerLine(log: ServerLog, line: string): void {
  const [, sqlstate, severity, message] = LINE.exec(line) ?? [];
  if (severity === undefined || severity === "LOG") return;
  const fields = { sqlstate, severity };
  const text = `embedded PostgreSQL: ${message}`;
  if (sqlstate !== undefined && ROUTINE.has(sqlstate)) log.info(fields, text);
  // An ERROR answers one statement of the agent, who handles it.
  else if (severity === "WARNING" || severity === "ERROR") log.warn(fields, text);
  else log.error(fields, text);
}
