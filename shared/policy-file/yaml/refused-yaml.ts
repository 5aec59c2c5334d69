/** YAML that a strict file must not have, though YAML allows it. */
import { isAlias, isCollection, isMap, isPair, isScalar, type YAMLMap } from "yaml";

/** The refused part, and its offset in the text. */
export interface RefusedYaml {
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
export function refusedYaml(node: unknown): readonly RefusedYaml[] {
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
