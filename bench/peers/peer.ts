import { say } from "../lib/figures.ts";
import { missingAfterInstall, type Package } from "../lib/needs.ts";
import type { Sample, Sampled } from "../lib/samples.ts";

/** Another server that takes the same content from as many clients. */
export interface Peer {
  name: string;
  needs: readonly Package[];
  start(load: PeerLoad): Promise<RunningPeer>;
}

export interface PeerLoad {
  connections: number;
  pipelines: number;
}

export interface RunningPeer {
  /** Loads it for so long. `server_us`: processor time of the server a report. */
  measure(seconds: number): Promise<Sample & { server_us: number }>;
  stop(): Promise<void>;
}

const WARM_UP_SECONDS = 2;

export interface PeersBeside {
  /** One for each peer that this machine has. */
  subjects(seconds: number): Sampled[];
  stop(): Promise<void>;
}

/** Starts and warms up the peers; those that are not installed, and cannot be, are named and left out. */
export async function startPeers(peers: readonly Peer[], load: PeerLoad): Promise<PeersBeside> {
  const running: { name: string; peer: RunningPeer }[] = [];
  for (const { name, needs, start } of peers) {
    const trouble = await missingAfterInstall(needs);
    if (trouble !== null) {
      say(`  ${name} is left out: ${trouble}`);
      continue;
    }
    const peer = await start(load);
    await peer.measure(WARM_UP_SECONDS);
    running.push({ name, peer });
  }
  return {
    subjects: (seconds) => running.map(({ name, peer }) => ({ name, measure: () => peer.measure(seconds) })),
    async stop() {
      for (const { peer } of running) await peer.stop();
    },
  };
}
