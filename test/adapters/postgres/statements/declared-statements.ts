import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "../../../../src/adapters/postgres/statement/statement.ts";

const ROOM = new URL("../../../../src/adapters/postgres/", import.meta.url).pathname;

export interface SourceFile {
  file: string;
  source: string;
}

export function sourcesOfStore(): SourceFile[] {
  return readdirSync(ROOM, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => ({ file, source: readFileSync(join(ROOM, file), "utf8") }));
}

/** What the modules of the store export, alone or in lists and records. */
export async function declaredStatements(): Promise<Statement[]> {
  const found = new Set<Statement>();
  for (const { file, source } of sourcesOfStore()) {
    if (!/\bstatement\(|older\(|statementsOf\(|ofShown\(/.test(source)) continue;
    for (const value of Object.values(await import(join(ROOM, file)))) collect(value, found);
  }
  return [...found];
}

function collect(value: unknown, found: Set<Statement>): void {
  if (typeof value !== "object" || value === null) return;
  if (isStatement(value)) found.add(value);
  else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    for (const member of Object.values(value)) collect(member, found);
  }
}

function isStatement(value: object): value is Statement {
  return "name" in value && "columns" in value && "text" in value && typeof value.text === "string";
}
