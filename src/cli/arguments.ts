import { plainNumber } from "../client/report/plain-number.ts";
import { formatDuration, parseDuration } from "../domain/words/duration.ts";
import { formatTime, parseTime } from "../domain/words/time.ts";
import { UsageError } from "./command-error.ts";
import { show } from "./text/show.ts";

/** Readers of what stands on the command line. Each throws a UsageError that names the field, the value and what is allowed. */

type Reader<T> = (text: string) => T;

function refuse(field: string, text: string, wanted: string): never {
  throw new UsageError(`${field}: ${show(text)} given; must be ${wanted}`);
}

/** Decimal notation only: Number() takes "" and "0x10" as well. */
const NUMBER = /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;

export function numberFrom(field: string, least: number, greatest: number, wanted: string): Reader<number> {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= greatest ? value : refuse(field, text, wanted);
  };
}

export const shareOf = (field: string) => numberFrom(field, 0, 1, "a number from 0 to 1");

export const secondsOf = (field: string) => numberFrom(field, 0, 1e9, "seconds, a number from 0 to 1e9");

export function wholeOf(field: string, least: number, greatest: number): Reader<number> {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    const fits = value >= least && value <= greatest && Number.isSafeInteger(value);
    return fits ? value : refuse(field, text, `a whole number from ${least} to ${greatest}`);
  };
}

/** What is plainly meant, as wc and databases write it: "  42", "12.0". */
export function countOf(field: string): Reader<number> {
  const read = wholeOf(field, 0, Number.MAX_SAFE_INTEGER);
  return (text) => {
    const plain = plainNumber(text);
    return Number.isSafeInteger(plain) ? read(String(plain)) : read(text);
  };
}

const NAME = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}]{1,200}$/u;

export function nameOf(field: string): Reader<string> {
  return (text) =>
    NAME.test(text)
      ? text
      : refuse(field, text, "a name of 1 to 200 characters without control characters, not '.' or '..'");
}

export function runIdOf(field: string): Reader<string> {
  return (text) =>
    NAME.test(text) && !/\s/u.test(text)
      ? text
      : refuse(
          field,
          text,
          "a run_id of 1 to 200 characters without whitespace or control characters, not '.' or '..'",
        );
}

/** Milliseconds. */
export function durationOf(field: string, least_ms: number, greatest_ms: number): Reader<number> {
  const wanted = `a duration from ${formatDuration(least_ms)} to ${formatDuration(greatest_ms)} such as 30s, 10m, 2h or 7d`;
  return (text) => {
    const ms = parseDuration(text);
    return ms !== null && ms >= least_ms && ms <= greatest_ms ? ms : refuse(field, text, wanted);
  };
}

/** RFC 3339 in UTC. */
export function timeOf(field: string): Reader<string> {
  return (text) => {
    const ms = parseTime(NUMBER.test(text) ? Number(text) : text);
    const wanted = "an RFC 3339 time such as 2026-11-20T02:00:00Z (without an offset = UTC) or Unix seconds";
    return ms === null ? refuse(field, text, wanted) : formatTime(ms);
  };
}

export function oneOf<const T extends string>(field: string, choices: readonly T[]): Reader<T> {
  return (text) => choices.find((choice) => choice === text) ?? refuse(field, text, `one of ${choices.join(", ")}`);
}

/** For options that may be given several times. */
export function collect<T>(read: Reader<T>): (text: string, before: T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)];
}
