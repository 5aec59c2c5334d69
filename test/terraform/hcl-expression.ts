/**
 * Values of HCL expressions, from the syntax tree that HashiCorp's own parser makes. It has what the module uses, and
 * refuses everything else by name. A value that is not known before the apply is `UNKNOWN`.
 */
import { FUNCTIONS, UNKNOWN } from "./hcl-functions.ts";
import { getExpressionAst, type Node } from "./hcl-parser.ts";

/** An expression as the parser's JSON has it. */
export interface Expression {
  readonly text: string;
  readonly tree: Node;
}

/** The names around an expression. */
export interface Scope {
  /** The value of a reference such as `var`, `account`; undefined where the scope has no such name. */
  readonly lookUp: (
    names: readonly string[],
  ) => Promise<{ readonly value: unknown; readonly used: number } | undefined>;
}

const parsed = new Map<string, Promise<Expression>>();

/** The expression in a text of the parser's JSON: `${var.a}` by itself, or a template. */
export function expressionIn(text: string): Promise<Expression> {
  const found = parsed.get(text) ?? parse(text);
  parsed.set(text, found);
  return found;
}

async function parse(text: string): Promise<Expression> {
  // A whole expression keeps its type, and a template is a text.
  const isWhole = text.startsWith("${") && endOf(text, 2, "}") === text.length;
  const source = isWhole ? text.slice(2, -1) : `<<EOT\n${text}\nEOT\n`;
  return { text: source, tree: await getExpressionAst("it.tf", source) };
}

/** The place behind the closing sign that ends an expression, or a text with expressions in it. */
function endOf(text: string, start: number, closing: "}" | '"'): number {
  let at = start;
  while (at < text.length && text[at] !== closing) {
    const opens = closing === "}" ? text[at] === "{" : text.startsWith("${", at);
    if (opens) at = endOf(text, at + (closing === "}" ? 1 : 2), "}");
    else if (closing === "}" && text[at] === '"') at = endOf(text, at + 1, '"');
    else at += text[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/** The references of an expression, each as its names: `["var", "account"]`. Names of `for` are not among them. */
export function referencesIn(node: Node, bound: readonly string[] = []): readonly string[][] {
  if (node.type === "scopeTraversal") {
    const names = namesOf(node);
    return bound.includes(names[0] ?? "") ? [] : [[...names]];
  }
  const inner =
    node.type === "for" ? [...bound, node.meta?.keyVar ?? "", node.meta?.valVar ?? ""] : bound;
  return node.children.flatMap((child, at) =>
    referencesIn(child, node.type === "for" && at === 0 ? bound : inner),
  );
}

const namesOf = ({ meta }: Node): readonly string[] =>
  (meta?.traversal ?? []).map(({ segment }) => segment.replace(/^"(.*)"$/, "$1"));

/** @throws Error for what is not known here, and what Terraform would refuse */
export async function evaluate({ text, tree }: Expression, scope: Scope): Promise<unknown> {
  return valueAt(tree, { scope, text, outer: tree.children });
}

interface At {
  readonly scope: Scope;
  readonly text: string;
  /** The parts of the whole. */
  readonly outer: readonly Node[];
}

type Reader = (node: Node, at: At) => Promise<unknown>;

const READERS: Readonly<Record<string, Reader>> = {
  scopeTraversal: async (node, { scope }) => {
    const names = namesOf(node);
    const found = await scope.lookUp(names);
    if (!found) throw new Error(`Reference to undeclared ${names.join(".")}`);
    return walk(found.value, names.slice(found.used), names.join("."));
  },
  relativeTraversal: async (node, at) =>
    walk(await valueAt(first(node), at), namesOf(node), node.meta?.value ?? ""),
  literalValue: async ({ meta }) => {
    if (meta?.type === "number") return Number(meta.value);
    if (meta?.type === "bool") return meta.value === "true";
    return meta?.type === "string" ? meta.value : null;
  },
  templateWrap: (node, at) => valueAt(first(node), at),
  template: async ({ children }, at) => {
    const parts = await all(children, at);
    if (parts.includes(UNKNOWN)) return UNKNOWN;
    const whole = parts.map(textOf).join("");
    // The parser takes a text as a here-document, which ends in a new line.
    return at.text.startsWith("<<") && children === at.outer ? whole.replace(/\n$/, "") : whole;
  },
  index: async ({ children, meta }, at) => {
    const [collection, key] = await all(children, at);
    return key === UNKNOWN ? UNKNOWN : walk(collection, [String(key)], meta?.value ?? "");
  },
  tuple: ({ children }, at) => all(children, at),
  object: async ({ children }, at) => {
    const found: [string, unknown][] = [];
    for (let index = 0; index < children.length; index += 2) {
      const [key, value] = [children[index], children[index + 1]];
      if (key && value) found.push([await keyOf(key, at), await valueAt(value, at)]);
    }
    return Object.fromEntries(found);
  },
  conditional: async ({ children: [condition, yes, no] }, at) => {
    const chosen = condition && (await valueAt(condition, at));
    if (chosen === UNKNOWN) return UNKNOWN;
    const taken = chosen === true ? yes : no;
    return taken && valueAt(taken, at);
  },
  unaryOp: async (node, at) => {
    const value = await valueAt(first(node), at);
    if (node.meta?.operator !== "logicalNot") throw notKnown(node);
    return value === UNKNOWN ? UNKNOWN : value !== true;
  },
  binaryOp: async (node, at) => {
    const [left, right] = await all(node.children, at);
    if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
    const operate = OPERATORS[node.meta?.operator ?? ""];
    if (!operate) throw notKnown(node);
    return operate(left, right);
  },
  function: async (node, at) => call(node, at),
  for: async (node, at) => loop(node, at),
  "": (node, at) => valueAt(first(node), at),
};

const OPERATORS: Readonly<Record<string, (left: unknown, right: unknown) => unknown>> = {
  equal: (left, right) => JSON.stringify(left) === JSON.stringify(right),
  notEqual: (left, right) => JSON.stringify(left) !== JSON.stringify(right),
  greaterThan: (left, right) => Number(left) > Number(right),
  logicalAnd: (left, right) => left === true && right === true,
  logicalOr: (left, right) => left === true || right === true,
};

async function valueAt(node: Node, at: At): Promise<unknown> {
  const read = READERS[node.type];
  if (!read) throw notKnown(node);
  return read(node, at);
}

const notKnown = ({ type, meta }: Node) =>
  new Error(`The evaluator does not know ${type} ${meta?.operator ?? ""} of ${meta?.value ?? ""}`);

const first = (node: Node): Node => {
  const [child] = node.children;
  if (!child) throw notKnown(node);
  return child;
};

async function all(nodes: readonly Node[], at: At): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const node of nodes) values.push(await valueAt(node, at));
  return values;
}

const textOf = (value: unknown): string => {
  if (typeof value === "object") throw new Error("A text cannot have a list, a map or null in it.");
  return String(value);
};

function walk(value: unknown, names: readonly string[], whole: string): unknown {
  let found = value;
  for (const name of names) {
    if (found === UNKNOWN) return UNKNOWN;
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      throw new Error(`Invalid index: ${whole} has no ${name}`);
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

/** A bare word is a text. The parser's tree does not have it, so it is read where it stands. */
async function keyOf(node: Node, at: At): Promise<string> {
  if (node.children.length > 0) return String(await valueAt(node, at));
  const [word] = /^[\w-]+/.exec(at.text.slice(node.range.start.byte)) ?? [];
  if (word === undefined) throw notKnown(node);
  return word;
}

async function call(node: Node, at: At): Promise<unknown> {
  const { name = "", expandedFinalArgument } = node.meta ?? {};
  if (name === "try" || name === "can") return attempt(name, node, at);
  const work = FUNCTIONS[name];
  if (!work || expandedFinalArgument) throw notKnown(node);
  const values = await all(node.children, at);
  return values.includes(UNKNOWN) ? UNKNOWN : work(...values);
}

async function attempt(name: string, { children }: Node, at: At): Promise<unknown> {
  for (const child of children) {
    const value = await valueAt(child, at).catch(() => undefined);
    if (value === UNKNOWN) return UNKNOWN;
    if (value !== undefined) return name === "can" ? true : value;
  }
  if (name === "can") return false;
  throw new Error("try: no expression succeeded");
}

async function loop({ children, meta }: Node, at: At): Promise<unknown> {
  const isMap = meta?.openRangeValue === "{";
  const [collection, ...parts] = children;
  const over = collection && (await valueAt(collection, at));
  if (over === UNKNOWN) return UNKNOWN;
  const condition = meta?.conditionalExpression ? parts.at(-1) : undefined;
  const found: [unknown, unknown][] = [];
  for (const [key, value] of Object.entries(over as object)) {
    const index = Array.isArray(over) ? Number(key) : key;
    const inner = { ...at, scope: within(at.scope, meta, index, value) };
    if (condition && (await valueAt(condition, inner)) !== true) continue;
    const made = await all(parts.slice(0, isMap ? 2 : 1), inner);
    found.push(isMap ? [made[0], made[1]] : [index, made[0]]);
  }
  return isMap ? Object.fromEntries(found as [string, unknown][]) : found.map(([, one]) => one);
}

const within = (scope: Scope, meta: Node["meta"], key: unknown, value: unknown): Scope => ({
  lookUp: async (names) => {
    if (names[0] === meta?.valVar) return { value, used: 1 };
    if (meta?.keyVar && names[0] === meta.keyVar) return { value: key, used: 1 };
    return scope.lookUp(names);
  },
});
