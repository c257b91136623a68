/**
 * Aligned text. A column is `{title, right?}`; a cell is a text, or `{text, paint}`, measured before it is coloured.
 */
export function table(columns, rows, { paint }) {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "object" ? cell : { text: String(cell) })));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => row[i]?.text.length ?? 0)));
  const line = (row) =>
    row
      .map(({ text, paint: colour = (same) => same }, i) => {
        const room = " ".repeat(widths[i] - text.length);
        return columns[i].right ? room + colour(text) : colour(text) + room;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => ({ text: title, paint: paint.dim }))), ...cells.map(line)].join("\n");
}
