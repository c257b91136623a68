import { sampleInTurns } from "./samples.ts";

export interface Subject {
  name: string;
  /** One measurement. */
  measure: (round: number) => Promise<number>;
}

/** What `sampleInTurns` does, for measurements that are one number. */
export async function alternate(rounds: number, subjects: readonly Subject[]): Promise<Record<string, number>> {
  const samples = await sampleInTurns(
    rounds,
    subjects.map(({ name, measure }) => ({ name, measure: async (round) => ({ rate: await measure(round) }) })),
  );
  return Object.fromEntries(Object.entries(samples).map(([name, { rate }]) => [name, rate]));
}
