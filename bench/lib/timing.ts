import { median } from "./figures.ts";

/** Median milliseconds of one GET on a kept connection. */
export async function medianAnswer(url: string, times: number): Promise<number> {
  return medianOf(times, async () => {
    const response = await fetch(url);
    const text = await response.text();
    if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  });
}

export async function medianOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return median(taken);
}
