import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAgent } from "./agent.mjs";
import { startAlertmanager } from "./alertmanager.mjs";
import { placeConfig } from "./place-config.mjs";
import { freePort } from "./ports.mjs";
import { startPostgres } from "./postgres.mjs";
import { startPrometheus } from "./prometheus.mjs";
import { secret, secretText } from "./secrets.mjs";

/** The ports of the documentation; PostgreSQL has one that no installed server uses. */
const USUAL_PORTS = { agent: 9877, postgres: 54329, prometheus: 9090, alertmanager: 9093 };

/** The repeat interval of the `gate` route of Alertmanager. */
const SETTINGS = "alertmanager:\n  repeat_interval: 5m\n";

/**
 * Starts PostgreSQL, the agent, Alertmanager and Prometheus on loopback, with all data in `directory`. Each port is the
 * usual one where that is free, or any one where `usualPorts` is false. `smtp`: HOST:PORT of the mail server;
 * `settings`: the agent's sluice.yaml; `adapt`: see placeConfig.
 * @param {{root: string, program: string, directory: string, smtp?: string, settings?: string, usualPorts?: boolean,
 *   adapt?: (file: string, text: string) => string, say?: (line: string) => void}} options
 */
export async function startStack(options) {
  const { root, program, directory, smtp, settings = SETTINGS, usualPorts = true, adapt, say = () => {} } = options;
  const secrets = join(directory, "secrets");
  const logs = join(directory, "logs");
  mkdirSync(logs, { recursive: true });
  const ports = {};
  for (const [name, usual] of Object.entries(USUAL_PORTS)) ports[name] = await freePort(usualPorts ? usual : 0);
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
    placeConfig({ root, directory, addresses, adapt });
    const agentOptions = {
      program,
      directory: join(directory, "agent"),
      secrets,
      settings,
      ...at("agent"),
    };
    let agent = add(await startAgent(agentOptions));
    const alertmanager = add(await startAlertmanager({ directory, ...at("alertmanager") }));
    const prometheus = add(await startPrometheus({ root, directory, ...at("prometheus") }));
    return {
      urls: { agent: agent.url, prometheus: prometheus.url, alertmanager: alertmanager.url },
      secrets,
      logs,
      /** Resolves with the reason when one of them ends by itself. */
      ended: Promise.race(running.map(({ ended }) => ended)),
      async restartAgent() {
        await agent.stop();
        const old = running.indexOf(agent);
        agent = await startAgent(agentOptions);
        running[old] = agent;
      },
      /** Prometheus with rules and configuration placed anew. */
      reloadPrometheus(/** @type {(file: string, text: string) => string} */ otherAdapt) {
        placeConfig({ root, directory, addresses, adapt: otherAdapt });
        prometheus.signal("SIGHUP");
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
