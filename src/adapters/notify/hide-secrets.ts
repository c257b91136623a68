const HIDDEN = "<secret>";
/** Least length of a secret to hide: shorter ones would hide half of every text. */
const SHORTEST = 4;
/** Most characters of a reason, which a person reads. */
const LONGEST = 500;

/** Hides secrets in texts from outside: servers echo what they were sent. */
export type HideSecrets = (text: string) => string;

/** Hides each secret in every form: as it is, URL-encoded, in JSON, in base64. */
export function hideSecrets(secrets: readonly string[]): HideSecrets {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  // Longest first: a long secret may contain a short one.
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

/** The secret parts of a secret URL: all of it, its path, its password, its query. */
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

/** Whether a part of a path may be a secret: `T0123ABCD` or `xyzABC…`, but not a plain word. */
function isToken(segment: string): boolean {
  return segment.length >= 8 && /[A-Z0-9]/.test(segment);
}
