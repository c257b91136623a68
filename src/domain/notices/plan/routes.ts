import { isGraver, type NoticeSeverity } from "../trouble.ts";

/** Who is told of which pipelines. */
export interface NoticeRoute {
  covers: (pipeline_name: string) => boolean;
  /** The least that is told. */
  severity: NoticeSeverity;
  /** Names of channels. */
  channels: readonly string[];
}

/** The channels that are told of a trouble of this severity: those of every route that fits, each once. */
export function channelsFor(
  routes: readonly NoticeRoute[],
  pipeline_name: string,
  severity: NoticeSeverity,
): Set<string> {
  const channels = new Set<string>();
  for (const route of routes) {
    if (isGraver(severity, route.severity) || severity === route.severity) {
      if (route.covers(pipeline_name)) for (const channel of route.channels) channels.add(channel);
    }
  }
  return channels;
}
