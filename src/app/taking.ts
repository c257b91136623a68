import { type Config, formatAddress, isLoopback, type ReloadedKey } from "../config.ts";
import type { Authenticator } from "../http/access/auth.ts";
import type { SharedPolicies } from "../service/replicas/shared-policies.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Notices } from "./notices/notices.ts";
import type { Refused } from "./settings.ts";

/** What is to be done when any of the keys has changed. All else asks the settings each time, and needs nothing. */
export interface Taking {
  keys: readonly ReloadedKey[];
  /** Handles its failures. */
  apply(now: Config): Promise<void> | void;
}

export interface TakingParts {
  life: Pick<Lifecycle, "setLogLevel" | "log">;
  authenticator: Pick<Authenticator, "replace">;
  policies: Pick<SharedPolicies, "load">;
  notices: Pick<Notices, "replace">;
}

export function createTakings({ life, authenticator, policies, notices }: TakingParts): Taking[] {
  return [
    { keys: ["log_level"], apply: ({ log_level }) => life.setLogLevel(log_level) },
    { keys: ["api_keys"], apply: ({ api_keys }) => authenticator.replace(api_keys) },
    {
      keys: ["gate"],
      async apply({ gate }) {
        try {
          await policies.load(gate);
        } catch (error) {
          life.log.error({ err: error }, "gates could not be decided by the changed policies yet; they will be");
        }
      },
    },
    { keys: ["notices", "teams"], apply: () => notices.replace() },
  ];
}

/**
 * An agent on an address that others can reach is never left without a key: `next` was checked with its own `listen`, which
 * holds from the next start only.
 */
export function refusedOf(next: Config, { listen }: Pick<Config, "listen">): Refused {
  if (next.api_keys.length > 0 || isLoopback(listen.host)) return {};
  return { api_keys: `the agent listens on ${formatAddress(listen)}, where others can reach it: one key has to stay` };
}
