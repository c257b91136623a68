const WIDTH = 30;

/** A bar on a terminal, a line for each day elsewhere. */
export function progress(total, stream) {
  const digits = String(total).length;
  let done = 0;
  return {
    at(day, note) {
      const count = `${String(++done).padStart(digits)}/${total}`;
      if (!stream.isTTY) return stream.write(`${count}  ${day}${note && `  ${note}`}\n`);
      const filled = Math.round((done / total) * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      // Cut, so that a narrow terminal does not wrap it into a new line each time.
      const text = `${bar} ${count}  ${day}  ${note}`.slice(0, Math.max(20, (stream.columns || 80) - 1));
      stream.write(`\r\x1b[2K${text}`);
    },
    end() {
      if (stream.isTTY) stream.write("\r\x1b[2K");
    },
  };
}
