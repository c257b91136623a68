import { type ComparedShape, type OurWord, type RightDraws, rightDraws, type TheirWord } from "./compared-shape.ts";

const COLUMNS = ["shape", "rows", "truth", "Sluice", "PSI, decided by", "Evidently", "its test, first value", "right"];

/** A line a shape, as Markdown. */
export function markdownTable(shapes: readonly ComparedShape[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [COLUMNS, COLUMNS.map(() => "---"), ...shapes.map(cellsOf)].map(line).join("\n");
}

/** "of 48 shapes with a truth: Sluice right on 48, Evidently on 31" */
export function summary(shapes: readonly ComparedShape[]): string {
  const known = shapes.filter(({ truth }) => truth !== null);
  const rightOn = (who: keyof RightDraws) =>
    known.filter((shape) => rightDraws(shape)[who] === shape[who].length).length;
  return `of ${known.length} shapes whose truth is known: Sluice right on ${rightOn("ours")}, Evidently on ${rightOn("theirs")}, in every draw`;
}

function cellsOf(shape: ComparedShape): string[] {
  const { name, truth, rows, ours, theirs } = shape;
  return [
    name,
    rows.map(grouped).join(", "),
    truth ?? "free",
    mostSaid(ours.map(({ verdict }) => verdict)),
    `${digits(ours[0]!.psi)}${decidedBy(ours)}`,
    mostSaid(theirs.map(wordOf)),
    firstValue(theirs[0]!),
    whoIsRight(shape),
  ];
}

/** The word where all draws have one, else each with its number, the commonest first. */
function mostSaid(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  if (counts.size === 1) return words[0]!;
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${word} ${count}`).join(", ");
}

function decidedBy(ours: readonly OurWord[]): string {
  const first = ours.find(({ verdict }) => verdict === "drifted")?.decided_by ?? [];
  if (first.length === 0) return "";
  const shown = first.slice(0, 2).join(", ");
  return `, ${shown}${first.length > 2 ? `, ${first.length - 2} more` : ""}`;
}

function wordOf(word: TheirWord): string {
  if ("error" in word) return "error";
  return word.drifted ? "drift" : "no drift";
}

function firstValue(word: TheirWord): string {
  return "error" in word ? word.error.split(":")[0]! : `${word.method}, ${digits(word.value)}`;
}

function whoIsRight(shape: ComparedShape): string {
  const { ours, theirs } = rightDraws(shape);
  if (ours === null || theirs === null) return "free";
  const draws = shape.ours.length;
  if (ours === draws && theirs === draws) return "both";
  if (ours === draws && theirs === 0) return "Sluice";
  if (ours === 0 && theirs === draws) return "Evidently";
  if (ours === 0 && theirs === 0) return "neither";
  return `Sluice ${ours}, Evidently ${theirs} of ${draws}`;
}

function grouped(n: number): string {
  return n.toLocaleString("en-US").replaceAll(",", " ");
}

function digits(value: number | null): string {
  if (value === null) return "–";
  if (value === 0 || (value >= 0.001 && value < 1000)) return String(Number(value.toPrecision(3)));
  return value.toExponential(0).replace("e+", "e");
}
