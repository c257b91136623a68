import type { BodyCheck } from "../../contract/check.ts";
import { show } from "../../contract/check.ts";
import { parseDuration } from "../../domain/words/duration.ts";
import { formatTime, parseTime } from "../../domain/words/time.ts";
import { SluiceError } from "../../errors.ts";

/** The body, when the check finds nothing wrong with it; else an error that names each field. */
export function readBody<T>(check: BodyCheck, body: unknown): T {
  const errors = check(body ?? {});
  if (errors === null) return (body ?? {}) as T;
  throw new SluiceError("invalid_body", errors.map(({ path, message }) => `${path}: ${message}`).join("; "), {
    errors,
  });
}

/** Milliseconds; null: not given. */
export function readTime(field: string, given: string | number | undefined): number | null {
  if (given === undefined) return null;
  const time = parseTime(given);
  if (time !== null) return time;
  throw wrong(field, `${show(given)} given; must be an RFC 3339 time such as 2026-11-20T02:00:00Z or Unix seconds`);
}

interface Expiring {
  expires_in?: string;
  expires_at?: string | number;
}

/** Exactly one of expires_in and expires_at, in the future and at most `longest` milliseconds ahead. */
export function readExpiry({ expires_in, expires_at }: Expiring, now: number, longest: number): number {
  if ((expires_in === undefined) === (expires_at === undefined)) {
    throw wrong("expires_in", "exactly one of expires_in (such as 2h) and expires_at (a time) is needed");
  }
  const field = expires_in === undefined ? "expires_at" : "expires_in";
  const ends = expires_in === undefined ? parseTime(expires_at!) : now + parseDuration(expires_in)!;
  const given = show(expires_in ?? expires_at);
  if (ends === null) throw wrong(field, `${given} given; must be an RFC 3339 time or Unix seconds`);
  if (ends > now && ends <= now + longest) return ends;
  throw wrong(
    field,
    `${given} given; must be after now and at most ${longest / 86_400_000} days ahead (${formatTime(now + longest)})`,
  );
}

function wrong(path: string, message: string): SluiceError {
  return new SluiceError("invalid_body", `${path}: ${message}`, { errors: [{ path, message }] });
}
