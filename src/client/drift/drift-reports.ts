import { summaryIn } from "../../histogram/summary/summary-in.ts";
import { currentHistogram } from "../histogram/current-histogram.ts";
import {
  FEATURE_KINDS,
  type FeatureInput,
  type FeatureKind,
  type FeaturesGiven,
  type FeatureValue,
  type FeatureValues,
  type ReferenceBins,
} from "../histogram/feature.ts";
import type { FeatureSummary } from "../histogram/feature-summary.ts";
import { plainNumber } from "../report/plain-number.ts";
import { countProblem, type Problems, shown } from "../report/problems.ts";
import type { FeatureReportBody } from "../report/wire.ts";
import type { References } from "./references.ts";

/** A feature that is not sent. `problem` is for people; `why` has no value of the data in it. */
export interface RefusedFeature {
  feature_name: unknown;
  problem: string;
  why: string;
}

export interface DriftDeps {
  problems: Problems;
  references: References;
  put(features: Record<string, FeatureReportBody>): void;
  refuse(refused: RefusedFeature): void;
}

/** Features of one report are judged together (Benjamini–Hochberg), so they are split only where they must. */
const MOST_FEATURES = 10_000;
const MOST_CHARACTERS = 300_000;

interface Values {
  values: FeatureValues;
  nulls: number;
  /** What the caller says they are. */
  kind: FeatureKind | undefined;
}

/** Reports the features: at once where no reference has to be fetched, else when it is there. Never breaks, unless `refuse` throws. */
export async function driftReports(
  pipeline_name: string,
  given: FeaturesGiven,
  kinds: Readonly<Record<string, FeatureKind>>,
  deps: DriftDeps,
): Promise<void> {
  if (typeof given !== "object" || given === null || isList(given)) {
    const problem = `features: ${shown(given)} given; must be an object of features by name`;
    deps.refuse({ feature_name: "?", problem, why: problem });
    return;
  }
  const features = new Map<string, FeatureReportBody | Values>();
  for (const [name, input] of given instanceof Map ? given : Object.entries(given)) {
    const read = carefully(() => readFeature(name, input, kinds, deps.problems));
    if (typeof read === "string") deps.refuse({ feature_name: name, problem: read, why: withoutValue(read) });
    else features.set(name, read);
  }
  const needsReference = [...features.values()].some(isValues);
  let references: ReadonlyMap<string, ReferenceBins> | null = null;
  if (needsReference) {
    const known = deps.references.known(pipeline_name);
    references = known === undefined ? await deps.references.load(pipeline_name) : known;
  }
  putAll(built(features, references, deps), deps);
}

function built(
  features: ReadonlyMap<string, FeatureReportBody | Values>,
  references: ReadonlyMap<string, ReferenceBins> | null,
  deps: DriftDeps,
): [string, FeatureReportBody][] {
  const reports: [string, FeatureReportBody][] = [];
  for (const [name, feature] of features) {
    if (!isValues(feature)) {
      reports.push([name, feature]);
      continue;
    }
    const made = carefully(() => currentHistogram(feature.values, references?.get(name) ?? null, feature.kind));
    const problem = typeof made === "string" ? made : made.ok ? null : made.problem;
    if (problem !== null) {
      deps.refuse({ feature_name: name, problem: `${shown(name)}: ${problem}`, why: withoutValue(problem) });
    } else if (typeof made !== "string" && made.ok) {
      reports.push([name, { ...made.histogram, nulls: made.histogram.nulls + feature.nulls }]);
    }
  }
  return reports;
}

/** Values may be anything, also objects that break when they are read. */
function carefully<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return `it cannot be read: ${String(error)}`;
  }
}

/** Values do not leave the process, not even a wrong one. */
function withoutValue(problem: string): string {
  return problem.replace(/^((?:.*: )?values\[\d+\]: |).* given; /s, "$1a value given; ");
}

function putAll(features: [string, FeatureReportBody][], deps: DriftDeps): void {
  if (features.length === 0) return;
  const tooMany = features.length > MOST_FEATURES;
  if (features.length > 1 && (tooMany || JSON.stringify(features).length > MOST_CHARACTERS)) {
    const middle = features.length >> 1;
    putAll(features.slice(0, middle), deps);
    putAll(features.slice(middle), deps);
    return;
  }
  deps.put(Object.fromEntries(features));
}

function isValues(feature: FeatureReportBody | Values): feature is Values {
  return "values" in feature;
}

/** A copy that the caller's later changes do not reach, or what is wrong. */
function readFeature(
  name: string,
  input: FeatureInput,
  kinds: Readonly<Record<string, FeatureKind>>,
  problems: Problems,
): FeatureReportBody | Values | string {
  const wrongName = problems.name("feature_name", name);
  if (wrongName !== null) return wrongName;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : (input as { kind?: FeatureKind } | null)?.kind;
  if (kind !== undefined && !FEATURE_KINDS.includes(kind)) {
    return `${shown(name)}: kind: ${shown(kind)} given; must be one of ${FEATURE_KINDS.join(", ")}`;
  }
  if (isList(input)) return { values: snapshot(input), nulls: 0, kind };
  const wanted = "must be a list of values, { values }, { counts }, { edges, counts } or { categories }";
  if (typeof input !== "object" || input === null) return `${shown(name)}: ${shown(input)} given; ${wanted}`;
  const { nulls: givenNulls = 0, ...form } = input;
  const nulls = plainNumber(givenNulls);
  const wrongNulls = countProblem(`${shown(name)}: nulls`, nulls);
  if (wrongNulls !== null) return wrongNulls;
  if ("values" in form && isList(form.values)) return { values: snapshot(form.values), nulls, kind };
  if ("counts" in form && isList(form.counts)) {
    if (kind === "categorical") return `${shown(name)}: kind: "categorical" given with counts of bins; ${wanted}`;
    return readCounts(name, form, nulls);
  }
  if ("categories" in form && typeof form.categories === "object" && form.categories !== null) {
    if (kind === "numeric" || kind === "days")
      return `${shown(name)}: kind: "${kind}" given with categories; ${wanted}`;
    const categories = Object.entries(form.categories).map(([key, count]) => [key, plainNumber(count)] as const);
    const wrong = firstWrongCount(
      name,
      categories.map(([, count]) => count),
    );
    const folded = plainNumber(form.folded);
    const wrongFolded = folded === undefined ? null : countProblem(`${shown(name)}: folded`, folded);
    return wrong ?? wrongFolded ?? { categories: Object.fromEntries(categories), folded, nulls };
  }
  return `${shown(name)}: ${shown(input)} given; ${wanted}`;
}

function readCounts(
  name: string,
  form: { counts: ArrayLike<number>; edges?: ArrayLike<number> } & FeatureSummary,
  nulls: number,
): FeatureReportBody | string {
  const { edges } = form;
  const counts = Array.from(form.counts, plainNumber<number>);
  const wrong = firstWrongCount(name, counts);
  if (wrong !== null) return wrong;
  if (edges === undefined) return { counts, nulls };
  if (edges.length !== counts.length + 1) {
    return `${shown(name)}: ${counts.length} counts and ${edges.length} edges given; must be one edge more than counts`;
  }
  return { edges: Array.from(edges), counts, nulls, ...structuredClone(summaryIn(form)) };
}

function firstWrongCount(name: string, counts: readonly unknown[]): string | null {
  for (const count of counts) {
    const problem = countProblem(`${shown(name)}: counts`, count);
    if (problem !== null) return problem;
  }
  return null;
}

function isList(input: unknown): input is ArrayLike<FeatureValue> {
  return Array.isArray(input) || (ArrayBuffer.isView(input) && "length" in input);
}

/** The values as they are now. Numbers are packed, so that a million of them wait in 8 MB. */
function snapshot(values: FeatureValues): FeatureValues {
  if (ArrayBuffer.isView(values)) return (values as unknown as { slice(): FeatureValues }).slice();
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) numbers[i] = Number.NaN;
    else if (typeof value === "number") numbers[i] = value;
    else return Array.from(values);
  }
  return numbers;
}
