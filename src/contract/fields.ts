import Type from "typebox";

/** The description of a field says what is allowed in it: it is the second half of the error message as well as the OpenAPI text. */

/** \p{DI}: characters that show nothing, such as U+202E or a zero-width space. U+2800 is a blank that no class knows. */
const UNSEEN = "\\p{Cc}\\p{Cs}\\p{DI}\\p{Zl}\\p{Zp}\\u2800";
const NAME_PATTERN = `^(?!\\.{1,2}$)(?!\\p{Z})[^${UNSEEN}]+(?<!\\p{Z})$`;
const RUN_ID_PATTERN = `^(?!\\.{1,2}$)[^${UNSEEN}\\s]+$`;

export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: NAME_PATTERN,
  description: "a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'",
});

export const RunId = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: RUN_ID_PATTERN,
  description: "a run_id of 1 to 200 characters without whitespace or invisible ones, not '.' or '..'",
});

export const ReportId = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: "^[^\\p{C}]+$",
  description: "an id of 1 to 128 printable characters",
});

export const Time = Type.Unsafe<string | number>({
  type: ["string", "number"],
  description: "an RFC 3339 time such as 2026-11-20T02:00:00Z (without an offset = UTC) or Unix seconds",
});

export const Attempt = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: "a whole number from 1 to 1000000",
});

export const Try = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: "a whole number from 1 to 1000000: which repetition of this part of the work inside its attempt",
});

export const Count = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "a whole number from 0 to 9007199254740991",
});

export const Seconds = Type.Number({
  minimum: 0,
  maximum: 1e9,
  description: "seconds, a number from 0 to 1e9",
});

export const Share = Type.Number({ minimum: 0, maximum: 1, description: "a number from 0 to 1" });

export const Score = Type.Unsafe<number | null>({
  type: ["number", "null"],
  minimum: 0,
  maximum: 1,
  description: "a number from 0 to 1, or null together with an error",
});

/** Control characters are replaced and the text cut to 8 KiB when it is read; this bound only stops absurd bodies early. */
export const FreeText = Type.String({ maxLength: 1_048_576, description: "a text" });

export const Traceparent = Type.String({
  pattern: "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
  description: "a W3C traceparent such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
});

export const DurationText = Type.String({
  pattern: "^\\d{1,9}[smhd]$",
  description: "a whole number with a unit: 30s, 10m, 2h, 7d",
});

export const Actor = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "\\S",
  description: "who does it: a text of 1 to 200 characters",
});
