import type { Transition } from "../../domain/gate/transition.ts";
import { troubleChange } from "../../domain/notices/trouble.ts";
import type { NoticeTx } from "../../ports/notices.ts";

/**
 * Keeps what the transitions mean for people, in the transaction that brings them: one statement, none where nothing is to
 * be said. What is said of it, to whom and when is decided after the commit (plan-notices).
 */
export async function raiseNotices(tx: NoticeTx, transitions: readonly Transition[], now: number): Promise<void> {
  const last = new Map<number, NonNullable<ReturnType<typeof troubleChange>>>();
  for (const transition of transitions) {
    const change = troubleChange(transition);
    if (change !== null) last.set(change.pipeline_id, change);
  }
  if (last.size > 0) await tx.saveTroubles([...last.values()], now);
}

/** Keeps nothing before `tells` for the first time; from then on it goes on, so that what is kept is never out of date. */
export function raisingWhere(tells: () => boolean): typeof raiseNotices {
  let begun = false;
  return async (...said) => {
    begun ||= tells();
    if (begun) await raiseNotices(...said);
  };
}
