import { redact } from "../../config/format/redact.ts";
import type { Ended } from "./run-command.ts";

export interface RunEnd {
  status: "success" | "failed" | "cancelled";
  error?: string;
  will_retry?: boolean;
}

/** Ctrl-C is somebody's wish; every other signal, a SIGTERM as well, has left the work undone. */
export function endOf({ exit_code, signal, not_started, last_lines }: Ended, will_retry: boolean): RunEnd {
  if (exit_code === 0) return { status: "success" };
  const how = not_started ?? (signal === null ? `exit status ${exit_code}` : `ended by ${signal}`);
  const error = redact(last_lines === "" ? how : `${how}\n${last_lines}`);
  if (signal === "SIGINT") return { status: "cancelled", error };
  return { status: "failed", error, ...(will_retry ? { will_retry } : {}) };
}
