/** Work between two turns of the event loop: some ten milliseconds. */
const WORK_A_TURN = 10_000;

/** Runs steps to their end; each says how much work it was, and now and then others have their turn. */
export async function inSlices<T>(steps: Generator<number, T>): Promise<T> {
  for (let work = 0; ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    work += step.value;
    if (work < WORK_A_TURN) continue;
    work = 0;
    await new Promise(setImmediate);
  }
}
