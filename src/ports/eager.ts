/**
 * A promise that is made now and waited for later, or on one branch only: in between, or where nobody waits, its failure is not
 * an unhandled one, which would end the process. Whoever waits for it still gets the failure.
 */
export function eager<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/**
 * A promise of work in the background that handles its failures itself. Should it fail all the same, that is a mistake of ours
 * and ends the process with a clear line: work that has silently stopped would be worse.
 */
export function unfailing<T>(promise: Promise<T>): Promise<T> {
  return promise;
}
