import type { FeatureSettings, JudgeSettings } from "../../domain/drift/drift.ts";
import { literalLength } from "../../domain/words/glob.ts";
import { GlobList } from "../../domain/words/glob-list.ts";

/** The configuration of drift: defaults, and settings of single pipelines and features (globs; the most specific one applies). */
export interface ConfiguredDrift extends JudgeSettings {
  features: readonly ({ pipeline_name: string; feature_name: string } & Partial<FeatureSettings>)[];
}

type Entry = ConfiguredDrift["features"][number];

/** The entries of one pattern of pipelines. */
interface Group {
  pipeline_name: string;
  entries: Entry[];
  features: GlobList;
}

/** The cache is emptied past this many entries, which bounds it: entries in use come back at once. */
const MOST_CACHED = 10_000;

/** The most specific pattern of pipelines first, and among its entries the most specific feature. */
export function driftSettingsOf(
  config: ConfiguredDrift,
): (pipeline_name: string, feature_name: string) => FeatureSettings {
  const { alpha, threshold, features } = config;
  if (features.length === 0) return () => ({ alpha, threshold });
  const groups = grouped(features);
  const pipelines = new GlobList(groups.map(({ pipeline_name }) => pipeline_name));
  const fitting = new Map<string, Group[]>();
  const groupsOf = (pipeline_name: string) => {
    let known = fitting.get(pipeline_name);
    if (known === undefined) {
      if (fitting.size >= MOST_CACHED) fitting.clear();
      known = mostSpecificFirst(groups, pipelines, pipeline_name);
      fitting.set(pipeline_name, known);
    }
    return known;
  };
  return (pipeline_name, feature_name) => {
    for (const { entries, features: globs } of groupsOf(pipeline_name)) {
      const own = entries[globs.best(feature_name)];
      if (own === undefined) continue;
      const { window, show_values } = own;
      return { alpha: own.alpha ?? alpha, threshold: own.threshold ?? threshold, window, show_values };
    }
    return { alpha, threshold, window: undefined };
  };
}

function grouped(features: readonly Entry[]): Group[] {
  const byPipeline = new Map<string, Entry[]>();
  for (const entry of features) {
    const same = byPipeline.get(entry.pipeline_name);
    if (same === undefined) byPipeline.set(entry.pipeline_name, [entry]);
    else same.push(entry);
  }
  return [...byPipeline].map(([pipeline_name, entries]) => ({
    pipeline_name,
    entries,
    features: new GlobList(entries.map(({ feature_name }) => feature_name)),
  }));
}

function mostSpecificFirst(groups: readonly Group[], pipelines: GlobList, pipeline_name: string): Group[] {
  const indexes: number[] = [];
  pipelines.each(pipeline_name, (index) => indexes.push(index));
  const literal = (index: number) => literalLength(groups[index]!.pipeline_name);
  return indexes.sort((a, b) => literal(b) - literal(a) || a - b).map((index) => groups[index]!);
}
