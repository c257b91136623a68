import { AgentApi } from "../connection/agent-api.ts";
import { AgentRefused, AgentUnreachable } from "../connection/agent-errors.ts";
import { bad, type ClientPlace, type Finding, ok, warn } from "./finding.ts";
import { checkSkew } from "./skew.ts";

const TIMEOUT_MS = 5_000;

/** What a client here would meet: the agent, its readiness, its clock, and what the key may do. */
export async function checkAgent({ connection, edge }: ClientPlace): Promise<Finding[]> {
  const api = new AgentApi(connection);
  const ask = (path: string[]) => api.reply({ path, timeout_ms: TIMEOUT_MS });
  const findings: Finding[] = [];
  try {
    const before = edge.now();
    const { headers } = await ask(["healthz"]);
    findings.push(ok("agent", `${api.url} answers`));
    const theirs = Date.parse(headers.date ?? "");
    // The header has whole seconds: half of one is added.
    if (!Number.isNaN(theirs)) findings.push(...checkSkew("the agent's", theirs + 500 - (before + edge.now()) / 2));
  } catch (error) {
    return [bad("agent", messageOf(error), "start it, or mend SLUICE_URL; until then reports are kept and sent later")];
  }
  try {
    await ask(["readyz"]);
  } catch (error) {
    findings.push(
      bad(
        "agent",
        `it takes no reports now: ${messageOf(error)}`,
        "look into the agent's log; run sluice doctor beside it",
      ),
    );
  }
  return [...findings, ...(await keyFindings(api, connection.api_key !== null))];
}

async function keyFindings(api: AgentApi, has_key: boolean): Promise<Finding[]> {
  try {
    // A batch of nothing: nothing is stored, but the key is looked at.
    await api.ask({ method: "POST", path: ["v1", "reports"], body: [], timeout_ms: TIMEOUT_MS });
    return [ok("client key", has_key ? "SLUICE_API_KEY may report" : "none is needed")];
  } catch (error) {
    if (!(error instanceof AgentRefused)) return [];
    if (error.code === "forbidden")
      return [warn("client key", "it may not report", "fine for reading; give the key the role report otherwise")];
    if (error.code !== "unauthorized")
      return [ok("client key", has_key ? "SLUICE_API_KEY may report" : "none is needed")];
    const mend = has_key
      ? "set SLUICE_API_KEY to a key of this agent"
      : "set SLUICE_API_KEY; sluice keys create makes one";
    return [bad("client key", messageOf(error), mend)];
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AgentUnreachable || error instanceof AgentRefused) return error.message;
  throw error;
}
