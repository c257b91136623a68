const SEVERAL = /^([a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?)([^@/?#]*)(.*)$/is;

/**
 * The URL of each server that a URL names, in its order: `postgres://user@a:5432,b:5432/db` names two that differ in nothing else, as
 * PostgreSQL's own clients read it. A URL of one server is its own.
 */
export function serverUrls(url: string): string[] {
  const [, before = "", servers = "", after = ""] = SEVERAL.exec(url) ?? [];
  return servers.includes(",") ? servers.split(",").map((server) => `${before}${server}${after}`) : [url];
}
