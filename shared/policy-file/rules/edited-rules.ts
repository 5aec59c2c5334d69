/** Edits the access of rules in the text of `access.yaml`. Everything else stays as it was, comments too. */
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";

/** The new access of one rule. */
export interface AccessEdit {
  readonly rule: string;
  readonly policies: readonly string[];
  /** Null where the rule keeps its place: the whole cluster, or the namespaces that it has. */
  readonly namespaces: readonly string[] | null;
}

export interface EditedRules {
  readonly text: string;
  /** Rules whose lists have comments inside, so that only a person can change them. */
  readonly byHand: readonly string[];
}

/** Replaces what stands between two offsets. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** @param text a policy that was read without faults: it has each rule, and no alias */
export function editedRules(text: string, edits: readonly AccessEdit[]): EditedRules {
  const rules = parseDocument(text).get("rules");
  const byHand: string[] = [];
  const splices: Splice[] = [];
  for (const edit of edits) {
    const made = splicesFor(text, accessOf(rules, edit.rule), edit);
    if (made) splices.push(...made);
    else byHand.push(edit.rule);
  }
  const last = splices.toSorted((a, b) => b.from - a.from);
  return {
    text: last.reduce(
      (all, { from, to, text: put }) => all.slice(0, from) + put + all.slice(to),
      text,
    ),
    byHand,
  };
}

function accessOf(rules: unknown, name: string): YAMLMap | undefined {
  const rule = isSeq(rules)
    ? rules.items.find((each) => isMap(each) && each.get("name") === name)
    : undefined;
  const access = isMap(rule) ? rule.get("access") : undefined;
  return isMap(access) ? access : undefined;
}

/** @returns undefined where a person has to do it */
function splicesFor(
  text: string,
  access: YAMLMap | undefined,
  { policies, namespaces }: AccessEdit,
): readonly Splice[] | undefined {
  const lent = pairOf(access, "policies");
  const where = pairOf(access, "namespaces") ?? pairOf(access, "scope");
  const made = [
    lent && listSplice(text, lent, policies),
    ...(namespaces === null ? [] : [where && placeSplice(text, where, namespaces)]),
  ];
  return made.every((each) => each !== undefined) ? made.flat() : undefined;
}

const pairOf = (map: YAMLMap | undefined, key: string): Pair | undefined =>
  map?.items.find((item) => isScalar(item.key) && item.key.value === key);

/** `scope: cluster` becomes a list of namespaces. */
function placeSplice(
  text: string,
  pair: Pair,
  namespaces: readonly string[],
): readonly Splice[] | undefined {
  if (isSeq(pair.value)) return listSplice(text, pair, namespaces);
  const [from] = rangeOf(pair.key);
  const [, to] = rangeOf(pair.value);
  return [{ from, to, text: `namespaces: ${flow(namespaces.map(quoted))}` }];
}

/** Items that stay keep their text: a name may be quoted. */
function listSplice(
  text: string,
  { value }: Pair,
  wanted: readonly string[],
): readonly Splice[] | undefined {
  if (!isSeq(value)) return undefined;
  const [from, to] = rangeOf(value);
  const items = value.items.map((item) => ({
    name: isScalar(item) ? String(item.value) : "",
    text: text.slice(...rangeOf(item)),
  }));
  const same = items.map(({ name }) => name);
  if (same.length === wanted.length && same.every((name) => wanted.includes(name))) return [];
  const end = to - (/\s*$/.exec(text.slice(from, to))?.[0].length ?? 0);
  if (text.slice(from, end).includes("#")) return undefined;
  const names = wanted.map(
    (name) => items.find((item) => item.name === name)?.text ?? quoted(name),
  );
  if (value.flow === true) return [{ from, to: end, text: flow(names) }];
  const indent = " ".repeat(from - (text.lastIndexOf("\n", from - 1) + 1));
  return [{ from, to: end, text: names.map((name) => `- ${name}`).join(`\n${indent}`) }];
}

const flow = (names: readonly string[]): string => `[${names.join(", ")}]`;

/** A namespace `2024`, or `null`, would be read as something else. */
const quoted = (name: string): string => stringify(name).trim();

/** The offsets of a node's first character, and of the one after its last. */
function rangeOf(node: unknown): [number, number] {
  const range = (node as Node | undefined)?.range;
  if (!range) throw new Error("A parsed node has no range.");
  return [range[0], range[1]];
}
