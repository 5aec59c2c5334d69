/** The reference of all keys of `access.yaml` as Markdown, from its JSON Schema. */
import { stringify } from "yaml";
import { accessFileSchema } from "./json-schema.ts";

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** One key, as the schema has it. */
interface Key {
  /** The keys above it and its own; `*` for a name or a place in a list. */
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** Every key, each once, in the order of the schema. */
export const keysOfAccessFile = (): readonly Key[] => {
  const keys = keysIn(accessFileSchema() as Schema, []);
  return [...new Map(keys.map((key) => [key.path.join("."), key])).values()];
};

function keysIn(schema: Schema, path: readonly string[]): readonly Key[] {
  const { properties = {}, required = [], additionalProperties, items, anyOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => [
      { path: [...path, name], schema: inner, isRequired: required.includes(name) },
      ...keysIn(inner, [...path, name]),
    ]),
    ...anyOf.flatMap((each) => keysIn(each, path)),
    ...(typeof additionalProperties === "object"
      ? keysIn(additionalProperties, [...path, "*"])
      : []),
    ...(items ? keysIn(items, [...path, "*"]) : []),
  ];
}

/** A section with a table for each key of the file's first level. */
function keyReference(): string {
  const sections = Map.groupBy(keysOfAccessFile(), ({ path }) => path[0] ?? "");
  return [...sections]
    .map(([name, keys]) =>
      [
        `### \`${name}\``,
        "",
        "| key | what it does | default | example |",
        "| --- | --- | --- | --- |",
        ...keys.map(rowOf),
      ].join("\n"),
    )
    .join("\n\n");
}

function rowOf({ path, schema, isRequired }: Key): string {
  const [example] = schema.examples ?? [];
  const cells = [
    code(path.join(".")),
    schema.description ?? "",
    isRequired ? "required" : schema.default === null ? "none" : code(inYaml(schema.default)),
    code(inYaml(example)),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const code = (text: string) => `\`${text}\``;

/** A value on one line, as in the file. */
const inYaml = (value: unknown): string =>
  stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim();

const BEGIN = "<!-- keys -->\n";
const END = "<!-- end of keys -->\n";

/** A page with the reference between its two marks. @throws Error if a mark is missing */
export function withKeyReference(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error("The page lacks its marks. Nothing was written; write both marks again.");
  return `${page.slice(0, begin)}${BEGIN}\n${keyReference()}\n\n${page.slice(end)}`;
}
