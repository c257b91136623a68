import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type WebClientOptions,
} from "@slack/web-api";
import type { NoticeMessage } from "../../../domain/notices/words/message.ts";
import type { LeasedNotice, Notifier, SendOutcome } from "../../../ports.ts";
import { classifyStatus, noAnswer, notTheChannel, SEND_TIMEOUT_MS } from "../classify.ts";
import { type HideSecrets, hideSecrets } from "../hide-secrets.ts";
import { slackMessage } from "./slack-blocks.ts";

export interface SlackBotSettings {
  name: string;
  /** xoxb-…, with the scope chat:write. */
  bot_token: string;
  /** The channel's ID, or its name with #. */
  slack_channel: string;
  /** https://slack.com/api/ */
  api_url: string;
  timeout?: number;
}

/** Where Slack keeps the first message of a thread. */
interface SlackRef {
  channel: string;
  ts: string;
}

/** Errors of Slack after which sending again may help: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const PASSING = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
/** Slack's error where the first message of the thread was deleted: later messages are then posted outside a thread. */
const GONE = new Set(["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"]);
const SILENT_LOGGER = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => "error",
  setName() {},
} as unknown as NonNullable<WebClientOptions["logger"]>;

/** Posts as a bot: later messages go into the thread of the first one, which is edited to show the current state. */
export function slackBotNotifier(settings: SlackBotSettings): Notifier {
  const { name, bot_token, slack_channel, api_url, timeout = SEND_TIMEOUT_MS } = settings;
  const hide = hideSecrets([bot_token]);
  const client = new WebClient(bot_token, {
    slackApiUrl: api_url,
    // The courier retries, not the library.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: SILENT_LOGGER,
    allowAbsoluteUrls: false,
  });
  return {
    channel: name,
    threads: true,
    async send({ message, thread }): Promise<SendOutcome> {
      try {
        const first = thread?.ref as SlackRef | null | undefined;
        if (first == null) return { outcome: "ok", ref: await post(client, slack_channel, message, null) };
        // Edits before it posts: a failed attempt is repeated from the start, and editing twice does no harm.
        await showOn(client, first, message);
        await post(client, first.channel, message, first.ts);
        return { outcome: "ok", ref: null };
      } catch (error) {
        return classify(error, hide);
      }
    },
    close() {},
  };
}

type Sent = LeasedNotice["message"];

async function post(client: WebClient, channel: string, message: Sent, thread_ts: string | null): Promise<SlackRef> {
  const sent = await client.apiCall("chat.postMessage", {
    channel,
    ...slackMessage(message),
    unfurl_links: false,
    unfurl_media: false,
    ...(thread_ts === null ? {} : { thread_ts, reply_broadcast: tellsAll(message) }),
  });
  const { channel: id, ts } = sent as { channel?: string; ts?: string };
  return { channel: id ?? channel, ts: ts ?? "" };
}

/** Messages that are also shown in the channel: readers outside the thread see that a trouble is back, or still open. */
function tellsAll({ kind, severity }: NoticeMessage): boolean {
  return (kind === "again" || kind === "reminder") && severity === "critical";
}

async function showOn(client: WebClient, { channel, ts }: SlackRef, message: Sent): Promise<void> {
  try {
    await client.apiCall("chat.update", { channel, ts, ...slackMessage(message) });
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError && GONE.has(error.data.error))) throw error;
  }
}

function classify(error: unknown, hide: HideSecrets): SendOutcome {
  if (error instanceof WebAPIRateLimitedError) {
    return { outcome: "retry", reason: "HTTP 429: rate limited", after: error.retryAfter * 1000 };
  }
  if (error instanceof WebAPIHTTPError) {
    const headers = new Headers(error.headers as Record<string, string>);
    const body = typeof error.body === "string" ? error.body : JSON.stringify(error.body ?? "");
    return (
      classifyStatus(error.statusCode, headers.get("retry-after"), body, hide, Date.now()) ?? noAnswer(error, hide)
    );
  }
  if (error instanceof WebAPIPlatformError) {
    const code = String(error.data.error);
    // Slack's codes are words; any other text comes from something in between.
    if (!/^\w+$/.test(code)) return notTheChannel(code, hide) ?? noAnswer(error, hide);
    const reason = hide(`Slack says ${code}`);
    return PASSING.has(code) ? { outcome: "retry", reason, after: null } : { outcome: "permanent", reason };
  }
  return noAnswer(error, hide);
}
