import type { NoticesConfig, Team } from "../../config.ts";
import type { NoticeRoute } from "../../domain/notices/plan/routes.ts";
import { teamOf } from "../../domain/notices/team.ts";
import { matchesGlob } from "../../domain/words/glob.ts";

/** The configured routes; without one every channel is told of every pipeline. */
export function noticeRoutesOf({ channels, routes }: NoticesConfig, teams: readonly Team[]): NoticeRoute[] {
  if (routes.length === 0) {
    return [{ covers: () => true, severity: "warning", channels: channels.map(({ name }) => name) }];
  }
  return routes.map(({ pipeline_name, team, severity, channels: names }) => ({
    covers: (name) =>
      team === null ? pipeline_name === null || matchesGlob(pipeline_name, name) : teamOf(teams, name) === team,
    severity,
    channels: names,
  }));
}
