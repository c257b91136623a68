/**
 * Whether there is a row, as SQL: true or NULL. It is found by an index each time it is asked. Of an EXISTS that stands beside
 * others, the server may instead read the whole table once; a plan that was made while the table was empty does so for as long as
 * it is kept.
 */
export function isSome(rows: string): string {
  return `(SELECT true FROM ${rows} LIMIT 1)`;
}
