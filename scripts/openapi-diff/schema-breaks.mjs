import { alternatives, FORMS, LOWER_BOUNDS, UPPER_BOUNDS } from "./alternatives.mjs";

/**
 * What a request allowed and allows no more, as `{field, change}`; `before` and `after` are `{schema, document}`.
 * A field is `checks[].check_name` (an item's), `features{}.counts` (a value's of a map) or `(body)`, the whole.
 */
export function requestBreaks(before, after) {
  return compare(before, after, { field: "", open: [], of: narrowed });
}

/** What a reader of an answer by the earlier schema misses, or does not expect, in the later one. */
export function answerBreaks(before, after) {
  return compare(before, after, { field: "", open: [], of: lost });
}

function compare(before, after, at) {
  // A recursive schema: its fields are already being compared further up.
  if (at.open.some(([old, now]) => old === before.schema && now === after.schema)) return [];
  const inner = { ...at, open: [...at.open, [before.schema, after.schema]] };
  const olds = alternatives(before.schema, before.document);
  const nows = alternatives(after.schema, after.document);
  const pair = (old, now) => inner.of(old, now, { ...inner, before, after });
  const type = [broken(at, "type")];
  if (at.of === narrowed)
    return olds.flatMap((old) =>
      fewest(
        nows.filter(takes(old)).map((now) => pair(old, now)),
        type,
      ),
    );
  // One alternative holds some of the values; the check below compares all of them.
  const fields = (lines) => lines.filter(({ change }) => change !== "enum");
  const unexpected = nows.flatMap((now) =>
    fewest(
      olds.filter((old) => takes(now)(old)).map((old) => fields(pair(old, now))),
      type,
    ),
  );
  const missing = olds.flatMap((old) => {
    const none = old.type === "object" || old.type === "array" ? type : [];
    return fewest(
      nows.filter((now) => takes(now)(old)).map((now) => pair(old, now)),
      none,
    );
  });
  return [...unexpected, ...missing];
}

/** The nearest alternative gives the missing parts. */
function fewest(lists, otherwise) {
  return lists.length === 0 ? otherwise : lists.reduce((best, list) => (list.length < best.length ? list : best));
}

/** Whether values of the type of `one` may be those of `other`. */
const takes = (one) => (other) =>
  other.type === undefined || other.type === one.type || (one.type === "integer" && other.type === "number");

function narrowed(old, now, at) {
  const found = [];
  if (now.enum && !(old.enum ?? [undefined]).every((value) => now.enum.includes(value))) found.push(broken(at, "enum"));
  for (const bound of LOWER_BOUNDS) if (now[bound] > (old[bound] ?? -Infinity)) found.push(broken(at, bound));
  for (const bound of UPPER_BOUNDS) if (now[bound] < (old[bound] ?? Infinity)) found.push(broken(at, bound));
  for (const form of FORMS) if (now[form] !== undefined && now[form] !== old[form]) found.push(broken(at, form));
  for (const name of now.required ?? []) {
    // A default replaces a field that is left out.
    const needed = now.properties?.[name]?.default === undefined && !old.required?.includes(name);
    if (needed) found.push(broken(below(at, name), "required"));
  }
  for (const [name, schema] of Object.entries(old.properties ?? {})) {
    const later = now.properties?.[name] ?? schemaOfOthers(now);
    found.push(...(later ? into(at, name, schema, later) : [broken(below(at, name), "removed")]));
  }
  if (old.additionalProperties !== false && now.type === "object") {
    const others = { ...at, field: `${at.field}{}` };
    if (now.additionalProperties === false) found.push(broken(others, "removed"));
    else if (schemaOfOthers(now)) found.push(...step(others, old.additionalProperties, now.additionalProperties));
  }
  if (now.propertyNames)
    found.push(...step({ ...at, field: `${at.field}{name}` }, old.propertyNames, now.propertyNames));
  if (now.items) found.push(...step({ ...at, field: `${at.field}[]` }, old.items, now.items));
  return found;
}

function lost(old, now, at) {
  const found = [];
  if (old.enum && !old.enum.every((value) => now.enum?.includes(value))) found.push(broken(at, "enum"));
  for (const [name, schema] of Object.entries(old.properties ?? {})) {
    const later = now.properties?.[name] ?? schemaOfOthers(now);
    if (!later) found.push(broken(below(at, name), "removed"));
    else found.push(...into(at, name, schema, later));
    if (later && old.required?.includes(name) && !now.required?.includes(name))
      found.push(broken(below(at, name), "optional"));
  }
  if (schemaOfOthers(old)) {
    const others = { ...at, field: `${at.field}{}` };
    if (schemaOfOthers(now)) found.push(...step(others, old.additionalProperties, now.additionalProperties));
    else found.push(broken(others, "removed"));
  }
  if (old.items) found.push(...step({ ...at, field: `${at.field}[]` }, old.items, now.items));
  return found;
}

const schemaOfOthers = ({ additionalProperties: others }) => (typeof others === "object" ? others : undefined);
const below = (at, name) => ({ ...at, field: at.field === "" ? name : `${at.field}.${name}` });
const into = (at, name, old, now) => step(below(at, name), old, now);
const broken = ({ field }, change) => ({ field: field === "" ? "(body)" : field, change });

function step(at, old, now) {
  const { before, after, ...rest } = at;
  return compare({ ...before, schema: old }, { ...after, schema: now }, rest);
}
