/** The configured database cannot be used, and waiting will not change that. The message says what to do. */
export class DatabaseError extends Error {
  readonly code: "database_too_old" | "database_refused" | "schema_too_new";

  constructor(code: DatabaseError["code"], message: string) {
    super(message);
    this.name = "DatabaseError";
    this.code = code;
  }
}
