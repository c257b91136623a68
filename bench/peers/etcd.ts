import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { startChild } from "../lib/children.ts";
import { nextPrefix } from "../lib/load-prefix.ts";
import { answering } from "../lib/servers.ts";
import type { Peer } from "./peer.ts";
import { loadPeer } from "./wrk-peer.ts";

/** Debian's etcd 3.4, one member: POST /v3/kv/put of the report under its id, synced to disk before the answer. */
export const etcd: Peer = {
  name: "etcd",
  needs: ["etcd-server"],
  async start({ connections, pipelines }) {
    const folder = await mkdtemp(join(tmpdir(), "sluice-bench-etcd-"));
    const [port, memberPort] = [await freePort(), await freePort()];
    const [client, member] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${memberPort}`];
    const child = startChild("etcd", [
      ...["--name", "bench", "--data-dir", folder, "--log-level", "error"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...[
        "--listen-peer-urls",
        member,
        "--initial-advertise-peer-urls",
        member,
        "--initial-cluster",
        `bench=${member}`,
      ],
    ]);
    const server = await answering(child, port, "/health");
    return {
      measure: (seconds) => loadPeer(server, { script: "etcd", connections, seconds, args: [pipelines, nextPrefix()] }),
      async stop() {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
