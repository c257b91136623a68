import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers, startService } from "./service.mjs";

/**
 * The agent on loopback. Its settings are `settings` (a sluice.yaml) and these addresses, without the environment of the
 * caller.
 */
export async function startAgent({ program, directory, log, port, secrets, settings }) {
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "sluice.yaml");
  writeFileSync(config, settings);
  const url = `http://localhost:${port}`;
  const service = startService({
    name: "the agent",
    command: process.execPath,
    args: [program, "serve"],
    log,
    cwd: directory,
    env: {
      ...foreignVariables(),
      SLUICE_CONFIG: config,
      SLUICE_LISTEN: `127.0.0.1:${port}`,
      SLUICE_DATA_DIR: join(directory, "data"),
      DATABASE_URL_FILE: join(secrets, "database_url"),
    },
  });
  await service.ready(() => answers(`http://127.0.0.1:${port}/readyz`));
  return { ...service, url };
}

function foreignVariables() {
  const own = /^(SLUICE_|DATABASE_URL|REDIS_URL|OTEL_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
