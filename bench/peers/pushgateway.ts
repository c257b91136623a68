import { freePort } from "../../scripts/lib/free-port.mjs";
import { startChild } from "../lib/children.ts";
import { answering } from "../lib/servers.ts";
import type { Peer } from "./peer.ts";
import { loadPeer } from "./wrk-peer.ts";

/** Debian's prometheus-pushgateway with its default settings, in memory: a group for each pipeline. */
export const pushgateway: Peer = {
  name: "Pushgateway",
  needs: ["prometheus-pushgateway"],
  async start({ connections, pipelines }) {
    const port = await freePort();
    const child = startChild("prometheus-pushgateway", [`--web.listen-address=127.0.0.1:${port}`]);
    const server = await answering(child, port, "/-/ready");
    await createGroups(server.url, pipelines);
    return {
      measure: (seconds) => loadPeer(server, { script: "push", connections, seconds, args: [pipelines] }),
      stop: () => server.stop(),
    };
  },
};

/** Before it is measured: what a push costs grows with their number. */
async function createGroups(url: string, pipelines: number): Promise<void> {
  for (let i = 0; i < pipelines; i++) {
    const response = await fetch(`${url}/metrics/job/pipeline_${String(i).padStart(4, "0")}`, {
      method: "POST",
      body: "# TYPE data_quality_score gauge\ndata_quality_score 1\n# TYPE data_quality_threshold gauge\ndata_quality_threshold 1\n",
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the Pushgateway answered ${response.status}`);
  }
}
