/** Work between two turns of the event loop: some ten milliseconds. */
const WORK_A_TURN = 10_000;

/** Runs all steps; each yields its work, and after each slice of work other events get their turn. */
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
