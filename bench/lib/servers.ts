import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { type Child, startNode } from "./children.ts";

/** A server that a bench measures, in a process of its own. */
export interface Server extends Child {
  readonly url: string;
}

const PATIENCE_MS = 60_000;

/** A program of bench/programs, which takes its port as its argument. */
export async function startProgram(name: string): Promise<Server> {
  const port = await freePort();
  return answering(startNode(program(name), [String(port)]), port, "/");
}

export function program(name: string): string {
  return join(process.env.BENCH_PROGRAMS!, `${name}.mjs`);
}

/** Resolves once the path answers with 200. */
export async function answering(child: Child, port: number, path: string): Promise<Server> {
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await answers(url + path))) {
    if (!child.running || performance.now() > deadline) {
      const state = child.running ? `after ${PATIENCE_MS / 1000} s` : `, its process ended with ${child.ending}`;
      await child.stop("SIGKILL");
      throw new Error(`${url}${path} does not answer ${state}:\n${child.errors}`);
    }
    await sleep(5);
  }
  return Object.defineProperty(child, "url", { value: url }) as Server;
}

export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
