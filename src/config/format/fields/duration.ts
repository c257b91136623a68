import { DURATION_PATTERN, formatDuration, parseDuration } from "../../../domain/words/duration.ts";
import type { Field } from "../field.ts";
import { text } from "./text.ts";

/** Milliseconds, written as `30s`. The bounds are written the same way. */
export function duration(title: string, byDefault: string, least: string, most: string): Field<number> {
  const [minimum, maximum] = [parseDuration(least)!, parseDuration(most)!];
  const field = text(
    {
      title,
      description: `a duration from ${least} to ${most} such as ${byDefault} (units: s, m, h, d)`,
      default: byDefault,
    },
    (given) => {
      const ms = parseDuration(given);
      return ms !== null && ms >= minimum && ms <= maximum ? ms : undefined;
    },
    formatDuration,
  );
  return { ...field, schema: { ...field.schema, pattern: DURATION_PATTERN } };
}
