/** Measures how long files and functions are, and which small files serve one other file. */
import path from "node:path";
import { parseAst } from "vitest/node";

/** Lines: half of all are at most `median` long, and nine in ten at most `p90`. */
export interface Lengths {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
}

/** A file below 40 lines that exactly one file imports. Imports by tests count only for tests. */
export interface Crumb {
  readonly file: string;
  readonly lines: number;
  readonly importer: string;
}

export interface FolderFigures {
  readonly folder: string;
  readonly files: Lengths;
  /** Functions with a body in braces, methods among them. */
  readonly functions: Lengths;
  readonly crumbs: readonly Crumb[];
}

const SMALL = 40;

/** @param texts the TypeScript files, by their path from the root */
export function houseFigures(texts: ReadonlyMap<string, string>): readonly FolderFigures[] {
  const importers = importersIn(texts);
  const folders = Map.groupBy(texts.keys(), folderOf);
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, files]) => ({
      folder,
      files: lengths(files.map((file) => lineCount(texts.get(file) ?? ""))),
      functions: lengths(files.flatMap((file) => functionLengths(file, texts.get(file) ?? ""))),
      crumbs: files.flatMap((file) => crumbOf(file, texts.get(file) ?? "", importers)),
    }));
}

/** The first two folders of a path, or the first where it has only one. */
const folderOf = (file: string): string => file.split("/").slice(0, -1).slice(0, 2).join("/");

const lineCount = (text: string): number => text.trimEnd().split("\n").length;

function lengths(lines: readonly number[]): Lengths {
  const sorted = lines.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, median: at(0.5), p90: at(0.9) };
}

const FUNCTIONS: ReadonlySet<unknown> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

interface SyntaxNode {
  readonly type?: unknown;
  readonly start?: number;
  readonly end?: number;
  readonly body?: { readonly type?: unknown };
}

function functionLengths(file: string, text: string): readonly number[] {
  const found: number[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { type, start = 0, end = 0, body } = value as SyntaxNode;
    if (FUNCTIONS.has(type) && /^(Block|Function)/.test(String(body?.type)))
      found.push(text.slice(start, end).split("\n").length);
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseAst(text, { lang: file.endsWith(".tsx") ? "tsx" : "ts" }));
  return found;
}

const IMPORT = /(?:^|[\s;{}*=(])(?:from\s*|import\s*\(?\s*)"(\.[^"\n]+)"/g;

/** The importers of each file, by the file. */
function importersIn(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const [file, text] of texts)
    for (const [, specifier = ""] of text.matchAll(IMPORT)) {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      const known = importers.get(target) ?? [];
      importers.set(target, known.includes(file) ? known : [...known, file]);
    }
  return importers;
}

const isTest = (file: string): boolean => file.startsWith("test/");

function crumbOf(
  file: string,
  text: string,
  importers: ReadonlyMap<string, readonly string[]>,
): readonly Crumb[] {
  const counted = (importers.get(file) ?? []).filter((each) => isTest(file) || !isTest(each));
  const [importer] = counted;
  const lines = lineCount(text);
  if (importer === undefined || counted.length > 1 || lines >= SMALL) return [];
  return [{ file, lines, importer }];
}
