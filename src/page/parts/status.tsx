import { AgentProblem, Unreachable, wordsOf } from "../api/problem.ts";
import type { Loaded } from "../state/use-load.ts";

/** What stands where an answer is to come: that it is under way, or why there is none. Nothing once it is there. */
export function Waiting({ of, what }: { of: Loaded<unknown>; what: string }) {
  if (of.data !== null) return null;
  if (of.error === null) return <p class="waiting">Loading {what} …</p>;
  // The banner on top says it already, and that it is tried again.
  if (of.error instanceof Unreachable) return <p class="waiting">Waiting for the agent …</p>;
  const missing = of.error instanceof AgentProblem && of.error.status === 404;
  return (
    <p class={missing ? "empty" : "failure"} role={missing ? undefined : "alert"}>
      {missing ? wordsOf(of.error) : `Could not load ${what}: ${wordsOf(of.error)}`}
    </p>
  );
}
