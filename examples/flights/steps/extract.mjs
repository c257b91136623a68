import { readFile, stat } from "node:fs/promises";
import { onTime } from "../checks.mjs";

/** Waits for the day's file and reads it. */
export async function extract({ file, due, clock, report }) {
  const arrived = (await stat(file)).mtimeMs;
  clock.waitUntil(arrived);
  const rows = readCsv(await readFile(file, "utf8"));
  clock.work(rows.length);
  await report("records", { stage: "extract", count: rows.length }, "records/extract");
  await report("freshness", { data_through: `${rows.at(-1).date}:00Z` });
  await report("quality", onTime(arrived, due), "quality/on_time");
  return rows;
}

/** The file has no quotes in it. An empty field is a null. */
function readCsv(text) {
  const [header, ...lines] = text.trimEnd().split("\n");
  const columns = header.split(",");
  return lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(columns.map((column, i) => [column, fields[i] === "" ? null : fields[i]]));
  });
}
