const HIDDEN = "<secret>";

/**
 * What a credential looks like in the output of programs. Each pattern is linear: no repetition stands inside another, and what
 * is repeated cannot match what comes after it. The first group, where there is one, is what stays readable.
 */
const PATTERNS: readonly RegExp[] = [
  // A private key, also one that was cut.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  // Authorization: Bearer …, Proxy-Authorization: Basic …, 'Cookie': '…'; but not "Authorization: missing", which says what is
  // wrong
  /((?:authorization|cookie|x-api-key|x-auth-token|x-amz-security-token|private-token)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:bearer|basic|digest|token|negotiate|apikey)[ \t]{1,4})?)(?!(?:this|missing|not|invalid|required|expired|denied)(?:[\s;,]|$))[^\s"',;]+(?:; ?[^\s"',;]+)*/gi,
  /(\b(?:bearer|basic)[ \t]{1,4})(?=[^\s"',;]*[0-9A-Z=._-])[^\s"',;]{8,}/gi,
  // scheme://user:password@host, also a password that holds an @ or a slash
  /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/"']{0,200}:)[^\s"'<>]{0,4000}(?=@)/gi,
  // scheme://token@host
  /(\b(?:https?|git|ssh):\/\/)[^\s:@/"']{16,}(?=@)/gi,
  // NAME=value, "name": "value", --name value: where the name is that of a secret
  namedValues(),
  // IDENTIFIED BY 'value', PASSWORD 'value'
  /(\b(?:identified by|with password|password)[ \t]{1,4})(?:'[^'\n]*'|"[^"\n]*")/gi,
  // URLs that are a secret as a whole
  /(\bhttps:\/\/hooks\.slack\.com\/)[^\s"'<>]+/gi,
  /(\bhttps:\/\/(?:[a-z]{1,10}\.)?discord(?:app)?\.com\/api\/webhooks\/)[^\s"'<>]+/gi,
  /(\bhttps:\/\/[a-z0-9-]{1,60}\.webhook\.office\.com\/)[^\s"'<>]+/gi,
  // The prefixes of token issuers
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]|github_pat|glpat|gldt|glrt|npm|pypi|hf|shpat|shpss|dop_v1|doo_v1|dckr_pat|sluice|r8|lin_api|figd|rubygems|atlasv1|pul|phc|ntn|sbp|nvapi|tskey|xai|gsk|pplx|whsec)[_-][A-Za-z0-9_-]{16,}/g,
  /\b(?:xox[a-z]|xapp|xwfp)-[A-Za-z0-9-]{8,}/g,
  /\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|or|svcacct)?[-_]?[A-Za-z0-9_-]{16,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bya29\.[A-Za-z0-9_-]{20,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\b(?:hvs|hvb|s)\.[A-Za-z0-9_-]{24,}/g,
  /\bdapi[0-9a-f]{32}\b/g,
  /\b\d{8,10}:AA[A-Za-z0-9_-]{30,}/g,
  /\b(?:SK|AC)[0-9a-f]{32}\b/g,
  /\bkey-[0-9a-f]{32}\b/g,
];

/**
 * Replaces credentials in a text by `<secret>`: output of failing programs holds connection strings, headers and environments.
 * It hides too much rather than too little: a hidden word costs less than a key in a channel.
 */
export function hideCredentials(text: string): string {
  return PATTERNS.reduce((shown, pattern) => shown.replace(pattern, hide), text);
}

function hide(_match: string, readable?: string | number): string {
  return typeof readable === "string" ? `${readable}${HIDDEN}` : HIDDEN;
}

/**
 * Names of values that are secrets. Unambiguous words count at the end of any name (PGPASSWORD, accessToken), short ones only at
 * the start of a name. `tokens`, `key` and `pass: 12 of 13` do not count: people report such numbers.
 */
function namedValues(): RegExp {
  const anywhere =
    "password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key(?:[_-]?id)?|account[_-]?key|" +
    "encryption[_-]?key|signing[_-]?key|access[_-]?signature|shared[_-]?access[_-]?key|credentials?";
  const alone = "(?<![A-Za-z0-9])(?:pwd|signature|sig|sas|dsn|auth|pass(?![\"']?[ \\t]*:))";
  const between = `["'\\]]{0,2}[ \\t]{0,4}(?:=>|[:=])[ \\t]{0,4}|(?<=--[A-Za-z_-]{1,60})[ \\t]{1,4}(?!-)`;
  return new RegExp(`((?:${anywhere}|${alone})(?:${between}))(?:"[^"\\n]*"|'[^'\\n]*'|[^\\s"'&,;)}\\]<]+)`, "gi");
}
