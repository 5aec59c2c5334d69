/** The files of a Terraform module, as HashiCorp's parser reads them. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expressionIn, referencesIn } from "./hcl-expression.ts";
import { parse } from "./hcl-parser.ts";

/** A block's content: texts are expressions. */
export type Block = Readonly<Record<string, unknown>>;

type Blocks = Readonly<Record<string, Block>>;

export interface ModuleSource {
  readonly folder: string;
  readonly variables: Blocks;
  readonly locals: Block;
  /** By `type.name`. */
  readonly data: Blocks;
  /** By `type.name`. */
  readonly resources: Blocks;
  readonly modules: Blocks;
  readonly outputs: Blocks;
  readonly providers: readonly Block[];
  /** Blocks that have a call forgotten. */
  readonly removed: readonly Block[];
  readonly terraform: readonly Block[];
}

/** Exchanges the text of a file, for what a mistake would do. */
export type Edit = (file: string, text: string) => string;

/** @param edit hears the path of each file */
export async function readModule(
  folder: string,
  edit: Edit = (_file, text) => text,
): Promise<ModuleSource> {
  const all: Record<string, unknown>[] = [];
  for (const file of globSync("*.tf", { cwd: folder }).toSorted())
    all.push(await parsedText(file, textOf(path.join(folder, file), edit)));
  const named = (kind: string) =>
    Object.fromEntries(
      all.flatMap((file) =>
        Object.entries((file[kind] ?? {}) as Record<string, Block[]>).map(([name, found]) => [
          name,
          only(found, `${kind} ${name}`),
        ]),
      ),
    );
  const typed = (kind: string) =>
    Object.fromEntries(
      all.flatMap((file) =>
        Object.entries((file[kind] ?? {}) as Record<string, Record<string, Block[]>>).flatMap(
          ([type, byName]) =>
            Object.entries(byName).map(([name, found]) => [
              `${type}.${name}`,
              only(found, `${kind} ${type}.${name}`),
            ]),
        ),
      ),
    );
  const list = (file: Record<string, unknown>, kind: string) => (file[kind] ?? []) as Block[];
  return {
    folder,
    variables: named("variable"),
    locals: Object.assign({}, ...all.flatMap((file) => list(file, "locals"))),
    data: typed("data"),
    resources: typed("resource"),
    modules: named("module"),
    outputs: named("output"),
    providers: all.flatMap((file) => Object.values((file["provider"] ?? {}) as object).flat()),
    removed: all.flatMap((file) => list(file, "removed")),
    terraform: all.flatMap((file) => list(file, "terraform")),
  };
}

const parsed = new Map<string, Promise<Record<string, unknown>>>();

function parsedText(file: string, text: string): Promise<Record<string, unknown>> {
  const found = parsed.get(text) ?? parse(file, text);
  parsed.set(text, found);
  return found;
}

const textOf = (file: string, edit: Edit): string => edit(file, readFileSync(file, "utf8"));

function only(found: readonly Block[], what: string): Block {
  const [block, second] = found;
  if (block === undefined || second !== undefined) throw new Error(`There are two of ${what}.`);
  return block;
}

/** The texts of a value, however deep. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [...textsOf(key), ...textsOf(one)]);
}

/** Every reference in a block, each as its names. */
export async function referencesOf(block: unknown): Promise<readonly string[][]> {
  const found: string[][] = [];
  for (const text of textsOf(block))
    if (text.includes("${")) found.push(...referencesIn((await expressionIn(text)).tree));
  return found;
}
