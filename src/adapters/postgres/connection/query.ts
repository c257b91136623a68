import type pg from "pg";
import { eager } from "../../../ports/eager.ts";
import type { Columns, RowOf } from "../statement/columns.ts";
import type { Statement } from "../statement/statement.ts";
import { readValue } from "./values/read-values.ts";

/**
 * Runs a statement that is prepared once a connection under its name. Statements
 * that are asked for without waiting in between travel together, in their order, and their answers come back together. Its
 * promises are eager: they may be put away and waited for later.
 */
export interface Query {
  <C extends Columns>(statement: Statement<C>, values: unknown[]): Promise<RowOf<C>[]>;
  /** How many rows it inserted, updated or deleted. */
  count(statement: Statement, values: unknown[]): Promise<number>;
}

type Fields = { name: string; parse: (text: string) => unknown }[];

/** What a connection has prepared, and the shape of the rows that come of it. */
type Prepared = Map<string, Fields>;

const prepared = new WeakMap<pg.ClientBase, Prepared>();

export function queryOf(client: pg.ClientBase): Query {
  const known: Prepared = prepared.get(client) ?? new Map();
  prepared.set(client, known);
  let gathering: Shipment | null = null;
  const ask = (name: string, text: string, values: unknown[]): Promise<Answer> => {
    if (gathering === null) {
      const shipment = new Shipment(known);
      gathering = shipment;
      // After the promises that are ready now have had their turn: they may ask for more.
      process.nextTick(() => {
        gathering = null;
        client.query(shipment as unknown as pg.Submittable);
      });
    }
    return gathering.add(name, text, values);
  };
  const query = ({ name, text }: Statement, values: unknown[]) =>
    eager(ask(name, text, values).then(({ rows }) => rows));
  const count = ({ name, text }: Statement, values: unknown[]) =>
    eager(ask(name, text, values).then((answer) => answer.count));
  return Object.assign(query, { count }) as Query;
}

interface Answer {
  rows: pg.QueryResultRow[];
  count: number;
}

interface Sending {
  name: string;
  text: string;
  values: unknown[];
  fields: Fields;
  answer: Answer;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** The driver's own connection, as far as it is needed here. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  close(message: object): void;
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  sync(): void;
}

/**
 * Several statements with one Sync behind them: one write, one answer, and after an error none of the rest is run. The shape is
 * that of the driver's own Query.
 */
class Shipment {
  /** The driver calls it when a statement takes too long. */
  callback = (error: unknown) => {
    if (error != null) this.#fail(error);
  };
  readonly #prepared: Prepared;
  readonly #statements: Sending[] = [];
  #done = 0;

  constructor(preparedNames: Prepared) {
    this.#prepared = preparedNames;
  }

  add(name: string, text: string, values: unknown[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#statements.push({
        name,
        text,
        values,
        fields: this.#prepared.get(name) ?? [],
        answer: { rows: [], count: 0 },
        resolve,
        reject,
      });
    });
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    for (const { name, text, values } of this.#statements) {
      const fresh = !this.#prepared.has(name);
      if (fresh) {
        // Closed first: an earlier attempt may have got as far as preparing it.
        wire.close({ type: "S", name });
        wire.parse({ name, text });
      }
      wire.bind({ statement: name, values: values.map(bindable) });
      if (fresh) wire.describe({ type: "P", name: "" });
      wire.execute({});
    }
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#current.fields = fields.map(({ name, dataTypeID }) => ({ name, parse: readValue(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { answer, fields: columns } = this.#current;
    const row: pg.QueryResultRow = {};
    for (let i = 0; i < columns.length; i++) {
      const text = fields[i];
      row[columns[i]!.name] = text == null ? null : columns[i]!.parse(text);
    }
    answer.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#current.answer.count = Number(text.slice(text.lastIndexOf(" ") + 1));
    this.#done++;
  }

  handleEmptyQuery(): void {
    this.#done++;
  }

  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    for (const { name, fields, answer, resolve } of this.#statements) {
      this.#prepared.set(name, fields);
      resolve(answer);
    }
    // The driver has put its own around ours, which ends the timer of the statement.
    this.callback(null);
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  get #current(): Sending {
    return this.#statements[this.#done]!;
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#statements) reject(error);
  }
}

/** Bytes go in the server's binary format, everything else as text. */
function bindable(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value : String(value);
}
