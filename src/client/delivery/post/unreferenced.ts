/** A timer that does not keep the process alive; elsewhere than in Node every timer is one. */
export function unreferenced<T>(timer: T): T {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
