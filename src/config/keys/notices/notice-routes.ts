import { Cron } from "croner";
import type { NoticeSeverity } from "../../../domain/notices/trouble.ts";
import type { Section } from "../../format/section.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import { DigestSchema, listOf, RouteSchema } from "./notices-schema.ts";
import type { DigestConfig, NoticeRouteConfig } from "./notices-types.ts";
import { isTimezone, TIMEZONE } from "./timezone.ts";

interface WrittenRoute {
  pipeline_name?: string;
  team?: string;
  severity?: NoticeSeverity;
  channels: string[];
}

export const noticeRoutes: Section<NoticeRouteConfig[]> = {
  schema: listOf(RouteSchema, "Which channels are told of which pipelines; none: all of all", "a list of routes"),
  variables: [],
  read({ file, problems }, path) {
    return (file?.items<WrittenRoute>(path) ?? []).map(({ item, path: at }) => {
      const { pipeline_name = null, team = null, severity = "warning", channels } = item;
      if (pipeline_name !== null && team !== null) {
        problems.add(file!.where(at), `${dotted(at)}: pipeline_name and team given; say one of them`);
      }
      return { pipeline_name, team, severity, channels };
    });
  },
  write: (routes) => routes.map(withoutNulls),
};

interface WrittenDigest extends Pick<DigestConfig, "period" | "channels"> {
  team?: string;
  cron?: string;
  timezone?: string;
}

const AT_EIGHT = { day: "0 8 * * *", week: "0 8 * * 1" } as const;

export const noticeDigests: Section<DigestConfig[]> = {
  schema: listOf(DigestSchema, "Summaries of a day or a week", "a list of digests"),
  variables: [],
  read({ file, problems }, path) {
    return (file?.items<WrittenDigest>(path) ?? []).map(({ item, path: at }) => {
      const { period, team = null, cron = AT_EIGHT[period], timezone = "UTC", channels } = item;
      const wrong = (key: string, given: string, wanted: string) =>
        problems.add(
          file!.where([...at, key]),
          `${dotted([...at, key])}: ${JSON.stringify(given)} given; must be ${wanted}`,
        );
      if (!isCron(cron)) {
        wrong("cron", cron, "a cron expression of five fields such as 0 8 * * *");
      }
      if (!isTimezone(timezone)) wrong("timezone", timezone, TIMEZONE);
      return { period, team, cron, timezone, channels };
    });
  },
  write: (digests) => digests.map(withoutNulls),
};

function isCron(expression: string): boolean {
  try {
    return new Cron(expression, { paused: true, mode: "5-part" }).nextRun() !== null;
  } catch {
    return false;
  }
}

function withoutNulls(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}
