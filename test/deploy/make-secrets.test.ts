import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { ROOT } from "../rules/shipped-rules.ts";
import { testServer } from "../support/agent.ts";

const SCRIPT = path.join(ROOT, "deploy/compose/make-secrets.mjs");
const directory = mkdtempSync(path.join(tmpdir(), "sluice-secrets-"));
const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
const everything = () =>
  Object.fromEntries(
    readdirSync(directory).flatMap((service) =>
      readdirSync(path.join(directory, service)).map((name) => [`${service}/${name}`, read(`${service}/${name}`)]),
    ),
  );

function make(env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT], {
    env: { PATH: process.env.PATH, SECRETS: directory, ...env },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}

beforeAll(() => make());
afterAll(() => rmSync(directory, { recursive: true }));

test("each secret is one of its own, and for its owner's eyes", () => {
  const passwords = [
    "postgres/postgres_password",
    "postgres/grafana_role_password",
    "alertmanager/sluice_alertmanager_key",
    "grafana/admin_password",
    "client/api_key",
  ].map(read);
  expect(new Set(passwords).size).toBe(passwords.length);
  for (const password of passwords) expect(password).toMatch(/^[\w-]{43}$/);
  for (const file of Object.keys(everything())) expect(statSync(path.join(directory, file)).mode & 0o777).toBe(0o400);
});

test("a second start changes nothing, but for a Slack URL that is given", () => {
  const before = everything();
  make();
  expect(everything()).toEqual(before);
  make({ SLACK_API_URL: "https://hooks.slack.com/services/one" });
  make({ SLACK_API_URL: "https://hooks.slack.com/services/two" });
  expect(everything()).toEqual({
    ...before,
    "alertmanager/slack_api_url": "https://hooks.slack.com/services/two",
    "alertmanager/slack_api_url_ml": "https://hooks.slack.com/services/two",
  });
});

test("the agent takes its configuration, and knows the keys by their hashes alone", () => {
  const environment = {
    SLUICE_LISTEN: "0.0.0.0:9877",
    SLUICE_CONFIG: path.join(ROOT, "deploy/compose/sluice.yaml"),
    SLUICE_API_KEYS_FILE: path.join(directory, "agent/keys.yaml"),
    DATABASE_URL_FILE: path.join(directory, "agent/database_url"),
  };
  const files = { directory: ROOT, read: (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : null) };
  const { config } = loadConfig(environment, files);
  expect(config.api_keys.map(({ name, roles }) => [name, roles])).toEqual([
    ["alertmanager", ["alertmanager"]],
    ["client", ["admin"]],
  ]);
  expect(config.database_url).toBe(`postgres://sluice:${read("postgres/postgres_password")}@postgres:5432/sluice`);
  expect(config.alertmanager.repeat_interval).toBe(5 * 60_000);
  expect(read("agent/keys.yaml")).not.toContain(read("client/api_key"));
});

test("Grafana's role reads what the agent makes, and cannot write", async () => {
  const server = await testServer();
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  const { hostname, port, username, password, pathname } = new URL(server.url);
  const secrets = path.join(directory, "postgres");
  const made = spawnSync("sh", [path.join(ROOT, "deploy/compose/grafana-role.sh")], {
    env: {
      PATH: process.env.PATH,
      SECRETS: secrets,
      PGHOST: decodeURIComponent(hostname),
      PGPORT: port,
      PGPASSWORD: password,
      POSTGRES_USER: username,
      POSTGRES_DB: pathname.slice(1),
    },
    encoding: "utf8",
  });
  expect(made.stderr).toBe("");
  await owner.query("CREATE TABLE later (n int); INSERT INTO later VALUES (1)");
  const reader = new URL(server.url);
  reader.username = "sluice_grafana";
  reader.password = read("postgres/grafana_role_password");
  const grafana = new pg.Client({ connectionString: reader.href });
  await grafana.connect();
  expect((await grafana.query("SELECT n FROM later")).rows).toEqual([{ n: 1 }]);
  await expect(grafana.query("INSERT INTO later VALUES (2)")).rejects.toMatchObject({ code: "42501" });
  await grafana.end();
  await owner.end();
});
