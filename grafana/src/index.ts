import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { agent } from "./agent.ts";
import { drift } from "./drift.ts";
import { overview } from "./overview.ts";
import { pipeline } from "./pipeline.ts";
import { sla } from "./sla.ts";

/** Where the agent listens unless told. */
export const AGENT_URL = "http://localhost:9877";

/** The dashboards by the name of their file. `agent_url`: where a browser finds the agent. */
export function dashboards(agent_url: string = AGENT_URL): Record<string, Dashboard> {
  return {
    overview: overview(agent_url),
    pipeline: pipeline(agent_url),
    drift: drift(agent_url),
    sla: sla(agent_url),
    agent: agent(agent_url),
  };
}
