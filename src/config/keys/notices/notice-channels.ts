import type { Static } from "typebox";
import { hideUrlSecrets } from "../../format/redact.ts";
import type { Section } from "../../format/section.ts";
import type { Sources } from "../../format/sources/sources.ts";
import { type CheckedYaml, dotted } from "../../format/yaml/checked-yaml.ts";
import type { Path } from "../../format/yaml/yaml-text.ts";
import { type ChannelSchema, listOf, ChannelSchema as Schema } from "./notices-schema.ts";
import type { ChannelConfig } from "./notices-types.ts";

type Written = Static<typeof ChannelSchema>;
type Key = keyof Written;

export const SLACK_WEBHOOK_VARIABLE = "SLUICE_SLACK_WEBHOOK_URL";
const SLACK_API = "https://slack.com/api/";
const PAGERDUTY_EVENTS = "https://events.pagerduty.com/v2/enqueue";

const HTTP = ["http://", "https://"];
const SMTP = ["smtp://", "smtps://"];

/** The keys of a type beside name and type; of a list in them one is needed. Secrets may be in files. */
const KEYS: Record<Written["type"], readonly Key[]> = {
  slack: ["webhook_url", "webhook_url_file", "bot_token", "bot_token_file", "slack_channel", "api_url"],
  email: ["smtp_url", "smtp_url_file", "from", "to"],
  webhook: ["url", "url_file", "secret", "secret_file"],
  pagerduty: ["routing_key", "routing_key_file", "url"],
};

/** Where messages go. A name is there once. */
export const noticeChannels: Section<ChannelConfig[]> = {
  schema: listOf(Schema, "Where messages go", "a list of channels, each with name, type and what the type needs"),
  variables: [SLACK_WEBHOOK_VARIABLE, `${SLACK_WEBHOOK_VARIABLE}_FILE`],
  read(sources, path) {
    const { file } = sources;
    const channels =
      file === null ? [] : file.items<Written>(path).flatMap(({ item, path: at }) => one(sources, file, item, at));
    const bySlackVariable = sources.secret(SLACK_WEBHOOK_VARIABLE);
    if (bySlackVariable !== null) {
      if (isUrl(bySlackVariable.value, HTTP))
        channels.push({ name: "slack", type: "slack", webhook_url: bySlackVariable.value });
      else sources.problems.add(bySlackVariable.where, `<secret> given; must be ${startsWith(HTTP)}`);
    }
    const names = new Set<string>();
    for (const { name } of channels) {
      if (names.has(name)) {
        sources.problems.add(
          dotted(path),
          `a second channel with the name ${JSON.stringify(name)}${name === "slack" ? ` (${SLACK_WEBHOOK_VARIABLE} makes one, too)` : ""}`,
        );
      }
      names.add(name);
    }
    return channels;
  },
  write: (channels) => channels.map(written),
};

function one(sources: Sources, file: CheckedYaml, item: Written, at: Path): ChannelConfig[] {
  const { problems } = sources;
  const { name, type } = item;
  const before = problems.found.length;
  const say = (key: Key | null, message: string) => {
    const place = key === null ? at : [...at, key];
    problems.add(file.where(place), `${dotted(place)}: ${message}`);
  };
  for (const key of Object.keys(item) as Key[]) {
    if (key === "name" || key === "type" || KEYS[type].includes(key)) continue;
    say(key, `a channel of type ${type} has no such key; its keys are ${KEYS[type].join(", ")}`);
  }
  /** The value of a key, or of the file that KEY_file names. */
  const secret = (key: "webhook_url" | "bot_token" | "smtp_url" | "url" | "secret" | "routing_key"): string | null => {
    const fileKey = `${key}_file` as Key;
    const [value, from] = [item[key] as string | undefined, item[fileKey] as string | undefined];
    if (value !== undefined && from !== undefined) say(fileKey, `${key} is given as well; keep one of them`);
    if (from === undefined) return value ?? null;
    return sources.readFile(file.where([...at, fileKey]), from, file.directory);
  };
  const needed = <T>(key: Key, value: T | null | undefined): T => {
    if (value == null && problems.found.length === before) say(null, `a channel of type ${type} needs ${key}`);
    return value as T;
  };
  const url = (key: Key, value: string, starts: readonly string[]): string => {
    if (value != null && !isUrl(value, starts))
      say(key in item ? key : null, `<secret> given as ${key}; must be ${startsWith(starts)}`);
    return value;
  };
  const made = make();
  return problems.found.length === before ? [made] : [];

  function make(): ChannelConfig {
    if (type === "email") {
      const smtp_url = url("smtp_url", needed("smtp_url", secret("smtp_url")), SMTP);
      return { name, type, smtp_url, from: needed("from", item.from), to: needed("to", item.to) };
    }
    if (type === "webhook")
      return { name, type, url: url("url", needed("url", secret("url")), HTTP), secret: secret("secret") };
    if (type === "pagerduty") {
      const routing_key = needed("routing_key", secret("routing_key"));
      return { name, type, routing_key, url: url("url", item.url ?? PAGERDUTY_EVENTS, HTTP) };
    }
    const [webhook_url, bot_token] = [secret("webhook_url"), secret("bot_token")];
    if (webhook_url !== null && bot_token !== null) say(null, "webhook_url and bot_token given; say one of them");
    if (bot_token === null)
      return { name, type, webhook_url: url("webhook_url", needed("webhook_url", webhook_url), HTTP) };
    const slack_channel = needed("slack_channel", item.slack_channel);
    const api_url = url("api_url", item.api_url ?? SLACK_API, HTTP);
    if (URL.canParse(api_url) && new URL(api_url).username !== "")
      say("api_url", "<secret> given; must not hold a user or password: the bot logs in with bot_token");
    return { name, type, bot_token, slack_channel, api_url };
  }
}

function isUrl(text: string, starts: readonly string[]): boolean {
  return starts.some((start) => text.startsWith(start)) && URL.canParse(text);
}

function startsWith(starts: readonly string[]): string {
  return `a URL that starts with ${starts.join(" or ")}`;
}

function written(channel: ChannelConfig): object {
  const { name, type } = channel;
  if (channel.type === "email") {
    return { name, type, smtp_url: hideUrlSecrets(channel.smtp_url), from: channel.from, to: channel.to };
  }
  if (channel.type === "webhook") {
    return { name, type, url: "<secret>", ...(channel.secret === null ? {} : { secret: "<secret>" }) };
  }
  if (channel.type === "pagerduty") return { name, type, routing_key: "<secret>", url: hideUrlSecrets(channel.url) };
  if ("webhook_url" in channel) return { name, type, webhook_url: "<secret>" };
  return { name, type, bot_token: "<secret>", slack_channel: channel.slack_channel, api_url: channel.api_url };
}
