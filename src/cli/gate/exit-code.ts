import type { GateDecision } from "../../client/gate/decision.ts";

export const EXIT = { pass: 0, warn: 10, block: 20, unknown: 30, unreachable: 40 } as const;

/**
 * One code for each decision, whatever a policy allows: a script can tell them apart. With `ok_if_allowed` everything that
 * may go on is 0. A decision that this version does not know is never a pass.
 */
export function exitCodeOf({ decision, allowed }: GateDecision, ok_if_allowed: boolean): number {
  if (ok_if_allowed && allowed) return EXIT.pass;
  switch (decision) {
    case "pass":
      return allowed ? EXIT.pass : EXIT.block;
    case "warn":
      return allowed ? EXIT.warn : EXIT.block;
    case "block":
      return EXIT.block;
    default:
      return EXIT.unknown;
  }
}
