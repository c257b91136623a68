import type { FeatureKind } from "../../client/histogram/feature.ts";
import { daysOf } from "../../histogram/names/days.ts";
import { isNullText, isTruthText, numberOfText } from "../../histogram/names/text-value.ts";
import type { Cell } from "./table-file.ts";

export interface CellReading {
  /** The file has no types: a text may stand for a number. */
  text_only: boolean;
  /** Further texts that mean no value. */
  nulls: ReadonlySet<string>;
}

/** Whether the cell has no value. */
export function isNullCell(cell: Cell, { nulls }: CellReading): boolean {
  if (typeof cell === "string") return nulls.has(cell) || isNullText(cell);
  return cell === null || Number.isNaN(cell);
}

/**
 * The number that a cell with a value stands for; undefined: none.
 *
 * @param truth true and false are 1 and 0
 */
export function numberOfCell(
  cell: Cell,
  { text_only }: CellReading,
  kind: FeatureKind | undefined,
  truth = kind === "numeric",
): number | undefined {
  if (kind === "days") return typeof cell === "boolean" || cell === undefined ? undefined : (daysOf(cell) ?? undefined);
  switch (typeof cell) {
    case "number":
      return cell;
    case "bigint":
      return Number(cell);
    case "boolean":
      return truth ? Number(cell) : undefined;
    case "string": {
      if (!text_only && kind !== "numeric") return undefined;
      const number = numberOfText(cell);
      if (number !== null) return number;
      return truth && isTruthText(cell) ? Number(cell.toLowerCase() === "true") : undefined;
    }
    default:
      return undefined;
  }
}
