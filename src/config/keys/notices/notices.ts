import { orNull } from "../../format/field.ts";
import { duration } from "../../format/fields/duration.ts";
import { url } from "../../format/fields/url.ts";
import { wholeNumber } from "../../format/fields/whole-number.ts";
import { group, value } from "../../format/section.ts";
import { noticeChannels } from "./notice-channels.ts";
import { noticeDigests, noticeRoutes } from "./notice-routes.ts";
import type { NoticesConfig } from "./notices-types.ts";
import { quietHours } from "./quiet-hours.ts";

const link = (title: string, without: string) => value(orNull(url(title, ["http", "https"]), without));

/** Without a channel nobody is told. Without a route every channel is told of every pipeline. */
export const notices = group<NoticesConfig>("Who is told what, and when", {
  public_url: link("Where people reach this agent, for links in messages", "no links"),
  dashboard_url: link("The dashboard of a pipeline; {pipeline_name} and {code} are filled in", "no link"),
  runbook_url: link("The runbook of a reason; {pipeline_name} and {code} are filled in", "no link"),
  group_wait: value(duration("How long a new trouble waits for others with the same reason", "2s", "0s", "10m")),
  group_at: value(wholeNumber("So many pipelines with the same reason are told in one message", 5, 2, 10_000)),
  repeat_interval: value(duration("How often a trouble that goes on is told again", "4h", "1m", "30d")),
  quiet_hours: quietHours,
  channels: noticeChannels,
  routes: noticeRoutes,
  digests: noticeDigests,
});
