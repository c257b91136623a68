import type { GateDecision } from "./decision.ts";

export interface GateOptions {
  /**
   * What a gate that cannot be asked means: "block" stops downstream work, "allow" lets it go on unchecked. There is no
   * default: until it is said, it blocks.
   */
  onUnreachable?: "block" | "allow";
}

export interface GateQuestion {
  /** The run to decide about; without it, the latest run that ended. */
  run_id?: string;
  /** How long to wait while the decision is pending, and for an agent that is away: "30s", "10m", "2h", or seconds. */
  wait?: string | number;
  /** Who asks; policies may differ by it. */
  consumer?: string;
  /** Decide on the evidence so far: for a gate task inside a run that has not ended. */
  while_running?: boolean;
}

export interface Gate {
  /**
   * Hands over what was reported so far, asks, and gives the decision if it allows to go on.
   *
   * @throws GateBlocked with the reasons when it does not, or cannot be asked and onUnreachable is not "allow"
   * @throws SluiceError when the agent refuses the question (wrong key, wrong name): that is never a yes
   */
  check(question?: GateQuestion): Promise<GateDecision>;
  /** The same without throwing GateBlocked: look at `allowed`. */
  decision(question?: GateQuestion): Promise<GateDecision>;
}
