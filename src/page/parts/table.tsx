import type { ComponentChildren } from "preact";

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Numbers stand under each other. */
  number?: boolean;
  /** Sentences, which need room. */
  sentence?: boolean;
  /** Left out where it says nothing of any row. */
  when?: (row: T) => boolean;
  /** Names the row. */
  head?: boolean;
}

interface TableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** Said where there is no row. */
  empty: string;
  captionHidden?: boolean;
}

export function Table<T>({ caption, columns, rows, keyOf, empty, captionHidden = true }: TableProps<T>) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const shown = columns.filter(({ when }) => when === undefined || rows.some(when));
  return (
    // Wide tables scroll by themselves, with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table class={shown.length > 3 ? "stacks" : ""}>
        <caption class={captionHidden ? "hidden" : ""}>{caption}</caption>
        <thead>
          <tr>
            {shown.map(({ title, number }) => (
              <th key={title} scope="col" class={number ? "number" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {shown.map(({ title, cell, number, sentence, head }) =>
                head ? (
                  <th key={title} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} data-title={title} class={number ? "number" : sentence ? "sentence" : ""}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The table of a picture, closed until it is asked for. */
export function TableOf<T>({ what, ...props }: TableProps<T> & { what: string }) {
  return (
    <details class="table-of">
      <summary>{what} as a table</summary>
      <Table {...props} />
    </details>
  );
}
