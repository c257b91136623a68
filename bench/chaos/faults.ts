import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DebianPostgres } from "../../test/support/debian-postgres.ts";
import type { Scene } from "./scene.ts";

/** Something that goes wrong while clients are sending; resolves when it is over. */
export interface Fault {
  name: string;
  strike(scene: Scene): Promise<void>;
}

/** The agent vanishes; another is started in its place. */
export const killAgent: Fault = {
  name: "kill -9 of the agent",
  async strike(scene) {
    await sleep(scene.random.whole(50, 900));
    await scene.agent.stop("SIGKILL");
    await scene.restart();
  },
};

/** The agent and its embedded server vanish at one moment, either of them first. */
export const killBoth: Fault = {
  name: "kill -9 of the agent and its embedded server",
  async strike(scene) {
    await sleep(scene.random.whole(50, 900));
    const server = embeddedServer(scene.dataDir);
    const first = scene.random.next() < 0.5;
    if (first) process.kill(server, "SIGKILL");
    const killed = scene.agent.stop("SIGKILL");
    if (!first) process.kill(server, "SIGKILL");
    await killed;
    await scene.restart();
  },
};

/** The embedded server alone vanishes; the agent starts it again by itself. */
export const killEmbeddedServer: Fault = {
  name: "kill -9 of the embedded server alone",
  async strike(scene) {
    await sleep(scene.random.whole(50, 900));
    process.kill(embeddedServer(scene.dataDir), "SIGKILL");
    await sleep(200);
  },
};

/** The server neither answers nor refuses for a while. */
export function freezePostgres(postgres: DebianPostgres): Fault {
  return {
    name: "PostgreSQL frozen (SIGSTOP) for a while",
    async strike(scene) {
      await sleep(scene.random.whole(100, 500));
      const processes = serverProcesses(postgres);
      for (const pid of processes) signal(pid, "SIGSTOP");
      await sleep(scene.random.whole(500, 2500));
      for (const pid of processes) signal(pid, "SIGCONT");
    },
  };
}

/** Stopped as in a power cut, and started again after a while. */
export function stopPostgres(postgres: DebianPostgres): Fault {
  return {
    name: "PostgreSQL stopped (immediate) and started again",
    async strike(scene) {
      await sleep(scene.random.whole(100, 500));
      await postgres.stop("immediate");
      await sleep(scene.random.whole(100, 2500));
      await postgres.start();
    },
  };
}

/** As `pg_ctl -m immediate restart`: sessions end amid their statements, and the server is there again at once. */
export function restartPostgres(postgres: DebianPostgres): Fault {
  return {
    name: "PostgreSQL restarted (immediate)",
    async strike(scene) {
      await sleep(scene.random.whole(20, 1500));
      const { pid } = scene.agent;
      await postgres.stop("immediate");
      await postgres.start();
      // Those who still send find a server; the agent is to be the same one when everything is acknowledged.
      await sleep(scene.random.whole(100, 500));
      if (!scene.agent.running || scene.agent.pid !== pid) throw new Error(`the agent ended:\n${scene.agent.errors}`);
    },
  };
}

/** Line 1 of the file is the server's process. */
function embeddedServer(dataDir: string): number {
  return Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
}

function serverProcesses(postgres: DebianPostgres): number[] {
  const server = Number(readFileSync(join(postgres.folder, "data", "postmaster.pid"), "utf8").split("\n")[0]);
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ");
  return [server, ...children.filter(Boolean).map(Number)];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
