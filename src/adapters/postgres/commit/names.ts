import type pg from "pg";
import { texts } from "../connection/array-literals.ts";

/** Past this many names the cache is emptied: it holds what is in use, not what ever was. */
const MOST_CACHED = 500_000;

/** A dimension table and what is known of it. Rows are only ever added, so a cached id stays right. */
export class NameTable {
  readonly #insert: string;
  readonly #select: string;
  #ids = new Map<string, number>();
  /** What was known before: transactions that are under way still ask for it. */
  #before = new Map<string, number>();

  /** `key`: the column for the API key that names it. */
  private constructor(table: string, id: string, name: string, key: string | null) {
    this.#insert = `INSERT INTO ${table} (${name}${key === null ? "" : `, ${key}`})
      SELECT n${key === null ? "" : ", k"} FROM unnest($1::text[], $2::text[]) AS u (n, k) ORDER BY n COLLATE "C" ON CONFLICT DO NOTHING`;
    this.#select = `SELECT ${id} AS id, ${name} AS name FROM ${table} WHERE ${name} = ANY ($1::text[])`;
  }

  static pipelines(): NameTable {
    return new NameTable("pipeline", "pipeline_id", "pipeline_name", "key_name");
  }

  static names(): NameTable {
    return new NameTable("name", "name_id", "name", null);
  }

  /** Makes sure that `id` knows these names. */
  async prepare(
    db: pg.Pool | pg.ClientBase,
    names: Iterable<string>,
    key_names?: ReadonlyMap<string, string>,
  ): Promise<void> {
    const missing = [...names].filter((name) => !this.#ids.has(name));
    if (missing.length === 0) return;
    if (this.#ids.size > MOST_CACHED) this.forget();
    const parameters = [texts(missing)];
    const found = await db.query<{ id: number; name: string }>(this.#select, parameters);
    if (found.rows.length < missing.length) {
      await db.query(this.#insert, [...parameters, texts(missing.map((name) => key_names?.get(name)))]);
      found.rows.push(...(await db.query<{ id: number; name: string }>(this.#select, parameters)).rows);
    }
    for (const { id, name } of found.rows) this.#ids.set(name, id);
  }

  /** Which of these there are; `id` knows them from now on. */
  async find(db: pg.Pool | pg.ClientBase, names: readonly string[]): Promise<string[]> {
    const unknown = names.filter((name) => !this.#ids.has(name));
    if (unknown.length > 0) {
      const { rows } = await db.query<{ id: number; name: string }>(this.#select, [texts(unknown)]);
      for (const { id, name } of rows) this.#ids.set(name, id);
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
