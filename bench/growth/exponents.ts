/** How large a store is. */
export interface StepSize {
  pipelines: number;
  rows: number;
}

/** Of each measure its values, one a step. */
export type Measured = Record<string, number[]>;

/**
 * With which power of the store a value grows from one step to the next: 0 is flat, 1 is as the store, 2 is four times the value
 * for twice the store. The store grows by what grows most in it, pipelines or rows.
 */
export function growthExponents(steps: readonly StepSize[], values: readonly number[]): number[] {
  return steps.slice(1).map((to, i) => {
    const from = steps[i]!;
    const factor = Math.max(to.pipelines / from.pipelines, to.rows / from.rows);
    if (factor <= 1) throw new Error("each step is larger than the one before");
    return Math.log(values[i + 1]! / values[i]!) / Math.log(factor);
  });
}

/** `1000:300000,10000:3000000`: pipelines and rows of each step. */
export function stepsOf(text: string): StepSize[] {
  return text.split(",").map((step) => {
    const [pipelines = Number.NaN, rows = Number.NaN, more] = step.split(":").map(Number);
    const right = [pipelines, rows].every((size) => Number.isInteger(size) && size > 0) && rows >= pipelines;
    if (!right || more !== undefined)
      throw new Error(`--steps: ${step} is not PIPELINES:ROWS, with a row a pipeline at least`);
    return { pipelines, rows };
  });
}
