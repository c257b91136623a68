import { shown } from "./problems.ts";
import type { ColumnReportBody } from "./wire.ts";

/** A column with its type as the system calls it, or as an object that prints as that, such as the types of Arrow. */
export interface ColumnInput {
  name: string;
  type: string | { toString(): string };
  nullable?: boolean | undefined;
}

/** Columns in their order, or their types by name. */
export type ColumnsInput = Iterable<ColumnInput> | Readonly<Record<string, ColumnInput["type"]>>;

/** Columns as they are sent, or what is wrong. A single bad column goes as it is: the agent refuses it alone. */
export function schemaColumns(given: ColumnsInput): { columns: ColumnReportBody[] } | { problem: string } {
  if (typeof given !== "object" || given === null) {
    const wanted = "must be an array of { name, type }, or an object of types by name";
    return { problem: `columns: ${shown(given)} given; ${wanted}` };
  }
  try {
    return { columns: Symbol.iterator in given ? Array.from(given as Iterable<unknown>, columnOf) : byName(given) };
  } catch (error) {
    return { problem: `columns: they cannot be read: ${String(error)}` };
  }
}

function byName(types: object): ColumnReportBody[] {
  return Object.entries(types).map(([name, type]) => columnOf({ name, type }));
}

function columnOf(given: unknown): ColumnReportBody {
  const { name, type, nullable } = Object(given) as { name: string; type?: unknown; nullable?: unknown };
  return {
    name,
    type: (type == null ? type : String(type)) as string,
    ...(typeof nullable === "boolean" && { nullable }),
  };
}
