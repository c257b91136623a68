/**
 * Statements of one transaction that are asked for without waiting in between: they travel to the store on one way, in the order
 * in which they stand here, and their answers come back by name. Fails as the first of them that fails.
 */
export async function together<T extends Readonly<Record<string, unknown>>>(
  asked: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const answers = await Promise.all(Object.values(asked));
  return Object.fromEntries(Object.keys(asked).map((name, i) => [name, answers[i]])) as {
    [K in keyof T]: Awaited<T[K]>;
  };
}
