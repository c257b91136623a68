import type { Node } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";

const OBJECTS = new Set(["process", "console", "performance", "crypto", "globalThis"]);
const FUNCTIONS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"]);
const MEMBERS = new Set(["Date.now", "Math.random"]);

/** What an identifier takes from the world around the program: `process.env`, `Date.now`, `new Date()`, `setTimeout` … */
export function ambientUse(node: Node, parent: Node): string | undefined {
  if (!is.isIdentifier(node) || isOnlyAName(node, parent)) return undefined;
  const { text } = node;
  const name = is.isPropertyAccessExpression(parent) ? `${text}.${parent.name.text}` : text;
  if (OBJECTS.has(text) || MEMBERS.has(name)) return name;
  if (FUNCTIONS.has(text)) return text;
  if (text !== "Date") return undefined;
  // `Date(…)` without new always reads the clock; `new Date` does without an argument.
  if (is.isCallExpression(parent) && parent.expression === node) return "Date()";
  if (is.isNewExpression(parent) && (parent.arguments?.length ?? 0) === 0) return "new Date()";
  return undefined;
}

/** The name of a member, a declaration or a specifier, as in `run.process` or `{ process: 1 }`: nothing is looked up. */
function isOnlyAName(node: Node, parent: Node): boolean {
  if (is.isShorthandPropertyAssignment(parent)) return false;
  const { name, propertyName } = parent as { name?: Node; propertyName?: Node };
  return name === node || propertyName === node;
}
