import { matchesGlob } from "../glob.ts";
import { isGraver, type NoticeSeverity } from "../notice.ts";

/** Who is told of which pipelines. */
export interface NoticeRoute {
  /** Names or globs; null: all. */
  pipelines: readonly string[] | null;
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
    if (isGraver(route.severity, severity)) continue;
    if (route.pipelines !== null && !route.pipelines.some((glob) => matchesGlob(glob, pipeline_name))) continue;
    for (const channel of route.channels) channels.add(channel);
  }
  return channels;
}
