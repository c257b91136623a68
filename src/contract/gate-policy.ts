import Type, { type TSchema } from "typebox";
import { Name } from "./fields.ts";

/** A gate's policy as it is written in sluice.yaml and in the body of an evaluation: durations are texts, every key may be left out. */

/** What a rule of a policy does when it finds something. */
export const EFFECTS = ["block", "warn", "off"] as const;

export const Effect = Type.Unsafe<(typeof EFFECTS)[number]>({
  type: "string",
  enum: [...EFFECTS],
  description: `one of ${EFFECTS.join(", ")}`,
});

/** What a rule does about something unknown. */
export const UNKNOWN_EFFECTS = ["unknown", ...EFFECTS] as const;

export const UnknownEffect = Type.Unsafe<(typeof UNKNOWN_EFFECTS)[number]>({
  type: "string",
  enum: [...UNKNOWN_EFFECTS],
  description: `one of ${UNKNOWN_EFFECTS.join(", ")}`,
});

const share = "a number from 0 to 1 such as 0.95";
export const PolicyShare = Type.Number({ minimum: 0, maximum: 1, description: share });

export const PolicyShareOrNull = Type.Unsafe<number | null>({
  type: ["number", "null"],
  minimum: 0,
  maximum: 1,
  description: `${share}, or null (not looked at)`,
});

/** At most 999999 of its unit: well within what a number of milliseconds holds. */
export const DurationOrNull = Type.Unsafe<string | null>({
  type: ["string", "null"],
  pattern: "^[1-9]\\d{0,5}[smhd]$",
  description: "a duration above 0 such as 90s, 45m, 26h, 7d, or null (no limit)",
});

const Pattern = (what: string) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: "^[^\\p{Cc}\\p{Cs}]+$",
    description: `the name of a ${what}, or a glob in which * is any text and ? one character`,
  });

/** Names only: what a glob stands for depends on which pipelines there are, and a cycle could not be seen. */
const PipelineName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^(?!\\.{1,2}$)[^\\p{Cc}\\p{Cs}*?]+$",
  description: "the name of a pipeline (no glob: which pipelines it waits for has to be said)",
});

/** Each pattern of a list is held against each name that a run reported. */
const MOST_ITEMS = 1000;

function list<T extends TSchema>(
  items: T,
  description: string,
  { uniqueItems, maxItems }: { uniqueItems?: boolean; maxItems?: number } = {},
) {
  return Type.Unsafe<Type.Static<T>[] | null>({
    type: ["array", "null"],
    items,
    description: maxItems === undefined ? `${description}; at most ${MOST_ITEMS}` : description,
    maxItems: maxItems ?? MOST_ITEMS,
    ...(uniqueItems === undefined ? {} : { uniqueItems }),
  });
}

const CheckRule = Type.Object(
  { check_name: Pattern("check"), minimum: Type.Optional(PolicyShare), effect: Type.Optional(Effect) },
  { additionalProperties: false, minProperties: 2, description: "a check_name (or glob), and a minimum or an effect" },
);

const StageMinimum = Type.Object(
  {
    stage: Pattern("stage"),
    count: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "a whole number from 0" }),
  },
  { additionalProperties: false, description: "a stage (or glob) and a count" },
);

const factor = { minimum: 0, description: "a number from 0 such as 0.95" };
const Ratio = Type.Object(
  { stage: Name, of: Name, minimum: Type.Number(factor), maximum: Type.Number(factor) },
  { additionalProperties: false, description: "a stage, the stage it is held against (of), a minimum and a maximum" },
);

const driftEffects = {
  drifted: Effect,
  no_data: Effect,
  inconclusive: Effect,
  missing: Effect,
  retyped: Effect,
};

const FeatureRule = Type.Object(
  { feature_name: Pattern("feature"), ...optional(driftEffects) },
  {
    additionalProperties: false,
    minProperties: 2,
    description: "a feature_name (or glob), and drifted, no_data, inconclusive, missing or retyped",
  },
);

const Latency = Type.Object(
  {
    operation: Name,
    quantile: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: "a number above 0 and at most 1 such as 0.99",
    }),
    maximum_seconds: Type.Number({ exclusiveMinimum: 0, description: "seconds, a number above 0" }),
    effect: Type.Optional(Effect),
  },
  { additionalProperties: false, description: "an operation, a quantile, maximum_seconds and perhaps an effect" },
);

const rules = {
  run: Effect,
  max_duration: DurationOrNull,
  attach_window: DurationOrNull,
  latency: list(Latency, "a list of latencies"),
  rejected: UnknownEffect,
  alerts: Effect,
  upstream: Effect,
  on_unknown: Type.Unsafe<"block" | "allow">({
    type: "string",
    enum: ["block", "allow"],
    description: "one of block, allow",
  }),
  max_age: DurationOrNull,
};

const groups = {
  quality: {
    failed: Effect,
    warned: Effect,
    errored: Effect,
    minimum: PolicyShareOrNull,
    overall: Effect,
    checks: list(CheckRule, "a list of checks"),
  },
  records: {
    below_minimum: Effect,
    minimum: list(StageMinimum, "a list of stages and counts"),
    nonzero: list(Pattern("stage"), "a list of stages, each once", { uniqueItems: true }),
    may_be_zero: list(Pattern("stage"), "a list of stages, each once", { uniqueItems: true }),
    zero: Effect,
    rejected: Effect,
    rejected_share: PolicyShareOrNull,
    all_rejected: Effect,
    ratios: list(Ratio, "a list of ratios"),
    ratio: Effect,
  },
  drift: { ...driftEffects, features: list(FeatureRule, "a list of features") },
  schema: { removed: Effect, renamed: Effect, retyped: Effect, learned: Effect, added: Effect },
  freshness: {
    max_lag: DurationOrNull,
    datasets: list(Pattern("dataset"), "a list of datasets, each once", { uniqueItems: true }),
    stale: Effect,
  },
  requires: {
    checks: list(Pattern("check"), "a list of checks, each once", { uniqueItems: true }),
    stages: list(Pattern("stage"), "a list of stages, each once", { uniqueItems: true }),
    features: list(Pattern("feature"), "a list of features, each once", { uniqueItems: true }),
  },
};

const depends_on = list(PipelineName, "a list of at most 100 pipeline names, each once", {
  uniqueItems: true,
  maxItems: 100,
});

/** The schema of each key, by its place. What a key is for and what holds without it: src/domain/gate/policy/policy-keys.ts. */
export const POLICY_KEYS = { ...rules, ...groups, depends_on };

/** What another consumer may see otherwise: all but the upstreams. */
export const consumerOverlayKeys = { ...optional(rules), ...optionalGroups(groups) };

export const policyOverlayKeys = { ...consumerOverlayKeys, depends_on: Type.Optional(depends_on) };

export const PolicyOverlay = Type.Object(policyOverlayKeys, {
  additionalProperties: false,
  description: `keys and values of a policy: ${Object.keys(policyOverlayKeys).join(", ")}`,
});

/** As it is written: see readOverlay. */
export type WrittenOverlay = Type.Static<typeof PolicyOverlay>;

function optional<P extends Record<string, TSchema>>(properties: P) {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, Type.Optional(schema)])) as {
    [K in keyof P]: Type.TOptional<P[K]>;
  };
}

function optionalGroups<G extends Record<string, Record<string, TSchema>>>(all: G) {
  return Object.fromEntries(Object.entries(all).map(([key, group]) => [key, Type.Optional(keys(group))])) as {
    [K in keyof G]: Type.TOptional<ReturnType<typeof keys<G[K]>>>;
  };
}

/** Nothing below the key is the same as no key. */
function keys<P extends Record<string, TSchema>>(properties: P) {
  const known = optional(properties);
  return Type.Unsafe<Type.Static<Type.TObject<typeof known>> | null>({
    ...Type.Object(known, {
      additionalProperties: false,
      description: `keys and values; the keys are ${Object.keys(properties).join(", ")}`,
    }),
    type: ["object", "null"],
  });
}
