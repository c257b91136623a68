import { createHash } from "node:crypto";
import type { ColumnBody, SchemaBody } from "../../contract/reports.ts";
import { UNREADABLE } from "../../domain/reports/rejection.ts";
import type { HashedSchema, RejectedPart, SchemaReport } from "../../domain/reports/report.ts";
import { contentOf, familyOf, type Schema, type SchemaColumn, shapeOf } from "../../domain/schema/schema.ts";
import { nfc } from "../../domain/words/nfc.ts";
import { cleanText } from "../../domain/words/text.ts";

const LONGEST_NAME = 200;
const LONGEST_TYPE = 200;

export interface ReadColumns {
  columns: SchemaColumn[];
  rejected: RejectedPart[];
}

export function readSchemaFields(body: SchemaBody): Pick<SchemaReport, "dataset" | "schema" | "rejected"> {
  const dataset = nfc(body.dataset ?? body.pipeline_name);
  const { columns, rejected } = readColumns(dataset, body.columns);
  const schema = hashed({ columns, complete: body.complete ?? false });
  return { dataset, schema, ...(rejected.length > 0 && { rejected }) };
}

/** A name that came twice is one column, of no type where the two are not of one family. */
export function readColumns(dataset: string, bodies: readonly ColumnBody[]): ReadColumns {
  const byName = new Map<string, SchemaColumn>();
  const rejected: RejectedPart[] = [];
  bodies.forEach(({ name: given, type, nullable = null }, index) => {
    const name = columnName(given);
    const column = { name, type: cleanText(type).slice(0, LONGEST_TYPE), nullable };
    const known = byName.get(name);
    if (known === undefined) {
      byName.set(name, column);
      return;
    }
    const detail = `columns[${index}].name: ${JSON.stringify(name)} given a second time; each column must have a name of its own`;
    rejected.push({ item: columnItem(dataset, name), code: "invalid_report", detail });
    if (familyOf(known) !== familyOf(column)) known.type = null;
  });
  return { columns: [...byName.values()], rejected };
}

/** Columns that could not be read are there all the same: they are not gone, and of no type. One without a name may be any. */
export function withRefused(report: SchemaReport, { rejected, refused_columns: names = [] }: Refused): SchemaReport {
  const { schema } = report;
  const known = new Set(schema.columns.map(({ name }) => name));
  const refused = [...new Set(names.flatMap((name) => (name === null || known.has(name) ? [] : [name])))];
  const all = {
    columns: [...schema.columns, ...refused.map((name) => ({ name, type: null, nullable: null }))],
    complete: schema.complete && !names.includes(null),
  };
  return { ...report, schema: hashed(all), rejected: [...rejected, ...(report.rejected ?? [])] };
}

interface Refused {
  rejected: RejectedPart[];
  refused_columns?: (string | null)[];
}

export function hashed(schema: Schema): HashedSchema {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
  return { ...schema, version: hash(contentOf(schema)), shape: hash(shapeOf(schema)) };
}

/** What stands in an answer, and with the run, for a column that could not be used. */
export function columnItem(dataset: string, name: string | null): string {
  return name === null ? UNREADABLE : `${dataset}/${name}`;
}

/** Names are data, so that none is refused: what cannot be stored is replaced, and what is too long is cut and told by its hash. */
export function columnName(given: string): string {
  const name = nfc(cleanText(given).replace(/\s/g, " "));
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(given).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - 9).replace(/[\ud800-\udbff]$/, "")}~${hash}`;
}
