const MOST_MS = 10;

/** For long loops over what was sent: called between two parts, it lets others have their turn every ten milliseconds. */
export function breather(): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < MOST_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        began = performance.now();
        resolve();
      });
    });
  };
}
