const HIDDEN = "<secret>";

import { hideCredentials } from "../../domain/words/hide-credentials.ts";

const USER = /^([^:]*:\/\/[^:/?#]*):[^/?#]*@/;
// Bounded, so that a long text that is none of these is read in linear time.
const SECRET_PARAMETER = /([?&][^=&#\s"']{0,200}(?:pass|secret|token|key)[^=&#\s"']{0,200}=)[^&#\s"']*/gi;

/** A valid URL without its password and tokens. */
export function hideUrlSecrets(url: string): string {
  return url.replace(USER, `$1:${HIDDEN}@`).replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}

/** What may be printed of a text that comes from outside: keys, passwords and tokens hidden. */
export function redact(text: string): string {
  return hideCredentials(text.replace(SECRET_PARAMETER, `$1${HIDDEN}`));
}
