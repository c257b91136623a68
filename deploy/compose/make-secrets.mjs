// Run once by docker-compose.yml, before everything else: makes up each password and API key, so that none is in a file of
// this repository. SECRETS is a directory with one folder for each service, which only that service sees.
import { createHash, randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SECRETS = process.env.SECRETS ?? "/secrets";
/** Whom each image runs as. */
const OWNERS = { postgres: 999, agent: 1000, alertmanager: 65534, grafana: 472, client: 1000 };

const random = () => randomBytes(32).toString("base64url");

function write(service, name, text) {
  const file = join(SECRETS, service, name);
  mkdirSync(join(SECRETS, service), { recursive: true });
  writeFileSync(file, text, { mode: 0o400 });
  // Not as root (a test, say) there is nobody else to give it to.
  if (process.getuid() === 0) chownSync(file, OWNERS[service], OWNERS[service]);
}

function entry(name, role, key) {
  return { name, hash: createHash("sha256").update(key).digest("hex"), roles: [role] };
}

function makeAll() {
  const [postgres, grafanaRole, alertmanager, client] = [random(), random(), random(), random()];
  write("postgres", "postgres_password", postgres);
  write("postgres", "grafana_role_password", grafanaRole);
  write("agent", "database_url", `postgres://sluice:${postgres}@postgres:5432/sluice`);
  // YAML that is JSON as well.
  write(
    "agent",
    "keys.yaml",
    JSON.stringify([entry("alertmanager", "alertmanager", alertmanager), entry("client", "admin", client)]),
  );
  write("alertmanager", "sluice_alertmanager_key", alertmanager);
  write("grafana", "admin_password", random());
  write("grafana", "postgres_password", grafanaRole);
  write("client", "api_key", client);
}

const done = join(SECRETS, "client", "made");
if (!existsSync(done)) {
  makeAll();
  write("client", "made", new Date().toISOString());
}

// Given from outside, and so written whenever it is given.
for (const name of ["slack_api_url", "slack_api_url_ml"]) {
  const url = process.env[name.toUpperCase()] ?? process.env.SLACK_API_URL;
  if (!url) continue;
  rmSync(join(SECRETS, "alertmanager", name), { force: true });
  write("alertmanager", name, url);
}
