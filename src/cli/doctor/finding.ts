import type { Config } from "../../config.ts";
import type { Connection } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";

export interface Finding {
  check: string;
  /** `warn` works for now. */
  state: "ok" | "warn" | "bad";
  detail: string;
  /** What to do; of all that is not ok. */
  mend?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, state: "ok", detail });
export const warn = (check: string, detail: string, mend: string): Finding => ({ check, state: "warn", detail, mend });
export const bad = (check: string, detail: string, mend: string): Finding => ({ check, state: "bad", detail, mend });

export interface AgentPlace {
  edge: Edge;
  config: Config;
}

export interface ClientPlace {
  edge: Edge;
  connection: Connection;
}
