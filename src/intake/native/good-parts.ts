import { compileCheck } from "../../contract/check.ts";
import { Name } from "../../contract/fields.ts";
import { type BodyForm, MOST_CHECKS, MOST_COLUMNS, MOST_FEATURES } from "../../contract/reports.ts";
import { shortWhy, UNREADABLE } from "../../domain/reports/rejection.ts";
import type { RejectedPart } from "../../domain/reports/report.ts";
import { fieldPath } from "../../domain/words/field-path.ts";
import { type FieldError, SluiceError } from "../../errors.ts";
import { columnItem, columnName } from "./schema.ts";

export interface GoodParts {
  /** The report with its good parts alone. */
  body: object;
  rejected: RejectedPart[];
  /** The names of columns that were refused; null: one that has none. */
  refused_columns?: (string | null)[];
}

const isName = compileCheck(Name);

/**
 * Sorts the checks of a quality report, the features of a drift report or the columns of a schema into good and bad ones, each read
 * by itself with `read`, which throws for what is wrong. null: the report has no parts, what is wrong is not in them, or none is good.
 */
export function goodParts(form: BodyForm, body: unknown, read: (body: object) => void): GoodParts | null {
  if (typeof body !== "object" || body === null) return null;
  if (form === "quality_batch") return goodChecks(body as { checks: unknown }, read);
  if (form === "drift") return goodFeatures(body as { features?: unknown }, read);
  if (form === "schema") return goodColumns(body as SchemaParts, read);
  return null;
}

/** Whatever stands around the parts is read with those that are good. */
const AROUND = { pipeline_name: "-" };

function goodChecks(body: { checks: unknown }, read: (body: object) => void): GoodParts | null {
  const { checks } = body;
  if (!Array.isArray(checks) || checks.length > MOST_CHECKS) return null;
  const rejected: RejectedPart[] = [];
  const good = checks.filter((check: unknown, index) => {
    const error = errorOf(() => read({ ...AROUND, checks: [check] }));
    if (error === null) return true;
    const { check_name } = (check ?? {}) as { check_name?: unknown };
    const item = itemName(check_name);
    const [from, to] = ["checks[0]", item === UNREADABLE ? `checks[${index}]` : ""];
    rejected.push({ item, code: error.code, detail: detailOf(error.errors ?? [], from, to) });
    return false;
  });
  return good.length === 0 || rejected.length === 0 ? null : { body: { ...body, checks: good }, rejected };
}

function goodFeatures(body: { features?: unknown }, read: (body: object) => void): GoodParts | null {
  const { features } = body;
  if (typeof features !== "object" || features === null || Array.isArray(features)) return null;
  const entries = Object.entries(features);
  if (entries.length > MOST_FEATURES) return null;
  const rejected: RejectedPart[] = [];
  const good = entries.filter(([name, feature]) => {
    const error = errorOf(() => read({ ...AROUND, features: Object.fromEntries([[name, feature]]) }));
    if (error === null) return true;
    const pointer = name.replaceAll("~", "~0").replaceAll("/", "~1");
    const detail = detailOf(error.errors ?? [], fieldPath(`/features/${pointer}`), "");
    rejected.push({ item: itemName(name), code: error.code, detail });
    return false;
  });
  if (good.length === 0 || rejected.length === 0) return null;
  return { body: { ...body, features: Object.fromEntries(good) }, rejected };
}

interface SchemaParts {
  pipeline_name: unknown;
  dataset?: unknown;
  columns?: unknown;
}

function goodColumns(body: SchemaParts, read: (body: object) => void): GoodParts | null {
  const { columns, dataset = body.pipeline_name } = body;
  if (!Array.isArray(columns) || columns.length > MOST_COLUMNS) return null;
  const rejected: RejectedPart[] = [];
  const refused_columns: (string | null)[] = [];
  const good = columns.filter((column: unknown, index) => {
    const error = errorOf(() => read({ ...AROUND, columns: [column] }));
    if (error === null) return true;
    const { name } = (column ?? {}) as { name?: unknown };
    const known = typeof name === "string" ? columnName(name) : null;
    refused_columns.push(known);
    const detail = detailOf(error.errors ?? [], "columns[0]", `columns[${index}]`);
    rejected.push({ item: columnItem(itemName(dataset), known), code: error.code, detail });
    return false;
  });
  if (good.length === 0 || rejected.length === 0) return null;
  return { body: { ...body, columns: good }, rejected, refused_columns };
}

export function itemName(name: unknown): string {
  return isName(name) === null ? (name as string) : UNREADABLE;
}

function errorOf(read: () => void): SluiceError | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

/** What is wrong with one part, its fields by their names inside it. */
export function detailOf(errors: readonly FieldError[], from: string, to: string): string {
  const lines = errors.map(({ path, message }) => {
    const inside = path.startsWith(from) ? `${to}${path.slice(from.length)}`.replace(/^\./, "") : path;
    return inside === "" ? message : `${inside}: ${message}`;
  });
  return shortWhy(lines.join("; "));
}
