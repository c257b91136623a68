const COMPARED = new Set(
  "$ref type enum const anyOf oneOf allOf properties required additionalProperties propertyNames items".split(" "),
);
export const LOWER_BOUNDS = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
export const UPPER_BOUNDS = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
export const FORMS = ["pattern", "format", "uniqueItems", "multipleOf"];
const WITHOUT_EFFECT = new Set("title description default example examples deprecated $schema $id $comment".split(" "));
const KNOWN = new Set([...COMPARED, ...LOWER_BOUNDS, ...UPPER_BOUNDS, ...FORMS, ...WITHOUT_EFFECT]);

/**
 * What a JSON Schema of `document` allows, as schemas of one type each; no `type` stands for any value.
 * Texts and numbers that are enumerated are one alternative a type. Throws on a keyword that is not compared here:
 * otherwise a break in it would pass.
 */
export function alternatives(schema, document) {
  return withEnumsTogether(expand(schema, document));
}

function expand(schema, document) {
  if (schema === true || schema === undefined) return [{}];
  if (schema === false) return [];
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword) && !keyword.startsWith("x-"));
  if (unknown !== undefined)
    throw new Error(`the comparison of OpenAPI documents does not know the keyword ${unknown}`);
  const { $ref, anyOf, oneOf, allOf, const: only, type, ...rest } = schema;
  const own = { ...rest, ...(only === undefined ? {} : { enum: [only] }) };
  let found = (Array.isArray(type) ? type : [type]).map((one) => (one === undefined ? own : { ...own, type: one }));
  if ($ref !== undefined) found = product(found, expand(resolve($ref, document), document));
  for (const part of allOf ?? []) found = product(found, expand(part, document));
  for (const choice of [anyOf, oneOf]) {
    if (choice !== undefined)
      found = product(
        found,
        choice.flatMap((branch) => expand(branch, document)),
      );
  }
  return found.flatMap(withTypeOfEnum);
}

/** The intersection of both; types that exclude each other leave nothing. */
function product(left, right) {
  return left.flatMap((a) => right.filter((b) => !a.type || !b.type || a.type === b.type).map((b) => merged(a, b)));
}

function merged(a, b) {
  const both = { ...a, ...b };
  if (a.properties && b.properties) both.properties = { ...a.properties, ...b.properties };
  if (a.required && b.required) both.required = [...new Set([...a.required, ...b.required])];
  return both;
}

function resolve($ref, document) {
  const found = $ref
    .replace(/^#\//, "")
    .split("/")
    .reduce((at, name) => at?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  if (found === undefined) throw new Error(`the document has no ${$ref}`);
  return found;
}

function withTypeOfEnum(schema) {
  if (schema.type !== undefined || schema.enum === undefined) return [schema];
  const types = [...new Set(schema.enum.map(typeOf))];
  return types.map((type) => ({ ...schema, type, enum: schema.enum.filter((value) => typeOf(value) === type) }));
}

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function withEnumsTogether(schemas) {
  const together = [];
  for (const schema of schemas) {
    const other = schema.enum && together.find(({ type, enum: values }) => values && type === schema.type);
    if (other) other.enum = [...new Set([...other.enum, ...schema.enum])];
    else together.push({ ...schema });
  }
  return together;
}
