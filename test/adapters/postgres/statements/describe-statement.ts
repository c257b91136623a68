import type pg from "pg";
import type { Statement } from "../../../../src/adapters/postgres/statement/statement.ts";

/** The driver's connection, as far as it is needed here. */
interface Wire {
  parse(message: object): void;
  describe(message: object): void;
  sync(): void;
}

export interface Described {
  name: string;
  /** Of its type. */
  oid: number;
}

/** Prepares a statement on the server and answers the columns of its result, without running it. */
export function describeStatement(client: pg.ClientBase, { name, text }: Statement): Promise<Described[]> {
  return new Promise((resolve, reject) => {
    let columns: Described[] = [];
    const callback = (error: unknown) => (error == null ? resolve(columns) : reject(error));
    const description = {
      // The driver puts its own around it, which ends the timer of the statement.
      callback,
      submit(wire: Wire) {
        wire.parse({ name, text });
        wire.describe({ type: "S", name });
        wire.sync();
        return null;
      },
      handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }) {
        columns = fields.map((field) => ({ name: field.name, oid: field.dataTypeID }));
      },
      handleError(error: unknown) {
        description.callback(error);
      },
      handleReadyForQuery() {
        description.callback(null);
      },
    };
    client.query(description as unknown as pg.Submittable);
  });
}
