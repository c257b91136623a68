import { figure, report } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { nextPrefix } from "./lib/load-prefix.ts";
import { CONNECTIONS, MeteredAgent, PIPELINES } from "./lib/metered-agent.ts";
import { need } from "./lib/needs.ts";
import { printSamples, type Sample, sampleInTurns } from "./lib/samples.ts";
import { type Server, startProgram } from "./lib/servers.ts";
import { loadPeer } from "./peers/wrk-peer.ts";

/** S2: acknowledged, durable single reports a second on Postgres, beside a default Fastify POST with the same validation and no store. */

await need("wrk", "postgresql");
const SECONDS = numberFlag("seconds", 8);
const ROUNDS = numberFlag("rounds", 3);
const WARM_UP_SECONDS = 4;
const GOALS = { quality: { least: 0.6 }, records: { least: 0.6 }, run: { least: 0.4 } } as const;
type Kind = keyof typeof GOALS;

const metered = await MeteredAgent.start();
const fastify = await startProgram("fastify-post");
/** The agent's own routes, which do more for a request than Fastify does: what they alone cost shows beside. */
const routes = await startProgram("no-store");

function notStored(server: Server, kind: Kind, seconds = SECONDS): Promise<Sample> {
  const args = [kind, PIPELINES, nextPrefix()];
  return loadPeer(server, { script: "reports", connections: CONNECTIONS, seconds, args });
}

await metered.singles("quality", WARM_UP_SECONDS);
for (const server of [fastify, routes]) await notStored(server, "quality", WARM_UP_SECONDS);
const samples: Record<string, Sample> = {};
const figures = [];
for (const kind of Object.keys(GOALS) as Kind[]) {
  const of = await sampleInTurns(ROUNDS, [
    { name: kind, measure: () => metered.singles(kind, SECONDS) },
    { name: `${kind}, Fastify`, measure: () => notStored(fastify, kind) },
    { name: `${kind}, own routes`, measure: () => notStored(routes, kind) },
  ]);
  Object.assign(samples, of);
  const rate = (name: string) => of[name]!.rate;
  figures.push(
    figure(kind, "reports/s", rate(kind), "Fastify POST, no store", rate(`${kind}, Fastify`), GOALS[kind]),
    figure(kind, "reports/s", rate(kind), "own routes, no store", rate(`${kind}, own routes`)),
  );
}
printSamples(samples);
report("s2", `acknowledged single reports, ${CONNECTIONS} clients, beside the same requests without a store`, figures, {
  samples,
});
await fastify.stop();
await routes.stop();
await metered.dispose();
process.exit(0);
