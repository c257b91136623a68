import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, startService } from "../service.mjs";

const PROGRAM = "/usr/sbin/haproxy";

/** HAProxy on loopback by deploy/haproxy/haproxy.cfg, in front of agents on these ports. */
export async function startBalancer({ root, directory, log, port, agentPorts }) {
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "haproxy.cfg");
  const shipped = readFileSync(join(root, "deploy/haproxy/haproxy.cfg"), "utf8");
  writeFileSync(config, balancerConfig(shipped, { port, agentPorts }));
  const service = startService({
    name: "HAProxy",
    command: existsSync(PROGRAM) ? PROGRAM : "haproxy",
    args: ["-db", "-f", config],
    log,
    cwd: directory,
  });
  await service.ready(() => answers(`http://127.0.0.1:${port}/readyz`));
  return { ...service, url: `http://localhost:${port}` };
}

/** The shipped configuration with other addresses and another number of agents. */
export function balancerConfig(shipped, { port, agentPorts }) {
  const servers = agentPorts.map((agentPort, i) => `  server agent_${i + 1} 127.0.0.1:${agentPort}\n`).join("");
  return shipped.replace(/^ {2}bind .*$/m, `  bind 127.0.0.1:${port}`).replace(/(^ {2}server .*\n)+/m, servers);
}
