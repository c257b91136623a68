const HIDDEN = "<secret>";
/** Shorter ones would hide half of every text. */
const SHORTEST = 4;
/** Reasons are read by people: no channel needs more to say why it refused. */
const LONGEST = 500;

/** Takes what must not be shown out of texts that come from outside: servers echo what they were sent. */
export type HideSecrets = (text: string) => string;

/** Each secret goes in every form it may be written in: as it is, in a URL, as JSON, as base64. */
export function hideSecrets(secrets: readonly string[]): HideSecrets {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  // A long one may hold a short one.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    const hidden = longestFirst.reduce((shown, form) => shown.replaceAll(form, HIDDEN), text);
    const line = hidden.replace(/[\p{Cc}\s]+/gu, " ").trim();
    return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  };
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  const forms = [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1), base64];
  return [...forms, base64.replace(/=+$/, ""), Buffer.from(secret).toString("base64url")];
}

/** What is secret of a URL that is one: all of it, its path, its password, its query. */
export function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [text];
  const url = new URL(text);
  const path = `${url.pathname}${url.search}`;
  const parts = [
    ...url.searchParams.values(),
    decodeURIComponent(url.password),
    ...url.pathname.split("/").filter(isToken),
  ];
  return [text, url.href, ...(path.length > 1 ? [path, url.pathname] : []), ...parts];
}

/** A word of a path is no secret; `T0123ABCD` or `xyzABC…` may be one. */
function isToken(segment: string): boolean {
  return segment.length >= 8 && /[A-Z0-9]/.test(segment);
}
