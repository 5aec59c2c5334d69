/** Reads conditions: comparisons, `like`, `in`, `ispresent`, with `not`, `and`, `or` and parentheses. */
import { malformed, notEmulated } from "./errors.ts";
import type { Comparison, Condition } from "./query.ts";
import { type Reader, unexpected } from "./reader.ts";
import { unquoted } from "./tokens.ts";

const COMPARISONS: readonly Comparison[] = ["=", "!=", "<", "<=", ">", ">="];

/** `or` binds the least, then `and`, then `not`. */
export function parseCondition(reader: Reader): Condition {
  const conditions = [conjunction(reader)];
  while (reader.takes("or")) conditions.push(conjunction(reader));
  return joined("or", conditions);
}

function conjunction(reader: Reader): Condition {
  const conditions = [negation(reader)];
  while (reader.takes("and")) conditions.push(negation(reader));
  return joined("and", conditions);
}

function negation(reader: Reader): Condition {
  if (reader.takes("not")) return { kind: "not", condition: negation(reader) };
  if (!reader.takes("(")) return comparison(reader);
  const condition = parseCondition(reader);
  reader.expect(")");
  return condition;
}

function comparison(reader: Reader): Condition {
  if (reader.takes("ispresent")) {
    reader.expect("(");
    const field = reader.field();
    reader.expect(")");
    return { kind: "ispresent", field };
  }
  const left = reader.value();
  if (reader.next?.text === "(" && left.kind === "field")
    throw notEmulated(`the function ${left.name}`);
  if (reader.takes("not")) return { kind: "not", condition: membership(reader, left) };
  const by = COMPARISONS.find((each) => each === reader.next?.text);
  if (by === undefined) return membership(reader, left);
  reader.take();
  return { kind: "compare", left, by, right: reader.value() };
}

type Left = ReturnType<Reader["value"]>;

function membership(reader: Reader, value: Left): Condition {
  if (reader.takes("like") || reader.takes("=~"))
    return { kind: "like", value, pattern: pattern(reader) };
  if (!reader.takes("in")) throw unexpected(reader.next, "a comparison");
  reader.expect("[");
  const list = reader.list(() => reader.value());
  reader.expect("]");
  return { kind: "in", value, list };
}

/** A text matches anywhere in the value, and case matters. */
function pattern(reader: Reader): RegExp {
  const token = reader.take();
  if (token?.kind === "text") return new RegExp(escaped(unquoted(token.text)));
  if (token?.kind !== "pattern") throw unexpected(token, "a text or a regular expression");
  const end = token.text.lastIndexOf("/");
  const source = token.text.slice(1, end);
  const isCaseless = token.text.endsWith("i") || source.startsWith("(?i)");
  try {
    return new RegExp(source.replace(/^\(\?i\)/, ""), isCaseless ? "i" : "");
  } catch {
    throw malformed(`The regular expression ${token.text} is not valid.`);
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const joined = (kind: "and" | "or", conditions: readonly Condition[]): Condition => {
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { kind, conditions };
};
