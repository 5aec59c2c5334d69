/** Adds ids of services outside to people in the text of a file. Everything else stays as it is, comments too. */
import { isMap, isScalar, type Node, parseDocument, stringify, type YAMLMap } from "yaml";

/** The ids that one person gets, by keys of `outside` that they lack. */
export interface OutsideEdit {
  readonly person: string;
  readonly ids: Readonly<Record<string, string>>;
}

export interface EditedPeople {
  readonly text: string;
  /** People who are not in this text. */
  readonly elsewhere: readonly string[];
}

/** @param text a policy, or a file of people, that was read without faults */
export function editedOutside(text: string, edits: readonly OutsideEdit[]): EditedPeople {
  const people = parseDocument(text).get("people");
  const elsewhere: string[] = [];
  const puts: { readonly at: number; readonly text: string }[] = [];
  for (const { person, ids } of edits) {
    const member = isMap(people) ? people.get(person) : undefined;
    if (isMap(member)) puts.push(putIn(text, member, ids));
    else elsewhere.push(person);
  }
  return {
    text: puts
      .toSorted((a, b) => b.at - a.at)
      .reduce((all, put) => all.slice(0, put.at) + put.text + all.slice(put.at), text),
    elsewhere,
  };
}

function putIn(text: string, member: YAMLMap, ids: OutsideEdit["ids"]) {
  const outside = member.get("outside");
  const pairs = Object.entries(ids).map(([key, id]) => `${key}: ${stringify(id).trim()}`);
  if (isMap(outside) && outside.items.length > 0) return added(text, outside, pairs);
  return added(text, member, [`outside: { ${pairs.join(", ")} }`]);
}

/** The pairs follow the last one of a map, in its own style. */
function added(text: string, map: YAMLMap, pairs: readonly string[]) {
  const last = map.items.at(-1);
  const end = endOf(last?.value) ?? endOf(last?.key) ?? 0;
  if (map.flow === true) return { at: end, text: pairs.map((pair) => `, ${pair}`).join("") };
  const key = map.items.find((item) => isScalar(item.key))?.key;
  const from = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
  const indent = " ".repeat(from - (text.lastIndexOf("\n", from - 1) + 1));
  // A comment that follows the last value on its line stays there.
  const line = text.indexOf("\n", end - 1 > 0 && text[end - 1] === "\n" ? end - 1 : end);
  const at = line < 0 ? text.length : line;
  return { at, text: pairs.map((pair) => `\n${indent}${pair}`).join("") };
}

/** The offset after a node's last character. */
function endOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[1];
}
