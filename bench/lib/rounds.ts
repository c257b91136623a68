import { median, say, short } from "./figures.ts";

export interface Subject {
  name: string;
  /** One measurement. */
  measure: (round: number) => Promise<number>;
}

/** Measures the subjects in turns, A B A B …, so that whatever else the machine does hits them alike; the median of each. */
export async function alternate(rounds: number, subjects: readonly Subject[]): Promise<Record<string, number>> {
  const measured = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, measure } of subjects) {
      const value = await measure(round);
      measured.get(name)!.push(value);
      say(`  ${name}: ${short(value)}`);
    }
  }
  return Object.fromEntries([...measured].map(([name, values]) => [name, median(values)]));
}
