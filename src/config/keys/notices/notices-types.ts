import type { DigestPeriod } from "../../../domain/notices/digest.ts";
import type { QuietHours } from "../../../domain/notices/plan/quiet-hours.ts";
import type { NoticeSeverity } from "../../../domain/notices/trouble.ts";

/** Who is told what, and when. No channel: nobody. Durations are milliseconds. */
export interface NoticesConfig {
  /** Where people reach this agent; null: messages have no link to it. */
  public_url: string | null;
  /** Templates with {pipeline_name} and {code}. */
  dashboard_url: string | null;
  runbook_url: string | null;
  group_wait: number;
  group_at: number;
  repeat_interval: number;
  quiet_hours: QuietHours | null;
  channels: ChannelConfig[];
  routes: NoticeRouteConfig[];
  digests: DigestConfig[];
}

export type ChannelConfig = { name: string } & (
  | { type: "slack"; webhook_url: string }
  | { type: "slack"; bot_token: string; slack_channel: string; api_url: string }
  | { type: "email"; smtp_url: string; from: string; to: string[] }
  | { type: "webhook"; url: string; secret: string | null }
  | { type: "pagerduty"; routing_key: string; url: string }
);

export interface NoticeRouteConfig {
  /** A glob; null: every pipeline, or those of the team. */
  pipeline_name: string | null;
  team: string | null;
  severity: NoticeSeverity;
  channels: string[];
}

export interface DigestConfig {
  period: DigestPeriod;
  team: string | null;
  cron: string;
  timezone: string;
  channels: string[];
}
