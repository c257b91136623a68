import { show } from "../text/show.ts";
import { type ColumnProfile, MOST_CATEGORIES } from "./column-profile.ts";

/** With fewer different texts a short file is not yet suspicious. */
const FEW = 20;

export type ColumnKind =
  | { kind: "numeric" }
  | { kind: "categorical"; categories: ReadonlyMap<string, number> }
  /** No feature; for everything that was asked for by name it is an error. */
  | { kind: "skipped"; reason: string }
  /** It might be one, but somebody has to say what is meant. */
  | { kind: "unclear"; reason: string };

/** What a column is. Numbers with a few texts among them are neither guessed to be categories nor are the texts dropped. */
export function judgeColumn(profile: ColumnProfile, categorical: boolean): ColumnKind {
  const { numbers, texts, others, rows, categories, first_text } = profile;
  if (rows === 0) return { kind: "skipped", reason: "holds no value" };
  if (others > 0) return { kind: "skipped", reason: "holds lists, objects, bytes or times" };
  if (texts === 0 && !categorical) return { kind: "numeric" };
  if (numbers > texts && !categorical) {
    const reason = `row ${first_text!.row} holds ${show(first_text!.text)} among numbers; if that means no value give --null ${show(first_text!.text)}, if the values are names give --categorical NAME`;
    return { kind: "unclear", reason };
  }
  if (categories === null) {
    return {
      kind: "skipped",
      reason: `holds more than ${MOST_CATEGORIES} different texts: an identifier, not a feature`,
    };
  }
  if (!categorical && categories.size > FEW && categories.size > rows / 2) {
    return { kind: "skipped", reason: "holds a different text in almost every row: an identifier, not a feature" };
  }
  return { kind: "categorical", categories };
}
