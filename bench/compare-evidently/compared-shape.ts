import type { DriftWord } from "../../src/domain/drift/drift-verdict.ts";
import type { Truth } from "../calibrate/shapes.ts";

/** What was said of the draws of one shape. */
export interface ComparedShape {
  readonly name: string;
  readonly truth: Truth;
  readonly rows: readonly [reference: number, current: number];
  readonly ours: readonly OurWord[];
  readonly theirs: readonly TheirWord[];
}

export interface OurWord {
  readonly verdict: DriftWord;
  readonly psi: number | null;
  readonly decided_by: readonly string[];
}

export type TheirWord =
  | { readonly drifted: boolean; readonly method: string; readonly value: number }
  | { readonly error: string };

/** Draws on which a tool was right; null: the truth leaves it free. */
export interface RightDraws {
  readonly ours: number | null;
  readonly theirs: number | null;
}

/** Evidently has two words: where rows are too few to tell, it is right not to say drift. A report that ends is wrong. */
export function rightDraws({ truth, ours, theirs }: ComparedShape): RightDraws {
  if (truth === null) return { ours: null, theirs: null };
  return {
    ours: ours.filter(({ verdict }) => verdict === truth).length,
    theirs: theirs.filter((word) => !("error" in word) && word.drifted === (truth === "drifted")).length,
  };
}

/** The shapes of a known verdict on which Sluice was wrong in any draw. */
export function wrongShapes(shapes: readonly ComparedShape[]): readonly string[] {
  return shapes
    .filter((shape) => (rightDraws(shape).ours ?? shape.ours.length) < shape.ours.length)
    .map(({ name }) => name);
}
