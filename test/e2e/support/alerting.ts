import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../../scripts/lib/run.mjs";
import { startStack } from "../../../scripts/stack/start-stack.mjs";
import { ROOT } from "../../rules/shipped-rules.ts";
import { type Inbox, startInbox } from "./inbox.ts";
import { shorten, shortenRanges } from "./shorten.ts";

/** The whole of `npm run stack` with the shipped files, their times shortened, and an inbox for its messages. */
export interface Alerting {
  readonly inbox: Inbox;
  readonly agent_url: string;
  /** POST to the agent; throws unless it is taken. */
  report(route: string, body: unknown): Promise<void>;
  /** How many series the query answers. */
  count(promql: string): Promise<number>;
  /** What Alertmanager has, and whether it holds it back. */
  alerts(alertname: string): Promise<{ pipeline_name: string | undefined; suppressed: boolean; labels: object }[]>;
  restartAgent(): Promise<void>;
  /** The rule as Prometheus holds it now; null: it has none of this name. */
  firing(alertname: string): Promise<{ keep_firing_seconds: number; alerts: number } | null>;
  /** Rules wait and keep firing as long as they do where they are shipped, for what takes as long as it takes. */
  restoreRuleTimes(): void;
  stop(): Promise<void>;
}

interface AlertingRule {
  name: string;
  keepFiringFor: number;
  alerts: unknown[];
}

const SETTINGS = "metrics:\n  birth_hold: 3s\nalertmanager:\n  repeat_interval: 20s\n";

export async function startAlerting(): Promise<Alerting> {
  const code = await run(process.execPath, [path.join(ROOT, "scripts/build.mjs")], { stdio: "ignore" });
  if (code !== 0) throw new Error(`npm run build failed with exit code ${code}`);
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-alerting-"));
  chmodSync(directory, 0o755);
  const inbox = await startInbox();
  const secrets = path.join(directory, "secrets");
  mkdirSync(secrets, { mode: 0o700 });
  for (const name of ["slack_api_url", "slack_api_url_ml"]) writeFileSync(path.join(secrets, name), inbox.slack_url);
  const stack = await startStack({
    root: ROOT,
    program: path.join(ROOT, "dist/main.js"),
    directory,
    smtp: inbox.smtp,
    settings: SETTINGS,
    usualPorts: false,
    adapt: shorten,
  }).catch(async (error) => {
    await inbox.stop();
    throw error;
  });
  const { agent, prometheus, alertmanager } = stack.urls;
  return {
    inbox,
    agent_url: agent,
    async report(route, body) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${agent}/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async count(promql) {
      const answer = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query: promql })}`);
      return ((await answer.json()) as { data: { result: unknown[] } }).data.result.length;
    },
    async firing(alertname) {
      const answer = await fetch(`${prometheus}/api/v1/rules?type=alert`);
      const { groups } = ((await answer.json()) as { data: { groups: { rules: AlertingRule[] }[] } }).data;
      const rule = groups.flatMap(({ rules }) => rules).find(({ name }) => name === alertname);
      if (rule === undefined) return null;
      return { keep_firing_seconds: rule.keepFiringFor, alerts: rule.alerts.length };
    },
    async alerts(alertname) {
      const filter = new URLSearchParams({ filter: `alertname="${alertname}"` });
      const answer = await fetch(`${alertmanager}/api/v2/alerts?${filter}`);
      const found = (await answer.json()) as { labels: Record<string, string>; status: { state: string } }[];
      return found.map(({ labels, status }) => ({
        pipeline_name: labels.pipeline_name,
        suppressed: status.state === "suppressed",
        labels,
      }));
    },
    restartAgent: () => stack.restartAgent(),
    restoreRuleTimes: () =>
      stack.reloadPrometheus((file, text) => (file.startsWith("rules/") ? shortenRanges(text) : shorten(file, text))),
    async stop() {
      await stack.stop();
      await inbox.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
