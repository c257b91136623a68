import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ALERTS, ROOT } from "../rules/shipped-rules.ts";

const CONFIG = path.join(ROOT, "alertmanager/alertmanager.yml");

/** The receivers, as amtool finds them. */
function receivers(labels: Record<string, string>): string[] {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const args = ["config", "routes", "test", `--config.file=${CONFIG}`, ...pairs];
  const { status, stdout, stderr } = spawnSync("amtool", args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout.trim().split(",");
}

test("amtool finds nothing wrong in the configuration and its templates", () => {
  const { status, stdout, stderr } = spawnSync("amtool", ["check-config", CONFIG], { encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
});

test.each(ALERTS.map(({ alert, labels }) => [alert, labels] as const))(
  "%s goes where its severity and its gate say",
  (alertname, labels) => {
    const people = { critical: "page", warning: "queue", info: "nobody", none: "nobody" }[labels.severity!]!;
    const expected = labels.gate === undefined ? [people] : ["gate", people];
    expect(receivers({ alertname, ...labels, pipeline_name: "orders" })).toEqual(expected);
  },
);

test.each([
  [{ severity: "critical", team: "ml" }, ["page_ml"]],
  [{ severity: "warning", team: "ml" }, ["queue_ml"]],
  [{ severity: "warning", team: "ml", gate: "warn" }, ["gate", "queue_ml"]],
  [{ severity: "info", team: "ml" }, ["nobody"]],
  // Somebody else's alerts.
  [{ alertname: "TopicLagHigh", gate: "block" }, ["gate", "queue"]],
  [{ alertname: "TopicLagHigh", gate: "blocked" }, ["queue"]],
  [{ alertname: "DiskFull", severity: "critical" }, ["page"]],
  [{ alertname: "NoSeverity" }, ["queue"]],
])("an alert with %j goes to %j", (labels, expected) => {
  expect(receivers(labels as Record<string, string>)).toEqual(expected);
});

test("no secret stands in the configuration: each is in a file", () => {
  const secrets = /(api_url|password|credentials|bearer_token|routing_key|service_key|secret)$/;
  const found: string[] = [];
  walk(parse(readFileSync(CONFIG, "utf8"), { merge: true }), (key) => {
    if (secrets.test(key)) found.push(key);
  });
  expect(found).toEqual([]);
});

function walk(value: unknown, visit: (key: string) => void): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) visit(key);
    walk(inner, visit);
  }
}
