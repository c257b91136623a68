import type { Config } from "../config.ts";
import type { ServerOptions } from "../http/server/server.ts";

/** What the configuration says of the HTTP server. */
export function serverSettings({
  api_keys,
  limits,
  trusted_proxies,
  notices: { public_url },
}: Config): Pick<ServerOptions, "api_keys" | "limits" | "trusted_proxies" | "own_hosts"> {
  return { api_keys, limits, trusted_proxies, own_hosts: public_url === null ? [] : [new URL(public_url).host] };
}
