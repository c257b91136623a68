import { createHash } from "node:crypto";
import { isLoopback } from "../../config.ts";
import { type AgentPlace, type Finding, ok, warn } from "./finding.ts";

/** Whether the keys that the agent knows let anybody do what agents are for. */
export function checkKeys({ config: { api_keys, listen }, edge }: AgentPlace): Finding[] {
  const check = "API keys";
  if (api_keys.length === 0) {
    // Without a key the configuration of any other address is refused.
    return isLoopback(listen.host) ? [ok(check, "none; on a loopback address none is needed")] : [];
  }
  const findings = [ok(check, `${api_keys.length} configured`)];
  if (!api_keys.some(({ roles }) => roles.includes("report") || roles.includes("admin"))) {
    findings.push(warn(check, "none of them may report", "sluice keys create --name etl --role report"));
  }
  const key = edge.env.SLUICE_API_KEY;
  const hash = key && createHash("sha256").update(key.trim()).digest("hex");
  if (hash && !edge.env.SLUICE_URL && !api_keys.some((entry) => entry.hash === hash)) {
    findings.push(warn(check, "SLUICE_API_KEY is none of them", "set it to a key of this agent"));
  }
  return findings;
}
