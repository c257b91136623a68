import Type, { type TSchema } from "typebox";
import { DIGEST_PERIODS } from "../../../domain/notices/digest.ts";
import { NOTICE_SEVERITIES } from "../../../domain/notices/trouble.ts";
import { Glob, MOST_GLOBS } from "../glob-schema.ts";

const text = (description: string, more: object = {}) => Type.String({ minLength: 1, description, ...more });
const secret = (description: string) => text(description, { writeOnly: true });
const file = (what: string) => text(`the path of a file that holds ${what}`);

export const CHANNEL_TYPES = ["slack", "email", "webhook", "pagerduty"] as const;

const ChannelName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
  description: "1 to 64 letters, digits, dots, dashes and underscores",
});

/** Which of the keys belong to which type is looked at by the section. */
export const ChannelSchema = Type.Object(
  {
    name: ChannelName,
    type: Type.Enum([...CHANNEL_TYPES], { type: "string", description: `one of ${CHANNEL_TYPES.join(", ")}` }),
    webhook_url: Type.Optional(secret("the URL of a Slack incoming webhook")),
    webhook_url_file: Type.Optional(file("the URL of a Slack incoming webhook")),
    bot_token: Type.Optional(secret("a Slack bot token (xoxb-…) with the scope chat:write")),
    bot_token_file: Type.Optional(file("a Slack bot token")),
    slack_channel: Type.Optional(text("the ID of a Slack channel, or #name")),
    api_url: Type.Optional(text("the base URL of Slack's Web API")),
    smtp_url: Type.Optional(secret("smtp://USER:PASSWORD@HOST:587 or smtps://…:465")),
    smtp_url_file: Type.Optional(file("smtp://USER:PASSWORD@HOST:587 or smtps://…:465")),
    from: Type.Optional(text("a mail address, or Name <address>")),
    to: Type.Optional(
      Type.Array(text("a mail address"), { minItems: 1, description: "a list of one or more mail addresses" }),
    ),
    url: Type.Optional(secret("a URL that starts with http:// or https://")),
    url_file: Type.Optional(file("a URL")),
    secret: Type.Optional(secret("the secret that signs a webhook's body")),
    secret_file: Type.Optional(file("the secret that signs a webhook's body")),
    routing_key: Type.Optional(secret("the integration key of a PagerDuty service (Events API v2)")),
    routing_key_file: Type.Optional(file("the integration key of a PagerDuty service")),
  },
  { additionalProperties: false, description: "a channel: name, type, and what the type needs" },
);

const ChannelNames = Type.Array(ChannelName, { minItems: 1, description: "a list of names of channels" });

const Severity = Type.Enum([...NOTICE_SEVERITIES], {
  type: "string",
  description: `one of ${NOTICE_SEVERITIES.join(", ")}: the least that is told`,
});

export const RouteSchema = Type.Object(
  {
    pipeline_name: Type.Optional(Glob),
    team: Type.Optional(text("the name of a team")),
    severity: Type.Optional(Severity),
    channels: ChannelNames,
  },
  { additionalProperties: false, description: "a route: channels, perhaps a pipeline_name or a team, and a severity" },
);

export const DigestSchema = Type.Object(
  {
    period: Type.Enum([...DIGEST_PERIODS], { type: "string", description: `one of ${DIGEST_PERIODS.join(", ")}` }),
    team: Type.Optional(text("the name of a team")),
    cron: Type.Optional(text("a cron expression of five fields such as 0 8 * * *")),
    timezone: Type.Optional(text("an IANA time zone such as Europe/Berlin")),
    channels: ChannelNames,
  },
  { additionalProperties: false, description: "a digest: period, channels, perhaps a team, cron and timezone" },
);

export const listOf = (item: TSchema, title: string, description: string): TSchema => ({
  ...Type.Array(item, { maxItems: MOST_GLOBS }),
  type: ["array", "null"],
  title,
  description: `${description}; at most ${MOST_GLOBS}`,
  default: [],
});
