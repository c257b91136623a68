import type { NoticeSeverity } from "../../../domain/notices/trouble.ts";
import { formatTime } from "../../../domain/words/time.ts";
import type { LeasedNotice, Notifier } from "../../../ports.ts";
import { hideSecrets } from "../hide-secrets.ts";
import { httpPost } from "../http-post.ts";
import { urlLogin } from "../url-login.ts";
import { webhookBody } from "../webhook/webhook-body.ts";

export interface PagerDutySettings {
  name: string;
  /** The Events API v2: https://events.pagerduty.com/v2/enqueue */
  url: string;
  /** Also called integration key. */
  routing_key: string;
  timeout?: number;
}

const SEVERITY: Record<NoticeSeverity, string> = { critical: "critical", warning: "warning", info: "info" };
/** Most characters of `payload.summary`. */
const LONGEST_SUMMARY = 1024;

/** Opens, updates and resolves one incident a thread, by its dedup_key: a message that is sent twice changes nothing. */
export function pagerDutyNotifier({ name, url, routing_key, timeout }: PagerDutySettings): Notifier {
  const login = urlLogin(url);
  const hide = hideSecrets([routing_key, ...login.secrets]);
  return {
    channel: name,
    threads: true,
    send: (notice) =>
      httpPost({
        url: login.url,
        body: JSON.stringify({ routing_key, ...pagerDutyEvent(notice) }),
        headers: login.headers,
        hide,
        api: true,
        ...(timeout === undefined ? {} : { timeout }),
      }),
    close() {},
  };
}

export function pagerDutyEvent(notice: Pick<LeasedNotice, "notice_id" | "message" | "thread">) {
  const { message, thread, notice_id } = notice;
  const [first] = message.pipelines;
  return {
    event_action: message.kind === "resolved" ? "resolve" : "trigger",
    dedup_key: `sluice-${thread?.thread_id ?? notice_id}`,
    client: "Sluice",
    ...(message.links[0] === undefined ? {} : { client_url: message.links[0].url }),
    links: message.links.map(({ label, url }) => ({ href: url, text: label })),
    payload: {
      summary: message.title.slice(0, LONGEST_SUMMARY),
      source: message.total === 1 && first !== undefined ? first.pipeline_name : "sluice",
      severity: SEVERITY[message.severity],
      timestamp: formatTime(message.since),
      class: message.code ?? message.kind,
      group: "data_pipeline",
      custom_details: webhookBody(notice),
    },
  };
}
