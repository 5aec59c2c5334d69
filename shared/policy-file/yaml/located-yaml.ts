/** YAML, read strictly, whose values know their line and column. */
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type * as z from "zod/mini";
import { type FileFault, FileFaults, type Place, WHOLE_FILE } from "./file-fault.ts";

export type Path = readonly PropertyKey[];

/** The fault at a path; with `key`, it is about the key itself and not about its value. */
export interface Fault {
  readonly path: Path;
  readonly detail: string;
  readonly key?: true;
}

export interface LocatedYaml {
  readonly json: unknown;
  /** The place of the value at a path, or of its closest parent that exists. */
  placeOf(fault: Pick<Fault, "path" | "key">): Place;
}

/** @throws FileFaults where the text is no YAML, or uses what a strict file must not */
export function readLocatedYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  // No merge keys and no custom tags. Aliases are refused below.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Checked below: the parser compares each key with each.
    uniqueKeys: false,
    merge: false,
    schema: "core",
  });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = [
    ...[...document.errors, ...document.warnings].map(({ pos, message }) => ({
      at: pos[0],
      message,
    })),
    ...refusedYaml(document.contents),
  ];
  if (broken.length > 0)
    throw new FileFaults(
      broken.map(({ at, message }) => ({ ...place(at), path: WHOLE_FILE, detail: message })),
    );
  const offsetOf = (path: Path): number => {
    const node = path.length > 0 ? document.getIn(path, true) : document.contents;
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    return range?.[0] ?? (path.length > 0 ? offsetOf(path.slice(0, -1)) : 0);
  };
  const offsetOfKey = (path: Path): number => {
    const around = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const pair = isMap(around)
      ? around.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
      : undefined;
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(path);
  };
  const placeOf: LocatedYaml["placeOf"] = ({ path, key }) =>
    place(key ? offsetOfKey(path) : offsetOf(path));
  return { json: document.toJS({ maxAliasCount: 0 }), placeOf };
}

/** A fault with its place in the file. */
export const located = (
  { placeOf }: Pick<LocatedYaml, "placeOf">,
  fault: Fault,
): FileFault & Place => ({
  ...placeOf(fault),
  path: fault.path.join(".") || WHOLE_FILE,
  detail: fault.detail,
});

/** The document as the schema reads it. @throws FileFaults with all faults that were found */
export function readAs<Schema extends z.ZodMiniType>(
  yaml: LocatedYaml,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(yaml.json);
  if (parsed.success) return parsed.data;
  throw new FileFaults(parsed.error.issues.flatMap(faultsOf).map((fault) => located(yaml, fault)));
}

/** Zod's issues as faults. A fault of a key is reported at the key. */
function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      detail: "Unknown key.",
      key: true,
    }));
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => ({ path: issue.path, detail: message, key: true }));
  if (issue.code === "invalid_union") {
    const inner = issue.errors.find((errors) => errors.length > 0)?.[0];
    if (inner && issue.errors.length === 1)
      return faultsOf({ ...inner, path: [...issue.path, ...inner.path] });
  }
  const detail = issue.code === "invalid_type" ? typeFault(issue) : issue.message;
  return [{ path: issue.path, detail }];
}

/** Zod's names of types, in words for whoever writes a file. */
const TYPES: Readonly<Record<string, string>> = {
  object: "keys with values",
  record: "keys with values",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/**
 * The expected value where there is nothing, or something else; in the schema's own words where it
 * has some.
 */
function typeFault({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const [, received] = /^Invalid input: expected \w+, received (\w+)$/.exec(message) ?? [];
  const words = TYPES[expected];
  if (words === undefined || received === undefined) return message;
  if (received === "undefined") return `Missing. Write ${words}.`;
  if (received === "null") return `Empty. Write ${words}.`;
  return `Write ${words}, not ${TYPES[received] ?? received}.`;
}

/** The refused part, and its offset in the text. */
interface RefusedYaml {
  readonly at: number;
  readonly message: string;
}

const REPEATED = "Map keys must be unique";
/** A small file could expand into a huge one. */
const ALIAS = "YAML aliases (*name) are not allowed. Write the value out.";
/** JavaScript gives it a meaning of its own, so readers of records leave it out without a word. */
const PROTOTYPE = "__proto__";

/**
 * The refused parts of a YAML node. The parser's own check of keys compares each with each, which
 * takes seconds where a map has thousands.
 */
function refusedYaml(node: unknown): readonly RefusedYaml[] {
  if (isPair(node)) return [...refusedYaml(node.key), ...refusedYaml(node.value)];
  if (isAlias(node)) return [{ at: node.range?.[0] ?? 0, message: ALIAS }];
  if (!isCollection(node)) return [];
  return [...(isMap(node) ? refusedKeys(node) : []), ...node.items.flatMap(refusedYaml)];
}

function refusedKeys({ items }: YAMLMap): readonly RefusedYaml[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const at = key.range?.[0] ?? 0;
    const isNew = !seen.has(key.value);
    seen.add(key.value);
    if (!isNew) return [{ at, message: REPEATED }];
    return key.value === PROTOTYPE
      ? [{ at, message: `No key is called ${PROTOTYPE}. Write another name.` }]
      : [];
  });
}
