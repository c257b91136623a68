import type { Transition } from "../../domain/gate/transition.ts";
import { troubleChange } from "../../domain/notices/trouble.ts";
import type { NoticeTx } from "../../ports/notices.ts";

/**
 * Stores the troubles that transitions change, in the transaction of the transitions: one statement, none without a change. After
 * the commit plan-notices decides what is sent, to whom and when.
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
