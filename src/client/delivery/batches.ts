const MOST_LINES = 1000;
const MOST_CHARACTERS = 1024 * 1024;

/** Lines of a file of any size, in requests that are not too large. */
export function* batches(lines: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const line of lines) {
    if (batch.length === MOST_LINES || (batch.length > 0 && characters + line.length > MOST_CHARACTERS)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(line);
    characters += line.length;
  }
  if (batch.length > 0) yield batch;
}
