import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { startMailCatcher } from "../../../scripts/stack/mail-catcher.mjs";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** What an incoming webhook of Slack takes. */
export interface SlackMessage {
  attachments: {
    title: string;
    title_link: string;
    text: string;
    color: string;
    fallback: string;
    footer: string;
    actions: { text: string; url: string }[];
  }[];
}

/** A mail server and a webhook as Slack's, on loopback, that keep what comes. */
export interface Inbox {
  readonly mails: Mail[];
  readonly slack: SlackMessage["attachments"][number][];
  /** HOST:PORT */
  readonly smtp: string;
  readonly slack_url: string;
  stop(): Promise<void>;
}

export async function startInbox(): Promise<Inbox> {
  const mails: Mail[] = [];
  const slack: Inbox["slack"] = [];
  const catcher = await startMailCatcher({
    port: 0,
    async onMail({ to, raw }: { to: string[]; raw: Buffer }) {
      const { subject = "", text = "", html = "" } = await PostalMime.parse(raw);
      mails.push({ to: to.join(), subject, text, html });
    },
  });
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    slack.push(...(JSON.parse(body) as SlackMessage).attachments);
    response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    mails,
    slack,
    smtp: catcher.address,
    slack_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T000/B000/secret`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await catcher.stop();
    },
  };
}
