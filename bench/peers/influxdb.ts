import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { startChild } from "../lib/children.ts";
import { nextPrefix } from "../lib/load-prefix.ts";
import { answering } from "../lib/servers.ts";
import type { Peer } from "./peer.ts";
import { loadPeer } from "./wrk-peer.ts";

const DATABASE = "bench";

/** Debian's InfluxDB 1.6: POST /write of one point, synced to disk before the 204. It keeps neither ids nor rollups nor gates. */
export const influxdb: Peer = {
  name: "InfluxDB",
  needs: ["influxdb"],
  async start({ connections, pipelines }) {
    const folder = await mkdtemp(join(tmpdir(), "sluice-bench-influxdb-"));
    const port = await freePort();
    await writeFile(join(folder, "influxdb.conf"), configuration(folder, port, await freePort()));
    const child = startChild("influxd", ["-config", join(folder, "influxdb.conf")]);
    const server = await answering(child, port, "/ping");
    const made = await fetch(`${server.url}/query?q=CREATE+DATABASE+${DATABASE}`, { method: "POST" });
    if (!made.ok) throw new Error(`CREATE DATABASE: ${made.status} ${await made.text()}`);
    await made.arrayBuffer();
    return {
      measure: (seconds) =>
        loadPeer(server, { script: "influxdb", connections, seconds, args: [DATABASE, pipelines, nextPrefix()] }),
      async stop() {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

/** As it ships, except where it lies and listens, and no line in its log for each good request: the agent writes none either. */
function configuration(folder: string, port: number, rpcPort: number): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${join(folder, "meta")}"
[data]
  dir = "${join(folder, "data")}"
  wal-dir = "${join(folder, "wal")}"
  wal-fsync-delay = "0s"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`;
}
