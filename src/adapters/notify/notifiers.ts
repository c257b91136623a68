import type { ChannelConfig } from "../../config.ts";
import type { Notifier } from "../../ports.ts";
import { emailNotifier } from "./email/email.ts";
import { pagerDutyNotifier } from "./pagerduty/pagerduty.ts";
import { slackWebhookNotifier } from "./slack/slack.ts";
import { slackBotNotifier } from "./slack/slack-bot.ts";
import { webhookNotifier } from "./webhook/webhook.ts";

/** Makes a notifier for each channel. Libraries load only with a channel that needs them: they are large. */
export function createNotifiers(channels: readonly ChannelConfig[]): Notifier[] {
  return channels.map((channel) => {
    if (channel.type === "email") return emailNotifier(channel);
    if (channel.type === "webhook") return webhookNotifier(channel);
    if (channel.type === "pagerduty") return pagerDutyNotifier(channel);
    return "webhook_url" in channel ? slackWebhookNotifier(channel) : slackBotNotifier(channel);
  });
}
