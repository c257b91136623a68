import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { startAlertmanager } from "../../../scripts/stack/alertmanager.mjs";
import { placeConfig } from "../../../scripts/stack/place-config.mjs";
import { ROOT } from "../../rules/shipped-rules.ts";
import { type Inbox, startInbox } from "./inbox.ts";
import { shorten } from "./shorten.ts";

export interface PostedAlert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
}

/** A real Alertmanager with the shipped configuration, its times shortened, and an inbox. */
export interface RealAlertmanager {
  readonly inbox: Inbox;
  post(alerts: PostedAlert[]): Promise<void>;
  /** The names of the alerts that it holds back. */
  suppressed(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRealAlertmanager(): Promise<RealAlertmanager> {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-alertmanager-"));
  const inbox = await startInbox();
  const secrets = path.join(directory, "secrets");
  mkdirSync(secrets, { mode: 0o700 });
  for (const name of ["slack_api_url", "slack_api_url_ml"]) writeFileSync(path.join(secrets, name), inbox.slack_url);
  writeFileSync(path.join(secrets, "sluice_alertmanager_key"), "key");
  const port = await freePort();
  const addresses = { smtp: inbox.smtp, secrets, alertmanager: `localhost:${port}` };
  placeConfig({ root: ROOT, directory, addresses, adapt: shorten });
  const service = await startAlertmanager({ directory, log: path.join(directory, "log"), port });
  return {
    inbox,
    async post(alerts) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${service.url}/api/v2/alerts`, {
        method: "POST",
        headers,
        body: JSON.stringify(alerts),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async suppressed() {
      const alerts = (await (await fetch(`${service.url}/api/v2/alerts`)).json()) as {
        labels: { alertname: string };
        status: { state: string };
      }[];
      return alerts.filter(({ status }) => status.state === "suppressed").map(({ labels }) => labels.alertname);
    },
    async stop() {
      await service.stop();
      await inbox.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
