const HIDDEN = "<secret>";
const USER = /^([^:]*:\/\/[^:/?#]*):[^/?#]*@/;
// Bounded, so that a long text that is none of these is read in linear time.
const SECRET_PARAMETER = /([?&][^=&#\s"']{0,200}(?:pass|secret|token|key)[^=&#\s"']{0,200}=)[^&#\s"']*/gi;
/** Up to the last @, since this URL may be a wrong one: with a password that is not encoded, say. */
const USER_IN_TEXT = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#"']{0,500}):[^\s"']{0,4000}@/gi;
const API_KEY = /sluice_[A-Za-z0-9_-]{32,}/g;

/** A valid URL without its password and tokens. */
export function hideUrlSecrets(url: string): string {
  return url.replace(USER, `$1:${HIDDEN}@`).replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}

/** What may be printed of a text that comes from outside: API keys and the passwords in URLs hidden. */
export function redact(text: string): string {
  return text.replace(USER_IN_TEXT, `$1:${HIDDEN}@`).replace(SECRET_PARAMETER, `$1${HIDDEN}`).replace(API_KEY, HIDDEN);
}
