import { answerBreaks, requestBreaks } from "./schema-breaks.mjs";

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];

/**
 * Lists what a client of the API in `before` misses in the API in `after`, both OpenAPI 3.1 documents. One line a break,
 * sorted, each once: `<METHOD> <path> <where> <field> <change>`, where is `parameter`, `request` or the status of an answer:
 * `POST /v1/quality request checks[].score type`. What is only added is no break.
 */
export function documentBreaks(before, after) {
  const now = new Map(operationsOf(after).map((operation) => [operation.wire, operation]));
  const lines = operationsOf(before).flatMap((old) => {
    const later = now.get(old.wire);
    return (later ? operationBreaks(old, later) : ["removed"]).map((line) => `${old.name} ${line}`);
  });
  return [...new Set(lines)].sort();
}

function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      name: `${method.toUpperCase()} ${path}`,
      // The name of a path parameter is not on the wire.
      wire: `${method} ${path.replaceAll(/\{[^}]*\}/g, "{}")}`,
      document,
      operation: { ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])] },
    })),
  );
}

function operationBreaks(old, now) {
  return [
    ...(needsKey(now) && !needsKey(old) ? ["security"] : []),
    ...parameterBreaks(old, now),
    ...bodyBreaks(old, now),
    ...answersBreaks(old, now),
  ];
}

const needsKey = ({ document, operation }) => (operation.security ?? document.security ?? []).length > 0;

function parameterBreaks(old, now) {
  const [olds, nows] = [old, now].map(
    ({ operation }) => new Map(operation.parameters.map((one) => [wireName(one), one])),
  );
  const line = (name, change) => `parameter ${name} ${change}`;
  const added = [...nows].filter(([key, one]) => one.in !== "path" && isNeeded(one) && !isNeeded(olds.get(key)));
  return [
    ...added.map(([, { name }]) => line(name, "required")),
    ...[...olds].flatMap(([key, { name, schema, ...one }]) => {
      if (one.in === "path") return [];
      const later = nows.get(key);
      if (!later) return [line(name, "removed")];
      const found = requestBreaks({ schema, document: old.document }, { schema: later.schema, document: now.document });
      return found.map(({ field, change }) => line(field === "(body)" ? name : `${name}${field}`, change));
    }),
    ...pathParameters(old).flatMap(({ name, schema }, index) => {
      const later = pathParameters(now)[index]?.schema;
      const found = requestBreaks({ schema, document: old.document }, { schema: later, document: now.document });
      return found.map(({ change }) => line(name, change));
    }),
  ];
}

/** A default replaces a field that is left out. */
const isNeeded = (parameter) => parameter?.required === true && parameter.schema?.default === undefined;
const wireName = ({ in: where, name }) => `${where} ${where === "header" ? name.toLowerCase() : name}`;

/** In the order of the path. */
function pathParameters({ name, operation }) {
  const names = [...name.matchAll(/\{([^}]*)\}/g)].map(([, one]) => one);
  const known = new Map(operation.parameters.filter((one) => one.in === "path").map((one) => [one.name, one]));
  return names.map((one) => known.get(one) ?? { name: one, schema: {} });
}

function bodyBreaks(old, now) {
  const [before, after] = [old, now].map(({ operation }) => operation.requestBody);
  if (after?.required && !before?.required) return ["request (body) required"];
  if (!before) return [];
  if (!after) return ["request (body) removed"];
  return contentBreaks("request", { old, now, before, after, of: requestBreaks });
}

function answersBreaks(old, now) {
  return Object.entries(old.operation.responses ?? {}).flatMap(([status, before]) => {
    const after = now.operation.responses?.[status];
    if (!after) return [`${status} (body) removed`];
    const gone = Object.keys(before.headers ?? {}).filter((name) => !after.headers?.[name]);
    return [
      ...gone.map((name) => `${status} header.${name} removed`),
      ...contentBreaks(status, { old, now, before, after, of: answerBreaks }),
    ];
  });
}

function contentBreaks(where, { old, now, before, after, of }) {
  return Object.entries(before.content ?? {}).flatMap(([type, { schema }]) => {
    const later = after.content?.[type];
    if (!later) return [`${where} ${type} removed`];
    const found = of({ schema, document: old.document }, { schema: later.schema, document: now.document });
    return found.map(({ field, change }) => `${where} ${field} ${change}`);
  });
}
