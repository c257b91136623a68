import { readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { type DebianPostgres, startDebianPostgres } from "../../test/support/debian-postgres.ts";
import {
  type Fault,
  freezePostgres,
  killAgent,
  killBoth,
  killEmbeddedServer,
  restartPostgres,
  stopPostgres,
} from "./faults.ts";
import { Scene, type SceneOptions } from "./scene.ts";

export interface Plan {
  seed: number;
  rounds: number;
  /** Told of each round. */
  onRound?: (round: number, fault: string, scene: Scene) => void;
}

/** Reports are sent, the fault strikes, everything is acknowledged and compared; round after round on the same store. */
async function play(options: SceneOptions, faults: readonly Fault[], { rounds, onRound }: Plan): Promise<string[]> {
  const scene = await Scene.open(options);
  const found: string[] = [];
  for (let round = 1; round <= rounds && found.length === 0; round++) {
    const fault = faults[(round - 1) % faults.length]!;
    scene.load();
    await fault.strike(scene);
    found.push(...(await scene.settle()).map((violation) => `round ${round}, ${fault.name}: ${violation}`));
    onRound?.(round, fault.name, scene);
  }
  return found.concat(await scene.close());
}

/** R1 on a server: the agent is killed, PostgreSQL stays. */
export function killOnServer(plan: Plan): Promise<string[]> {
  return onDebian((postgres) => play(serverOptions(plan, postgres), [killAgent], plan));
}

/** R1 on the embedded store: agent and server are killed together, and each alone. */
export function killEmbedded(plan: Plan): Promise<string[]> {
  const options = { seed: plan.seed, connection: embeddedConnection };
  return play(options, [killBoth, killBoth, killAgent, killEmbeddedServer], plan);
}

/** R2: PostgreSQL goes away and comes back under load. */
export function postgresAway(plan: Plan): Promise<string[]> {
  return onDebian((postgres) =>
    play(serverOptions(plan, postgres), [stopPostgres(postgres), freezePostgres(postgres)], plan),
  );
}

/** R3: PostgreSQL is restarted under load while runs go on; the agent lives. */
export function postgresRestarted(plan: Plan): Promise<string[]> {
  return onDebian((postgres) =>
    play({ ...serverOptions(plan, postgres), runs_go_on: true }, [restartPostgres(postgres)], plan),
  );
}

async function onDebian(work: (postgres: DebianPostgres) => Promise<string[]>): Promise<string[]> {
  const postgres = await startDebianPostgres({ tcp: true });
  try {
    return await work(postgres);
  } finally {
    await postgres.dispose();
  }
}

function serverOptions({ seed }: Plan, postgres: DebianPostgres): SceneOptions {
  return { seed, database_url: postgres.url, connection: () => postgres.url };
}

/** Line 5 of the server's file is the directory of its socket, line 4 the port. */
function embeddedConnection(dataDir: string): pg.ClientConfig {
  const lines = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  return { host: lines[4]!, port: Number(lines[3]), user: "sluice", database: "sluice" };
}
