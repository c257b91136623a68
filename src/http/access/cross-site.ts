import type { IncomingMessage } from "node:http";
import { SluiceError } from "../../errors.ts";
import { clientHost, type Trusts } from "./client-address.ts";

/**
 * A page of another site may send requests with a person's browser, and needs no answer to do harm (CSRF). Browsers say where
 * a request comes from, in headers that no page can change; programs send neither of the two and go on.
 */
export function refuseCrossSite(request: IncomingMessage, trusts: Trusts, own_hosts: () => readonly string[]): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { "sec-fetch-site": site, origin } = request.headers;
  // The browser's word, which holds as well behind a proxy that names another host to us.
  if (site === "same-origin") return;
  if (site !== undefined && site !== "none") throw refused(`Sec-Fetch-Site: ${String(site).slice(0, 50)}`);
  if (origin !== undefined && !isOwn(origin, [clientHost(request, trusts), ...own_hosts()])) {
    throw refused(`Origin: ${origin.slice(0, 100)}`);
  }
}

/** By host and port: behind a proxy that speaks TLS the scheme is another one to the browser than to us. */
function isOwn(origin: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  return hosts.some((own) => URL.canParse(`${protocol}//${own}`) && new URL(`${protocol}//${own}`).host === host);
}

function refused(given: string): SluiceError {
  return new SluiceError(
    "cross_site_request",
    `${given} given; pages of other sites may not change anything here. Where this is the agent's own page behind a proxy, ` +
      "set notices.public_url to its address, or trusted_proxies to the proxy's",
  );
}
