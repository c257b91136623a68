import { formatDuration, parseDuration } from "../../words/duration.ts";
import type { Effect, LatencyPolicy, PolicyOverlay, UnknownEffect } from "./policy.ts";

/** A policy as it is written: durations as texts (`26h`), null where a list or a group has nothing in it. */
export interface WrittenPolicy {
  max_duration?: string | null;
  attach_window?: string | null;
  max_age?: string | null;
  quality?: OrNothing<NonNullable<PolicyOverlay["quality"]>> | null;
  records?: OrNothing<NonNullable<PolicyOverlay["records"]>> | null;
  drift?: OrNothing<NonNullable<PolicyOverlay["drift"]>> | null;
  requires?: OrNothing<NonNullable<PolicyOverlay["requires"]>> | null;
  freshness?: { max_lag?: string | null; datasets?: string[] | null; stale?: Effect } | null;
  latency?: WrittenLatency[] | null;
  depends_on?: string[] | null;
  run?: Effect;
  rejected?: UnknownEffect;
  alerts?: Effect;
  upstream?: Effect;
  on_unknown?: "block" | "allow";
}

export type WrittenLatency = Omit<LatencyPolicy, "effect"> & { effect?: Effect };

export function latencyRule(written: WrittenLatency): LatencyPolicy {
  return { ...written, effect: written.effect ?? "block" };
}

/** Lists may be null. */
type OrNothing<G> = { [K in keyof G]: G[K] extends readonly unknown[] | undefined ? G[K] | null : G[K] };

/** It has the right shape: it was held against the schema. */
export function readPolicy(written: WrittenPolicy): PolicyOverlay {
  const { max_duration, attach_window, max_age, freshness, latency, quality, records, drift, requires, ...rest } =
    written;
  const others = said<PolicyOverlay>({
    ...rest,
    quality: quality && { ...said(quality), ...limits({ minimum: quality.minimum }) },
    records: records && { ...said(records), ...limits({ rejected_share: records.rejected_share }) },
    drift: drift && said(drift),
    requires: requires && said(requires),
    freshness: freshness && { ...said(freshness), ...limits({ max_lag: readSpan(freshness.max_lag) }) },
    latency: latency?.map(latencyRule),
  });
  const spans = {
    max_duration: readSpan(max_duration),
    attach_window: readSpan(attach_window),
    max_age: readSpan(max_age),
  };
  return { ...others, ...limits(spans) };
}

export function writePolicy(overlay: PolicyOverlay): WrittenPolicy {
  const { max_duration, attach_window, max_age, freshness, ...rest } = overlay;
  const { max_lag, ...others } = freshness ?? {};
  return {
    ...rest,
    ...limits({
      max_duration: writeSpan(max_duration),
      attach_window: writeSpan(attach_window),
      max_age: writeSpan(max_age),
    }),
    ...(freshness && { freshness: { ...others, ...limits({ max_lag: writeSpan(max_lag) }) } }),
  };
}

function readSpan(text: string | null | undefined): number | null | undefined {
  return typeof text === "string" ? parseDuration(text) : text;
}

function writeSpan(ms: number | null | undefined): string | null | undefined {
  return typeof ms === "number" ? formatDuration(ms) : ms;
}

/** Without the keys that say nothing, so that what they would be laid over stays: a null here is a key with nothing below it. */
function said<T extends object>(values: { [K in keyof T]: unknown }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)) as T;
}

/** The null of a limit says something: there is none. */
function limits<L extends object>(values: L): { [K in keyof L]?: Exclude<L[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
