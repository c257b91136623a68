import path from "node:path";
import type { CallExpression, Node, SourceFile } from "typescript/unstable/ast";
import { SyntaxKind } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";

/** Its failure is heard, whatever becomes of the promise; of `unfailing` there is none. */
const HEARS = new Set(["eager", "unfailing", "catch", "settlesWithin"]);
/** The statement of a transaction (tx/query.ts), which is eager itself. */
const EAGER_CALLS = new Set(["query", "query.count"]);
/** Waits for all that it is given; what it gives is a promise itself. */
const GATHERS = /^(Promise\.(all|allSettled|race|any)|together)$/;

/**
 * A sentence for each call under `root`/src whose promise is put away (in a variable, a field, an argument) or dropped, and not
 * waited for where it is made. If it fails before somebody waits, or nobody ever does, that ends the process.
 */
export function unheardPromises(root: string, skip: (file: string) => boolean = () => false): string[] {
  return find(root, new API({ cwd: root }), skip);
}

/** The same of made-up sources, by path from the root. */
export function unheardIn(files: Record<string, string>): string[] {
  const root = "/made-up";
  const virtual: Record<string, string> = {
    [`${root}/tsconfig.json`]: JSON.stringify({
      compilerOptions: { noLib: true, types: [], allowImportingTsExtensions: true, strict: true },
      include: ["src"],
    }),
  };
  for (const [file, text] of Object.entries(files)) virtual[`${root}/${file}`] = text;
  return find(root, new API({ cwd: root, fs: createVirtualFileSystem(virtual) }), () => false);
}

function find(root: string, api: API, skip: (file: string) => boolean): string[] {
  try {
    const config = path.join(root, "tsconfig.json");
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`TypeScript finds no project at ${config}`);
    const files = project.rootFiles
      .filter((file) => file.startsWith(`${root}/src/`))
      .map((file) => ({ file, name: path.relative(root, file) }));
    return files
      .filter(({ name }) => !skip(name))
      .flatMap(({ file, name }) => {
        const source = project.program.getSourceFile(file)!;
        const calls = putAway(source);
        if (calls.length === 0) return [];
        const types = project.checker.getTypeAtLocation(calls);
        return calls.flatMap((call, i) => {
          const type = types[i];
          const text = type === undefined ? "" : project.checker.typeToString(type);
          if (!/(^|\| )Promise</.test(text)) return [];
          const line = source.text.slice(0, call.getStart(source)).split("\n").length;
          return [`${name}:${line}: ${call.getText(source).split("\n")[0]}: wait for it here, or make it with eager()`];
        });
      });
  } finally {
    api.close();
  }
}

/** Calls whose value is put somewhere or dropped, and that do not hear a failure themselves. */
function putAway(source: SourceFile): CallExpression[] {
  const calls: CallExpression[] = [];
  const visit = (node: Node, parent: Node): void => {
    if (is.isCallExpression(node) && isPutAway(node, parent) && !isHeard(node)) calls.push(node);
    node.forEachChild((child) => visit(child, transparent(node) || isNamedAmong(node, parent) ? parent : node));
  };
  source.forEachChild((child) => visit(child, source));
  return calls;
}

/** Hands its operand's value on: the place of the whole is the place of the operand. */
function transparent(node: Node): boolean {
  return (
    is.isParenthesizedExpression(node) ||
    is.isAsExpression(node) ||
    is.isNonNullExpression(node) ||
    is.isConditionalExpression(node) ||
    is.isVoidExpression(node) ||
    is.isArrayLiteralExpression(node) ||
    is.isSpreadElement(node)
  );
}

/** The object of `together({ name: call() })`, and each name in it. */
function isNamedAmong(node: Node, parent: Node): boolean {
  if (!is.isCallExpression(parent) || textOf(parent.expression) !== "together") return false;
  const [asked] = parent.arguments;
  if (asked === undefined || !is.isObjectLiteralExpression(asked)) return false;
  return node === asked || asked.properties.some((property) => property === node);
}

function isPutAway(node: CallExpression, parent: Node): boolean {
  if (is.isVariableDeclaration(parent) || is.isPropertyAssignment(parent) || is.isExpressionStatement(parent))
    return true;
  if (is.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return kind === SyntaxKind.EqualsToken || kind === SyntaxKind.QuestionQuestionEqualsToken;
  }
  if (is.isCallExpression(parent)) {
    return parent.expression !== node && !isHeard(parent) && !GATHERS.test(textOf(parent.expression));
  }
  return false;
}

function isHeard(call: CallExpression): boolean {
  const text = textOf(call.expression);
  if (HEARS.has(nameOf(call)) || EAGER_CALLS.has(text) || text === "Promise.resolve") return true;
  // A look-up makes no promise.
  if (nameOf(call) === "get") return true;
  // Of `.then(done, failed)` the failure goes to the second.
  if (nameOf(call) === "then" && call.arguments.length === 2) return true;
  return nameOf(call) === "finally" && isHeardChain(call);
}

/** `.catch(…).finally(…)`: what is behind the catch fails no more. */
function isHeardChain({ expression }: CallExpression): boolean {
  const inner = is.isPropertyAccessExpression(expression) ? expression.expression : undefined;
  return inner !== undefined && is.isCallExpression(inner) && isHeard(inner);
}

function nameOf({ expression }: CallExpression): string {
  if (is.isIdentifier(expression)) return expression.text;
  return is.isPropertyAccessExpression(expression) ? expression.name.text : "";
}

function textOf(node: Node): string {
  if (is.isIdentifier(node)) return node.text;
  return is.isPropertyAccessExpression(node) && is.isIdentifier(node.expression)
    ? `${node.expression.text}.${node.name.text}`
    : "";
}
