import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../lib/free-port.mjs";
import { startAgent } from "./agent.mjs";
import { startAlertmanager } from "./alertmanager.mjs";
import { placeConfig } from "./place-config.mjs";
import { portNear } from "./ports.mjs";
import { startPostgres } from "./postgres.mjs";
import { startPrometheus } from "./prometheus.mjs";
import { secret, secretText } from "./secrets.mjs";
import { startAgents } from "./several/agents.mjs";
import { startBalancer } from "./several/balancer.mjs";

/** The ports of the documentation; PostgreSQL has one that no installed server uses. */
const USUAL_PORTS = { agent: 9877, postgres: 54329, prometheus: 9090, alertmanager: 9093 };

/** The repeat interval of the `gate` route of Alertmanager. */
const SETTINGS = "alertmanager:\n  repeat_interval: 5m\n";

/**
 * Starts PostgreSQL, the agent, Alertmanager and Prometheus on loopback, with all data in `directory`. Each port is the
 * usual one where that is free, or any one where `usualPorts` is false. `smtp`: HOST:PORT of the mail server;
 * `settings`: the agent's sluice.yaml; `adapt`: see placeConfig; `agents`: how many of them, several behind HAProxy on the port
 * of the agent.
 * @param {{root: string, program: string, directory: string, smtp?: string, settings?: string, usualPorts?: boolean,
 *   adapt?: (file: string, text: string) => string, say?: (line: string) => void, agents?: number}} options
 */
export async function startStack(options) {
  const { root, program, directory, smtp, settings = SETTINGS, usualPorts = true, say = () => {} } = options;
  const { adapt = (_file, text) => text, agents: count = 1 } = options;
  const secrets = join(directory, "secrets");
  const logs = join(directory, "logs");
  mkdirSync(logs, { recursive: true });
  const ports = {};
  for (const [name, usual] of Object.entries(USUAL_PORTS))
    ports[name] = usualPorts ? await portNear(usual) : await freePort();
  const agentPorts = [];
  while (count > 1 && agentPorts.length < count) {
    const port = await freePort();
    if (!agentPorts.includes(port)) agentPorts.push(port);
  }
  const at = (name) => ({ port: ports[name], log: join(logs, `${name}.log`) });
  const running = [];
  const add = (service) => {
    running.push(service);
    say(`${service.name} runs`);
    return service;
  };
  const stop = async () => {
    for (const service of running.splice(0).reverse()) await service.stop();
  };
  try {
    const postgres = add(
      await startPostgres({
        directory: join(directory, "postgres"),
        password: secret(secrets, "postgres_password"),
        ...at("postgres"),
      }),
    );
    writeFileSync(join(secrets, "database_url"), postgres.url, { mode: 0o600 });
    // The agent needs no key on loopback, but Alertmanager does not send without the file.
    secretText(secrets, "sluice_alertmanager_key", () => "no-key-is-needed-on-loopback");
    const addresses = {
      agent: `localhost:${ports.agent}`,
      prometheus: `localhost:${ports.prometheus}`,
      alertmanager: `localhost:${ports.alertmanager}`,
      ...(smtp && { smtp }),
      secrets,
    };
    const place = (otherAdapt) => {
      const withTargets = (file, text) => otherAdapt(file, scrapingAll(file, text, addresses.agent, agentPorts));
      placeConfig({ root, directory, addresses, adapt: withTargets });
    };
    place(adapt);
    const agentOptions = {
      program,
      directory: join(directory, "agent"),
      secrets,
      settings,
      ...at("agent"),
    };
    const several = count > 1 && add(await startAgents({ ...agentOptions, ports: agentPorts, logs, say }));
    let agent = add(
      await (several
        ? startBalancer({
            root,
            directory: join(directory, "haproxy"),
            agentPorts,
            port: ports.agent,
            log: join(logs, "haproxy.log"),
          })
        : startAgent(agentOptions)),
    );
    const alertmanager = add(await startAlertmanager({ directory, ...at("alertmanager") }));
    const prometheus = add(await startPrometheus({ root, directory, ...at("prometheus") }));
    return {
      urls: {
        agent: agent.url,
        agents: several ? several.urls : [agent.url],
        prometheus: prometheus.url,
        alertmanager: alertmanager.url,
      },
      secrets,
      logs,
      /** Resolves with the reason when one of them ends by itself. */
      ended: Promise.race(running.map(({ ended }) => ended)),
      async restartAgent() {
        if (several) throw new Error("one of several agents is started again by itself");
        await agent.stop();
        const old = running.indexOf(agent);
        agent = await startAgent(agentOptions);
        running[old] = agent;
      },
      /** Prometheus with rules and configuration placed anew. */
      reloadPrometheus(/** @type {(file: string, text: string) => string} */ otherAdapt) {
        place(otherAdapt);
        prometheus.signal("SIGHUP");
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Prometheus asks the agents themselves, and not whichever the balancer chooses. */
function scrapingAll(file, text, agent, agentPorts) {
  if (file !== "prometheus/prometheus.yml" || agentPorts.length === 0) return text;
  return text.replace(`["${agent}"]`, JSON.stringify(agentPorts.map((port) => `localhost:${port}`)));
}
