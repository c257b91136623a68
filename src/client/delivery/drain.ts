import type { Courier } from "./courier.ts";

const PAUSE = 250;

/**
 * Brings everything that waits to the agent, what others left in the spool as well: a gate must not decide without it.
 *
 * @returns false when the time (milliseconds since 1970) is over first
 */
export async function drain(courier: Courier, deadline: number): Promise<boolean> {
  while (await courier.flush(deadline)) {
    const round = await courier.handOver(deadline);
    if (round === "idle") return true;
    if (round === "more") continue;
    if (Date.now() + PAUSE >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}
