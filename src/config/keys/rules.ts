import { formatAddress } from "../format/fields/address.ts";
import type { Sources } from "../format/sources/sources.ts";
import { isLoopback } from "./access/loopback.ts";
import { checkGateCycles, checkOldNames } from "./gate/gate-rules.ts";
import { checkNoticeNames } from "./notices/notice-rules.ts";
import type { Config } from "./types.ts";

/** What must hold between values, looked at when each of them is right by itself. */
export function checkRules(config: Config, sources: Sources): void {
  const { bodies_in_flight_bytes, body_bytes } = config.limits;
  if (body_bytes > bodies_in_flight_bytes) {
    sources.problems.add(
      sources.origin(["limits", "body_bytes"]),
      `limits.body_bytes (${body_bytes}) is larger than limits.bodies_in_flight_bytes (${bodies_in_flight_bytes}), so the largest body would never be taken`,
    );
  }
  checkOldNames(config, sources);
  checkGateCycles(config, sources);
  checkNoticeNames(config, sources);
}

/** Nobody else on the network may find an agent that asks for no key. Only for who listens. */
export function checkReach({ listen, api_keys }: Config, sources: Sources): void {
  if (isLoopback(listen.host) || api_keys.length > 0) return;
  sources.problems.add(
    sources.origin(["listen"]),
    `${formatAddress(listen)} can be reached from other machines, and no API key is configured. Make one with ` +
      '"sluice keys create --name NAME --role report --role read --file keys.yaml" and set SLUICE_API_KEYS_FILE=keys.yaml, ' +
      `or listen on ${formatAddress({ host: "127.0.0.1", port: listen.port })}`,
  );
}
