import { median, printTable, say, short } from "./figures.ts";

/** What one measurement found: numbers by name, `rate` always, in things a second. */
export type Sample = { rate: number } & Record<string, number>;

export interface Sampled {
  name: string;
  /** One measurement. */
  measure: (round: number) => Promise<Sample>;
}

/** Measures in turns, A B A B …, so that whatever else the machine does hits all alike; the median of each number of each. */
export async function sampleInTurns(rounds: number, subjects: readonly Sampled[]): Promise<Record<string, Sample>> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, measure } of subjects) {
      const sample = await measure(round);
      samples.get(name)!.push(sample);
      say(`  ${name}: ${short(sample.rate)}`);
    }
  }
  return Object.fromEntries([...samples].map(([name, of]) => [name, medians(of)]));
}

function medians(samples: readonly Sample[]): Sample {
  const keys = Object.keys(samples[0]!);
  return Object.fromEntries(keys.map((key) => [key, median(samples.map((sample) => sample[key]!))])) as Sample;
}

/** The columns, in their order; a sample that lacks one leaves it empty. */
const COLUMNS: readonly [title: string, key: string][] = [
  ["a second", "rate"],
  ["p50 ms", "p50_ms"],
  ["p99 ms", "p99_ms"],
  ["agent µs", "agent_us"],
  ["Postgres µs", "postgres_us"],
  ["server µs", "server_us"],
  ["WAL B", "wal_bytes"],
  ["stored B", "stored_bytes"],
];

/** Prints what each did, and what one report cost: processor time by the operating system, write-ahead log, growth of the database. */
export function printSamples(samples: Record<string, Sample>): void {
  const columns = COLUMNS.filter(([, key]) => Object.values(samples).some((sample) => key in sample));
  const rows = Object.entries(samples).map(([name, sample]) => [
    name,
    ...columns.map(([, key]) => (key in sample ? short(sample[key]!) : "")),
  ]);
  process.stdout.write("\n");
  printTable([["one report", ...columns.map(([title]) => title)], ...rows]);
}

/** Processor time of a report, agent and PostgreSQL together. */
export function processorOf(sample: Sample): number {
  return sample.agent_us! + sample.postgres_us!;
}
