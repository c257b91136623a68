import { AgentUnreachable } from "../connection/agent-errors.ts";
import type { Connection } from "../connection/connection.ts";
import { openDelivery } from "../delivery/open-delivery.ts";
import type { Edge } from "../edge.ts";

/** At least so long the agent may take for what waits. */
const LEAST_MS = 10_000;

/**
 * Brings what waits in the spool to the agent: an answer that does not know what was reported before could be a wrong yes.
 * Throws AgentUnreachable where the agent does not take it within the wait.
 */
export async function sendBefore(connection: Connection, wait_ms: number, edge: Edge): Promise<void> {
  const delivery = openDelivery(connection, Math.max(wait_ms, LEAST_MS), edge);
  const sent = await delivery.drain();
  const { detail } = await delivery.close();
  if (!sent)
    throw new AgentUnreachable(`what was reported before has not reached the agent${detail ? ` (${detail})` : ""}`);
}
