import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import { kindOfValues, strayValues } from "../../../histogram/kind-of-values.ts";
import type { DataError } from "../data-error.ts";
import type { DriftSettings } from "../drift-settings.ts";

export const MOST_BINS = 1_000;
/** Most names or counts of one feature: a larger report would delay all others. */
export const MOST_CATEGORIES = 10_000;
export const MOST_COUNTS = 10_000;
/** Most values of one feature: numbers, and texts or booleans. */
export const MOST_VALUES = 1_000_000;
export const MOST_TEXT_VALUES = 200_000;
/** Most messages about one histogram: a column of ten million strings would be ten million. */
const MOST_ERRORS_OF_A_LIST = 10;

/**
 * Everything that can be wrong with a histogram as sent, found at once; an empty list means it can be used. Bad data
 * never throws; the types of the fields are not relied on.
 *
 * - exactly one form: counts, edges with counts, values, or categories
 * - a count is an integer from 0 to 2^53 − 1: a greater one is not the number that was sent any more
 * - edges are finite, each greater than the one before, one more than the counts
 * - values are of one kind: numbers, or strings, or booleans (null anywhere)
 * - at most 10 000 counts or categories, 1 000 000 numeric values, 200 000 others
 * - bins (1 to 1 000) and method only with numeric values
 */
export function validateHistogram(input: HistogramInput): DataError[] {
  const forms = (["counts", "values", "categories"] as const).filter((form) => input[form] !== undefined);
  const errors: DataError[] = [];
  if (forms.length !== 1) {
    const given = forms.length === 0 ? "none was given" : `${forms.join(" and ")} were given`;
    errors.push({ path: "", message: `exactly one of counts, values and categories is needed; ${given}` });
  }
  if (input.counts !== undefined) errors.push(...countErrors(input.counts));
  if (input.edges !== undefined) errors.push(...edgeErrors(input.edges, input.counts));
  if (input.values !== undefined) errors.push(...valueErrors(input.values));
  if (input.categories !== undefined) errors.push(...categoryErrors(input.categories));
  if (input.nulls !== undefined && !isCount(input.nulls)) errors.push(notACount("/nulls", input.nulls));
  errors.push(...binningErrors(input));
  return errors;
}

/** The errors of alpha and threshold as configured or sent. */
export function validateDriftSettings({ alpha, threshold }: DriftSettings): DataError[] {
  const errors: DataError[] = [];
  if (alpha !== undefined && !(typeof alpha === "number" && alpha > 0 && alpha < 1)) {
    errors.push({ path: "/alpha", message: `alpha is a probability above 0 and below 1; ${shown(alpha)} was given` });
  }
  if (threshold !== undefined && !(Number.isFinite(threshold) && threshold > 0)) {
    errors.push({ path: "/threshold", message: `threshold is a PSI above 0; ${shown(threshold)} was given` });
  }
  return errors;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function notACount(path: string, value: unknown): DataError {
  return { path, message: `a count is an integer from 0 to ${Number.MAX_SAFE_INTEGER}; ${shown(value)} was given` };
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function notAList(path: string, value: unknown): DataError {
  return { path, message: `a list is needed; ${shown(value)} was given` };
}

function countErrors(counts: ArrayLike<unknown>): DataError[] {
  if (!isList(counts)) return [notAList("/counts", counts)];
  if (counts.length === 0) return [{ path: "/counts", message: "at least one bin is needed; the list is empty" }];
  if (counts.length > MOST_COUNTS) return [tooMany("/counts", MOST_COUNTS, "counts", counts.length)];
  const errors: DataError[] = [];
  for (let i = 0; i < counts.length && errors.length < MOST_ERRORS_OF_A_LIST; i++) {
    if (!isCount(counts[i])) errors.push(notACount(`/counts/${i}`, counts[i]));
  }
  return errors;
}

function edgeErrors(edges: ArrayLike<unknown>, counts: ArrayLike<unknown> | undefined): DataError[] {
  if (!isList(edges)) return [notAList("/edges", edges)];
  const errors: DataError[] = [];
  if (counts === undefined) {
    errors.push({ path: "/edges", message: "edges come with counts, one less than there are edges; none were given" });
  } else if (isList(counts) && edges.length !== counts.length + 1) {
    const needed = counts.length + 1;
    errors.push({
      path: "/edges",
      message: `${counts.length} counts need ${needed} edges; ${edges.length} were given`,
    });
  }
  for (let i = 0; i < edges.length && errors.length < MOST_ERRORS_OF_A_LIST; i++) {
    const edge = edges[i];
    const before = edges[i - 1];
    if (!Number.isFinite(edge)) {
      errors.push({ path: `/edges/${i}`, message: `an edge is a finite number; ${shown(edge)} was given` });
    } else if (i > 0 && Number.isFinite(before) && (edge as number) <= (before as number)) {
      errors.push({
        path: `/edges/${i}`,
        message: `each edge is greater than the one before; ${shown(edge)} follows ${shown(before)}`,
      });
    }
  }
  return errors;
}

function valueErrors(values: ArrayLike<unknown>): DataError[] {
  if (!isList(values)) return [notAList("/values", values)];
  if (values.length > MOST_VALUES) return [tooMany("/values", MOST_VALUES, "values", values.length)];
  const kind = kindOfValues(values);
  const errors = kind === "number" ? [] : textErrors(values);
  for (const stray of strayValues(values, kind, MOST_ERRORS_OF_A_LIST - errors.length)) {
    const rule =
      stray.kind === undefined
        ? "a value is a number, a string, a boolean or null"
        : `the values before are of type ${kind}`;
    errors.push({ path: `/values/${stray.at}`, message: `${rule}; ${shown(stray.value)} was given` });
  }
  return errors;
}

/** Each distinct text is a category. */
function textErrors(values: ArrayLike<unknown>): DataError[] {
  if (values.length > MOST_TEXT_VALUES) {
    return [tooMany("/values", MOST_TEXT_VALUES, "values that are no numbers", values.length)];
  }
  const different = new Set<unknown>();
  for (let i = 0; i < values.length && different.size <= MOST_CATEGORIES; i++) different.add(values[i]);
  // null is no category.
  different.delete(null);
  if (different.size <= MOST_CATEGORIES) return [];
  return [
    {
      path: "/values",
      message: `at most ${MOST_CATEGORIES} different values that are no numbers; more were given: fold rare ones into one`,
    },
  ];
}

function tooMany(path: string, most: number, what: string, given: number): DataError {
  return { path, message: `at most ${most} ${what}; ${given} were given` };
}

function categoryErrors(categories: unknown): DataError[] {
  if (typeof categories !== "object" || categories === null || isList(categories)) {
    return [{ path: "/categories", message: `an object of counts by name is needed; ${shown(categories)} was given` }];
  }
  const given = Object.keys(categories).length;
  if (given > MOST_CATEGORIES) {
    const { path, message } = tooMany("/categories", MOST_CATEGORIES, "categories", given);
    return [{ path, message: `${message}: fold rare ones into one` }];
  }
  const errors: DataError[] = [];
  for (const [name, count] of Object.entries(categories)) {
    if (isCount(count)) continue;
    errors.push(notACount(`/categories/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, count));
    if (errors.length === MOST_ERRORS_OF_A_LIST) break;
  }
  return errors;
}

function binningErrors({ bins, method, values }: HistogramInput): DataError[] {
  const errors: DataError[] = [];
  if (bins !== undefined && !(Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS)) {
    errors.push({ path: "/bins", message: `bins is an integer from 1 to ${MOST_BINS}; ${shown(bins)} was given` });
  }
  if (method !== undefined && method !== "quantile" && method !== "uniform") {
    errors.push({ path: "/method", message: `method is quantile or uniform; ${shown(method)} was given` });
  }
  const numeric = values !== undefined && (!isList(values) || kindOfValues(values) === "number");
  for (const field of ["bins", "method"] as const) {
    if (!numeric && { bins, method }[field] !== undefined) {
      errors.push({ path: `/${field}`, message: `${field} says how to bin numeric values; none were given` });
    }
  }
  return errors;
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 50 ? `${value.slice(0, 50)}…` : value);
  if (typeof value === "object" && value !== null) return isList(value) ? "a list" : "an object";
  return String(value);
}
