import { texts } from "../connection/values/array-literals.ts";
import { integer, text } from "../statement/columns.ts";
import { type Db, execute, type Statement, select, statement } from "../statement/statement.ts";

/** Past this many names the cache is emptied: it holds what is in use, not what ever was. */
const MOST_CACHED = 500_000;

const NAMED = { id: integer, name: text };

type NameStatements = { insert: Statement; find: Statement<typeof NAMED> };

/** `key`: the column for the API key that names it. */
function statementsOf(table: string, id: string, name: string, key: string | null): NameStatements {
  return {
    insert: statement(
      `insert_${table}_names`,
      {},
      `INSERT INTO ${table} (${name}${key === null ? "" : `, ${key}`})
      SELECT n${key === null ? "" : ", k"} FROM unnest($1::text[], $2::text[]) AS u (n, k) ORDER BY n COLLATE "C" ON CONFLICT DO NOTHING`,
    ),
    find: statement(
      `find_${table}_names`,
      NAMED,
      `SELECT ${id} AS id, ${name} AS name FROM ${table} WHERE ${name} = ANY ($1::text[])`,
    ),
  };
}

export const PIPELINES = statementsOf("pipeline", "pipeline_id", "pipeline_name", "key_name");
export const NAMES = statementsOf("name", "name_id", "name", null);

/** A dimension table and what is known of it. Rows are only ever added, so a cached id stays right. */
export class NameTable {
  readonly #insert: Statement;
  readonly #select: Statement<typeof NAMED>;
  #ids = new Map<string, number>();
  /** What was known before: transactions that are under way still ask for it. */
  #before = new Map<string, number>();

  private constructor({ insert, find }: NameStatements) {
    this.#insert = insert;
    this.#select = find;
  }

  static pipelines(): NameTable {
    return new NameTable(PIPELINES);
  }

  static names(): NameTable {
    return new NameTable(NAMES);
  }

  /** Makes sure that `id` knows these names. */
  async prepare(db: Db, names: Iterable<string>, key_names?: ReadonlyMap<string, string>): Promise<void> {
    const missing = [...names].filter((name) => !this.#ids.has(name));
    if (missing.length === 0) return;
    if (this.#ids.size > MOST_CACHED) this.forget();
    const parameters = [texts(missing)];
    const found = await select(db, this.#select, parameters);
    if (found.length < missing.length) {
      await execute(db, this.#insert, [...parameters, texts(missing.map((name) => key_names?.get(name)))]);
      found.push(...(await select(db, this.#select, parameters)));
    }
    for (const { id, name } of found) this.#ids.set(name, id);
  }

  /** Which of these there are; `id` knows them from now on. */
  async find(db: Db, names: readonly string[]): Promise<string[]> {
    const unknown = names.filter((name) => !this.#ids.has(name));
    if (unknown.length > 0) {
      for (const { id, name } of await select(db, this.#select, [texts(unknown)])) this.#ids.set(name, id);
    }
    return names.filter((name) => this.#ids.has(name));
  }

  forget(): void {
    this.#before = this.#ids;
    this.#ids = new Map();
  }

  id(name: string): number {
    const id = this.#ids.get(name) ?? this.#before.get(name);
    if (id === undefined) throw new Error(`name not prepared: ${name}`);
    return id;
  }
}
