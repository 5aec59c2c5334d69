import { isCollection, isMap, isPair, isScalar, type YAMLMap } from "yaml";

/**
 * Where maps of a YAML node have a key a second time, as offsets in the text. The parser's own check
 * compares each key with each, which takes seconds where a map has thousands.
 */
export function repeatedKeys(node: unknown): readonly number[] {
  if (isPair(node)) return [...repeatedKeys(node.key), ...repeatedKeys(node.value)];
  if (!isCollection(node)) return [];
  return [...(isMap(node) ? repeatedIn(node) : []), ...node.items.flatMap(repeatedKeys)];
}

function repeatedIn({ items }: YAMLMap): readonly number[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const isNew = !seen.has(key.value);
    seen.add(key.value);
    return isNew ? [] : [key.range?.[0] ?? 0];
  });
}
