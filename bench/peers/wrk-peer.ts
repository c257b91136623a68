import { treeSeconds } from "../lib/processor.ts";
import type { Sample } from "../lib/samples.ts";
import type { Server } from "../lib/servers.ts";
import { wrk } from "../lib/wrk.ts";

export interface PeerRequests {
  /** A Lua script of bench/load. */
  script: string;
  connections: number;
  seconds: number;
  args: readonly (string | number)[];
}

/** Single reports over HTTP to a peer, as they go to the agent, and what its server spent on each. */
export async function loadPeer(
  server: Server,
  { script, connections, seconds, args }: PeerRequests,
): Promise<Sample & { server_us: number }> {
  const before = treeSeconds(server.pid);
  const { requests, rate, errors, p50_ms, p99_ms } = await wrk({ url: server.url, script, connections, seconds, args });
  if (errors > 0) throw new Error(`${errors} requests to ${script} failed:\n${server.errors}`);
  return { rate, p50_ms, p99_ms, server_us: ((treeSeconds(server.pid) - before) * 1e6) / requests };
}
