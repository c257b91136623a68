import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startAgent } from "../agent.mjs";

const START_AGAIN_AFTER_MILLISECONDS = 500;

/** Addresses are the balancer's, and an agent answers while that takes notice of its stop. */
const SETTINGS = "\ntrusted_proxies: [127.0.0.1]\nshutdown_delay: 3s\n";

/**
 * Agents on one database, one for each port. One that ends by itself, or is killed, is started again while the others go on.
 * @param {{ports: number[], directory: string, logs: string, settings: string, say: (line: string) => void, program: string, secrets: string}} options
 */
export async function startAgents({ ports, directory, logs, settings, say, ...options }) {
  let stopping = false;
  const agents = [];
  const stop = async () => {
    stopping = true;
    await Promise.all(agents.map((agent) => agent.stop()));
  };
  const starts = ports.map((port, index) => () => {
    const name = `agent-${index + 1}`;
    const log = join(logs, `${name}.log`);
    return startAgent({ ...options, port, settings: settings + SETTINGS, directory: join(directory, name), log });
  });

  async function keep(index) {
    for (;;) {
      const reason = await agents[index].ended;
      await sleep(START_AGAIN_AFTER_MILLISECONDS);
      if (stopping) return;
      say(`agent-${index + 1} is started again: ${reason.split("\n")[0]}`);
      try {
        agents[index] = await starts[index]();
      } catch (error) {
        say(`agent-${index + 1} could not be started: ${error.message}`);
        continue;
      }
      if (stopping) await agents[index].stop();
    }
  }

  try {
    for (const start of starts) agents.push(await start());
  } catch (error) {
    await stop();
    throw error;
  }
  for (const index of agents.keys()) void keep(index);
  return {
    name: `each of ${ports.length} agents`,
    urls: agents.map(({ url }) => url),
    /** None of them ends the others. */
    ended: new Promise(() => {}),
    stop,
  };
}
