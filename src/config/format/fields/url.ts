import { serverUrls } from "../../../domain/words/urls/server-urls.ts";
import type { Field } from "../field.ts";
import { hideUrlSecrets } from "../redact.ts";
import { text } from "./text.ts";

/**
 * A URL with one of these schemes; `several`: of several servers (`a:5432,b:5432`), too. A secret one is never shown when it is
 * wrong; a right one is shown without its password.
 */
export function url(
  title: string,
  schemes: readonly string[],
  { secret = false, several = false } = {},
): Field<string> {
  const starts = schemes.map((scheme) => `${scheme}://`);
  return text(
    {
      title,
      description: `a URL that starts with ${starts.join(" or ")}`,
      default: null,
      ...(secret ? { writeOnly: true } : {}),
    },
    (given) => {
      const urls = several ? serverUrls(given) : [given];
      return starts.some((start) => given.startsWith(start)) && urls.every((one) => URL.canParse(one))
        ? given
        : undefined;
    },
    hideUrlSecrets,
  );
}
