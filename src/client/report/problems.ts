import type { Time } from "./wire.ts";

/** Each says in one line what is wrong with an argument, or null. */

const NAME = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}]{1,200}$/u;
const RUN_ID = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\s]{1,200}$/u;

/** Names return with every report; each is looked at once. */
const known = (form: RegExp) => {
  let good = new Set<string>();
  return (value: unknown): boolean => {
    if (typeof value !== "string") return false;
    if (good.has(value)) return true;
    if (!form.test(value)) return false;
    if (good.size >= 1000) good = new Set();
    good.add(value);
    return true;
  };
};

export interface Problems {
  name(argument: string, value: unknown): string | null;
  runId(value: unknown): string | null;
}

export function createProblems(): Problems {
  const isName = known(NAME);
  const isRunId = known(RUN_ID);
  return {
    name: (argument, value) =>
      isName(value)
        ? null
        : `${argument}: ${shown(value)} given; must be a name of 1 to 200 characters without control characters, not '.' or '..'`,
    runId: (value) =>
      isRunId(value)
        ? null
        : `run_id: ${shown(value)} given; must be 1 to 200 characters without whitespace or control characters, not '.' or '..'`,
  };
}

export function countProblem(argument: string, value: unknown): string | null {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return null;
  return `${argument}: ${shown(value)} given; must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
}

export const attemptProblem = (value: unknown) => nthProblem("attempt", value);
export const tryProblem = (value: unknown) => nthProblem("try", value);

function nthProblem(argument: string, value: unknown): string | null {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1_000_000) return null;
  return `${argument}: ${shown(value)} given; must be a whole number from 1 to 1000000`;
}

export function shareProblem(argument: string, value: unknown): string | null {
  if (typeof value === "number" && value >= 0 && value <= 1) return null;
  const percent = typeof value === "number" && value > 1 && value <= 100 ? ` (${value} % is ${value / 100})` : "";
  return `${argument}: ${shown(value)} given; must be a number from 0 to 1${percent}`;
}

export function secondsProblem(argument: string, value: unknown): string | null {
  if (typeof value === "number" && value >= 0 && value <= 1e6) return null;
  return `${argument}: ${shown(value)} given; must be seconds, a number from 0 to 1e6`;
}

export function severityProblem(value: unknown): string | null {
  return value === "error" || value === "warn" ? null : `severity: ${shown(value)} given; must be error or warn`;
}

export function timeProblem(argument: string, value: unknown): string | null {
  // The reach of a Date is far beyond the years that the agent takes; milliseconds end up there.
  if (typeof value === "number" && value > -62135596800 && value < 253402300800) return null;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return null;
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/.test(value)) return null;
  const wanted = "must be a Date, an RFC 3339 time such as 2026-11-20T02:00:00Z, or Unix seconds";
  const hint = typeof value === "number" && value > 1e11 ? " (not milliseconds)" : "";
  return `${argument}: ${shown(value)} given; ${wanted}${hint}`;
}

export function wireTime(value: Date | Time): Time {
  return value instanceof Date ? value.toISOString() : value;
}

export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value instanceof Date) return "an invalid Date";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return String(value);
}
