import { compileCheck } from "../contract/check.ts";
import { DeclaredSchemaBody } from "../contract/reports.ts";
import type { HashedSchema } from "../domain/reports/report.ts";
import { nfc } from "../domain/words/nfc.ts";
import { cleanText } from "../domain/words/text.ts";
import { invalid } from "./native/fields.ts";
import { hashed, readColumns } from "./native/schema.ts";

const checkDeclared = compileCheck(DeclaredSchemaBody);

export interface DeclaredSchema {
  /** undefined: that of the pipeline's name. */
  dataset: string | undefined;
  schema: HashedSchema;
  actor: string;
}

/** What somebody declares is right or refused whole: half of it would be another schema. */
export function readDeclaredSchema(body: unknown): DeclaredSchema {
  const wrong = checkDeclared(body);
  if (wrong !== null) throw invalid(wrong);
  const { dataset, columns: bodies, complete = false, actor } = body as DeclaredSchemaBody;
  const { columns, rejected } = readColumns("", bodies);
  if (rejected.length > 0) throw invalid(rejected.map(({ detail }) => ({ path: "", message: detail })));
  return {
    dataset: dataset === undefined ? undefined : nfc(dataset),
    schema: hashed({ columns, complete }),
    actor: cleanText(actor),
  };
}
