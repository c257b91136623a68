import { SECTIONS } from "./sections.ts";
import type { Config } from "./types.ts";

/** The configuration as sluice.yaml would say it: durations and sizes as texts, secrets (passwords in URLs too) as `<secret>`. */
export function describeConfig(config: Config): Record<string, unknown> {
  const write = <K extends keyof Config>(key: K): unknown => SECTIONS[key].write(config[key]);
  return Object.fromEntries((Object.keys(SECTIONS) as (keyof Config)[]).map((key) => [key, write(key)]));
}
