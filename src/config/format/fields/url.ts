import type { Field } from "../field.ts";
import { hideUrlSecrets } from "../redact.ts";
import { text } from "./text.ts";

/** A URL with one of these schemes. A secret one is never shown when it is wrong; a right one is shown without its password. */
export function url(title: string, schemes: readonly string[], { secret = false } = {}): Field<string> {
  const starts = schemes.map((scheme) => `${scheme}://`);
  return text(
    {
      title,
      description: `a URL that starts with ${starts.join(" or ")}`,
      default: null,
      ...(secret ? { writeOnly: true } : {}),
    },
    (given) => (starts.some((start) => given.startsWith(start)) && URL.canParse(given) ? given : undefined),
    hideUrlSecrets,
  );
}
