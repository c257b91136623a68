import { figure, leftOut, report } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { CONNECTIONS, MeteredAgent, PIPELINES } from "./lib/metered-agent.ts";
import { need } from "./lib/needs.ts";
import { printSamples, sampleInTurns } from "./lib/samples.ts";
import { etcd } from "./peers/etcd.ts";
import { influxdb } from "./peers/influxdb.ts";
import { startPeers } from "./peers/peer.ts";
import { pgbenchIdAndRow, pgbenchRow } from "./peers/pgbench.ts";
import { pushgateway } from "./peers/pushgateway.ts";

/** S1: acknowledged, durable single reports a second on Postgres, beside InfluxDB, etcd, pgbench and the Pushgateway. */

await need("wrk", "postgresql");
const SECONDS = numberFlag("seconds", 8);
const ROUNDS = numberFlag("rounds", 3);
const WARM_UP_SECONDS = 4;

/** The peers, and the ratio wanted to each. */
const PEERS = [
  { peer: influxdb, against: "InfluxDB 1, fsync before the answer", goal: { least: 1 } },
  { peer: pgbenchIdAndRow, against: "pgbench, id and row in a transaction", goal: { least: 2 } },
  { peer: pgbenchRow, against: "pgbench, the row alone", goal: undefined },
  { peer: etcd, against: "etcd, a put over HTTP", goal: { least: 1.5 } },
  { peer: pushgateway, against: `Pushgateway, ${PIPELINES} groups, in memory`, goal: { least: 60 } },
];

const metered = await MeteredAgent.start();
const peers = await startPeers(
  PEERS.map(({ peer }) => peer),
  { connections: CONNECTIONS, pipelines: PIPELINES },
);
await metered.singles("quality", WARM_UP_SECONDS);
const ours = (kind: "quality" | "records" | "run") => ({ name: kind, measure: () => metered.singles(kind, SECONDS) });
const samples = {
  ...(await sampleInTurns(ROUNDS, [ours("quality"), ...peers.subjects(SECONDS)])),
  ...(await sampleInTurns(1, [ours("records"), ours("run")])),
};

const figures = PEERS.map(({ peer, against, goal }) => {
  const [quality, theirs] = [samples.quality!.rate, samples[peer.name]];
  if (theirs === undefined) return leftOut("quality", "reports/s", quality, against, goal);
  return figure("quality", "reports/s", quality, against, theirs.rate, goal);
});
printSamples(samples);
report(
  "s1",
  `acknowledged single reports, ${CONNECTIONS} clients, ${PIPELINES} pipelines, PostgreSQL at default durability`,
  figures,
  { samples },
);
await peers.stop();
await metered.dispose();
process.exit(0);
