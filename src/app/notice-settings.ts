import type { Config } from "../config.ts";
import type { NoticeRoute } from "../domain/notices/routes.ts";

/** The configured routes, teams written out; without one every channel is told of every pipeline. */
export function noticeRoutesOf({ notices: { channels, routes }, teams }: Config): NoticeRoute[] {
  if (routes.length === 0) {
    return [{ pipelines: null, severity: "warning", channels: channels.map(({ name }) => name) }];
  }
  return routes.map(({ pipeline_name, team, severity, channels: names }) => ({
    pipelines: team === null ? (pipeline_name === null ? null : [pipeline_name]) : pipelinesOf(teams, team),
    severity,
    channels: names,
  }));
}

export function pipelinesOf(teams: Config["teams"], team: string): string[] {
  return teams.find((one) => one.team === team)?.pipelines ?? [];
}
