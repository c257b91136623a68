import type { StageEvidence } from "./evidence.ts";

/** Counts of one part of a stage; several with the same place in the run add up. */
export interface StagePart {
  stage: string;
  /** Tells the parts of a stage apart. */
  part_id: number;
  count: number;
  /** null: not reported. */
  failed: number | null;
  /** The least that was expected of the part, and of its whole stage; null: not said. */
  expected_min: number | null;
  stage_expected_min: number | null;
}

type StageCounts = Omit<StageEvidence, "held_rows">;

interface Sum extends StageCounts {
  part_minima: Map<number, number>;
}

/** The stages in the order in which they come: their parts add up, and so do their minima, unless more was said of the stage. */
export function stagesOfParts(parts: readonly StagePart[]): StageCounts[] {
  const sums = new Map<string, Sum>();
  for (const { stage, part_id, count, failed, expected_min, stage_expected_min } of parts) {
    let sum = sums.get(stage);
    if (sum === undefined) {
      sum = { stage, count: 0, failed: null, expected_min: null, part_minima: new Map() };
      sums.set(stage, sum);
    }
    sum.count += count;
    if (failed !== null) sum.failed = (sum.failed ?? 0) + failed;
    sum.expected_min = greatest(sum.expected_min, stage_expected_min);
    const part_min = greatest(sum.part_minima.get(part_id) ?? null, expected_min);
    if (part_min !== null) sum.part_minima.set(part_id, part_min);
  }
  return [...sums.values()].map(({ stage, count, failed, expected_min, part_minima }) => {
    let of_parts: number | null = null;
    for (const minimum of part_minima.values()) of_parts = (of_parts ?? 0) + minimum;
    return { stage, count, failed, expected_min: greatest(expected_min, of_parts) };
  });
}

function greatest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
