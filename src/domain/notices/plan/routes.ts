import { isGraver, type NoticeSeverity } from "../trouble.ts";

/** Which channels receive notices about which pipelines. */
export interface NoticeRoute {
  covers: (pipeline_name: string) => boolean;
  /** The mildest severity that is sent. */
  severity: NoticeSeverity;
  /** Names of channels. */
  channels: readonly string[];
}

/** The channels of every route that matches the pipeline and severity, each once. */
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
