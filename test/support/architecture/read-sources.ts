import path from "node:path";
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";
import { ambientUse } from "./ambient-use.ts";

export interface Import {
  /** As written, or the path from the root (`src/domain/runs/run.ts`) when it names a file of ours. */
  target: string;
  ours: boolean;
  /** Gone at run time. */
  typeOnly: boolean;
  /** `import()`. */
  lazy: boolean;
}

export interface Source {
  /** From the root: `src/domain/runs/run.ts`. */
  file: string;
  lines: string[];
  imports: Import[];
  /** What it takes from the world around it: `Date.now`, `new Date()`, `process.env`, `console` … */
  ambient: string[];
  /** The types, interfaces, classes and enums that it declares and exports; a re-export declares nothing. */
  types: string[];
}

/** Every source under `root`/src, as TypeScript itself parses it. */
export function readSources(root: string): Source[] {
  return read(root, new API({ cwd: root }));
}

/** Made-up sources, by path from the root. */
export function madeUpSources(files: Record<string, string>): Source[] {
  const root = "/made-up";
  const config = { compilerOptions: { noLib: true, types: [], allowImportingTsExtensions: true }, include: ["src"] };
  const virtual: Record<string, string> = { [`${root}/tsconfig.json`]: JSON.stringify(config) };
  for (const [file, text] of Object.entries(files)) virtual[`${root}/${file}`] = text;
  return read(root, new API({ cwd: root, fs: createVirtualFileSystem(virtual) }));
}

function read(root: string, api: API): Source[] {
  try {
    const config = path.join(root, "tsconfig.json");
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`TypeScript finds no project at ${config}`);
    return project.rootFiles
      .filter((file) => file.startsWith(`${root}/src/`))
      .map((file) => describe(root, project.program.getSourceFile(file)!));
  } finally {
    api.close();
  }
}

function describe(root: string, sourceFile: SourceFile): Source {
  const file = path.relative(root, sourceFile.fileName);
  const source: Source = { file, lines: sourceFile.text.trimEnd().split("\n"), imports: [], ambient: [], types: [] };
  const visit = (node: Node, parent: Node): void => {
    const found = importOf(node);
    if (found !== undefined) source.imports.push(located(file, found));
    const taken = ambientUse(node, parent);
    if (taken !== undefined) source.ambient.push(taken);
    const type = exportedType(node);
    if (type !== undefined) source.types.push(type);
    node.forEachChild((child) => visit(child, node));
  };
  sourceFile.forEachChild((child) => visit(child, sourceFile));
  return source;
}

function exportedType(node: Node): string | undefined {
  const isType =
    is.isTypeAliasDeclaration(node) ||
    is.isInterfaceDeclaration(node) ||
    is.isClassDeclaration(node) ||
    is.isEnumDeclaration(node);
  if (!isType || node.name === undefined) return undefined;
  const isExported = node.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
  return isExported ? node.name.text : undefined;
}

type Written = Omit<Import, "ours" | "target"> & { specifier: string };

function importOf(node: Node): Written | undefined {
  if (is.isImportDeclaration(node) && is.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typeOnly: importsTypesOnly(node.importClause), lazy: false };
  }
  if (is.isExportDeclaration(node) && node.moduleSpecifier && is.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, lazy: false };
  }
  if (is.isImportTypeNode(node) && is.isLiteralTypeNode(node.argument) && is.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, typeOnly: true, lazy: false };
  }
  if (is.isCallExpression(node) && is.isImportExpression(node.expression)) {
    const [argument] = node.arguments;
    // A computed path cannot be checked, so it is no edge that any room may have.
    const specifier = argument && is.isStringLiteral(argument) ? argument.text : "(computed)";
    return { specifier, typeOnly: false, lazy: true };
  }
  return undefined;
}

function importsTypesOnly(clause: Node | undefined): boolean {
  // `import "x"` is there for its effects.
  if (clause === undefined || !is.isImportClause(clause)) return false;
  if (clause.phaseModifier === SyntaxKind.TypeKeyword) return true;
  const { namedBindings } = clause;
  if (clause.name !== undefined || namedBindings === undefined || !is.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function located(file: string, { specifier, typeOnly, lazy }: Written): Import {
  const ours = specifier.startsWith(".");
  const target = ours ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
  return { target, ours, typeOnly, lazy };
}
