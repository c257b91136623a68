import { rmSync } from "node:fs";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS flights (
    day TEXT NOT NULL, hour INTEGER NOT NULL, origin TEXT NOT NULL, destination TEXT NOT NULL,
    distance INTEGER NOT NULL, delay INTEGER, late INTEGER
  );
  CREATE INDEX IF NOT EXISTS flights_by_day ON flights (day);
  CREATE TABLE IF NOT EXISTS loaded_days (day TEXT PRIMARY KEY, rows INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS published_delays (
    day TEXT NOT NULL, origin TEXT NOT NULL, flights INTEGER NOT NULL, mean_delay REAL, PRIMARY KEY (day, origin)
  );`;

const COLUMNS = 7;
const BATCH_ROWS = 200;

/** The pipeline's own database: SQLite, a file. */
export async function openDatabase(file, packages) {
  // Left behind where an earlier demo was killed in a transaction; the demo's lock keeps a second one out.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const { Database } = (await packages.open("node-sqlite3-wasm")).default;
  const db = new Database(file);
  db.exec(SCHEMA);

  return {
    /** Replaces what is loaded of the day, all or nothing. Answers the seconds that each batch took. */
    replaceDay(day, rows) {
      db.exec("BEGIN IMMEDIATE");
      try {
        db.run("DELETE FROM flights WHERE day = ?", [day]);
        const seconds = insert(db, rows);
        db.run("INSERT OR REPLACE INTO loaded_days SELECT ?1, count(*) FROM flights WHERE day = ?1", [day]);
        db.exec("COMMIT");
        return seconds;
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
    },
    /** null: never loaded. */
    rowsOf: (day) => db.get("SELECT rows FROM loaded_days WHERE day = ?", [day])?.rows ?? null,
    /** Replaces what is published of the day: each airport's flights and mean delay, minutes. */
    publishDay(day) {
      db.run("DELETE FROM published_delays WHERE day = ?", [day]);
      db.run(
        "INSERT INTO published_delays SELECT day, origin, count(*), avg(delay) FROM flights WHERE day = ? GROUP BY 1, 2",
        [day],
      );
    },
    publishedDays: () => db.all("SELECT DISTINCT day FROM published_delays ORDER BY day").map(({ day }) => day),
    /** Each value of the column on these days, and null, with the number of its rows. */
    valuesOf(column, days) {
      const places = days.map(() => "?").join(",");
      const counted = `SELECT ${column} AS value, count(*) AS rows FROM flights WHERE day IN (${places}) GROUP BY 1`;
      return db.all(counted, days);
    },
    /** Holds the database as somebody's forgotten session would, until the answered function is called. */
    holdByAnother() {
      const other = new Database(file);
      other.exec("BEGIN EXCLUSIVE");
      return () => {
        other.exec("ROLLBACK");
        other.close();
      };
    },
    close: () => db.close(),
  };
}

function insert(db, rows) {
  const seconds = [];
  for (let i = 0; i < rows.length; i += BATCH_ROWS) {
    const batch = rows.slice(i, i + BATCH_ROWS);
    const values = batch.map(() => `(${Array(COLUMNS).fill("?").join(",")})`).join(",");
    const started = performance.now();
    db.run(`INSERT INTO flights VALUES ${values}`, batch.flat());
    seconds.push((performance.now() - started) / 1000);
  }
  return seconds;
}
