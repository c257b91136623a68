import type { StoredPlace } from "../../../domain/commit/kinds/stored-place.ts";
import { numbers } from "../connection/values/array-literals.ts";

/** The columns attempt, try, attempt_no and try_no. */
export function placeColumns(rows: readonly StoredPlace[]): string[] {
  return [
    numbers(rows.map(({ attempt }) => attempt)),
    numbers(rows.map((row) => row.try)),
    numbers(rows.map(({ attempt_no }) => attempt_no)),
    numbers(rows.map(({ try_no }) => try_no)),
  ];
}
