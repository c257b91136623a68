import type { FeatureKind } from "../../client/histogram/feature.ts";
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
export function judgeColumn(profile: ColumnProfile, kind: FeatureKind | undefined): ColumnKind {
  const { rows, numbers, names, first_text } = profile;
  if (rows === 0) return { kind: "skipped", reason: "holds no value" };
  if (profile.others > 0) return { kind: "skipped", reason: "holds lists, objects, bytes or times of day" };
  if (kind === "numeric" || kind === "days") {
    if (numbers === rows) return { kind: "numeric" };
    if (profile.times > 0) return skippedTimes();
    const wanted = kind === "days" ? "date" : "number";
    return { kind: "unclear", reason: `row ${first_text!.row} holds ${show(first_text!.text)}, which is no ${wanted}` };
  }
  if (profile.times > 0) return skippedTimes();
  if (kind === "categorical") return categories(names.overflow, names.names());
  if (profile.date_texts === rows) return skippedTimes();
  if (names.areNumbers) return { kind: "numeric" };
  const mixed = names.texts > 0 || (names.booleans > 0 && !names.areBooleans);
  if (mixed && numbers > names.texts + names.booleans) {
    const reason = `row ${first_text!.row} holds ${show(first_text!.text)} among numbers; if that means no value give --null ${show(first_text!.text)}, if the values are names give --categorical NAME`;
    return { kind: "unclear", reason };
  }
  const counted = names.names();
  if (names.overflow === 0 && counted.size > FEW && counted.size > rows / 2) {
    return { kind: "skipped", reason: "holds a different text in almost every row: an identifier, not a feature" };
  }
  return categories(names.overflow, counted);
}

function categories(overflow: number, counted: ReadonlyMap<string, number>): ColumnKind {
  if (overflow === 0) return { kind: "categorical", categories: counted };
  return {
    kind: "skipped",
    reason: `holds more than ${MOST_CATEGORIES} different texts: an identifier, not a feature`,
  };
}

function skippedTimes(): ColumnKind {
  const reason = "holds times: send what is known of them (hour, age), or give --days NAME to take them as days";
  return { kind: "skipped", reason };
}
