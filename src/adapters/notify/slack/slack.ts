import { IncomingWebhook, IncomingWebhookHTTPError } from "@slack/webhook";
import type { Notifier, SendOutcome } from "../../../ports.ts";
import { classifyStatus, noAnswer, notTheChannel, SEND_TIMEOUT_MS } from "../classify.ts";
import { hideSecrets, secretsOfUrl } from "../hide-secrets.ts";
import { urlLogin } from "../url-login.ts";
import { slackMessage } from "./slack-blocks.ts";

export interface SlackWebhookSettings {
  name: string;
  /** https://hooks.slack.com/services/…: anybody who has it may post, so it is a secret. */
  webhook_url: string;
  timeout?: number;
}

/** Posts to the channel that an incoming webhook belongs to. Without threads: each update is a message of its own. */
export function slackWebhookNotifier({ name, webhook_url, timeout = SEND_TIMEOUT_MS }: SlackWebhookSettings): Notifier {
  const login = urlLogin(webhook_url);
  const hide = hideSecrets([...secretsOfUrl(webhook_url), ...login.secrets]);
  return {
    channel: name,
    threads: false,
    async send({ message }): Promise<SendOutcome> {
      // The error of the library has no headers of the answer.
      let retryAfter: string | null = null;
      const webhook = new IncomingWebhook(login.url, {
        timeout,
        fetch: async (url, init) => {
          const { headers, ...rest } = init as RequestInit & { headers: Record<string, string> };
          const response = await fetch(url, { ...rest, headers: { ...headers, ...login.headers } });
          retryAfter = response.headers.get("retry-after");
          return response;
        },
      });
      try {
        const { text } = await webhook.send(slackMessage(message) as Parameters<IncomingWebhook["send"]>[0]);
        return notTheChannel(text, hide) ?? { outcome: "ok", ref: null };
      } catch (error) {
        if (!(error instanceof IncomingWebhookHTTPError)) return noAnswer(error, hide);
        return classifyStatus(error.statusCode, retryAfter, error.body, hide, Date.now()) ?? noAnswer(error, hide);
      }
    },
    close() {},
  };
}
