/** Formulas in SMT-LIB, the language that solvers read: https://smt-lib.org */

export type Formula = string;

export const TRUE = "true";
export const FALSE = "false";

export const and = (parts: readonly Formula[]): Formula =>
  parts.includes(FALSE) ? FALSE : joined("and", TRUE, parts);

export const or = (parts: readonly Formula[]): Formula =>
  parts.includes(TRUE) ? TRUE : joined("or", FALSE, parts);

function joined(operator: string, neutral: Formula, parts: readonly Formula[]): Formula {
  const kept = parts.filter((part) => part !== neutral);
  const [only] = kept;
  if (only === undefined) return neutral;
  return kept.length === 1 ? only : `(${operator} ${kept.join(" ")})`;
}

export const not = (one: Formula): Formula =>
  one === TRUE ? FALSE : one === FALSE ? TRUE : `(not ${one})`;

export const implies = (one: Formula, other: Formula): Formula => or([not(one), other]);

/** @param most how many of them may be true */
export const atMost = (most: number, parts: readonly Formula[]): Formula =>
  parts.length <= most ? TRUE : `((_ at-most ${most}) ${parts.join(" ")})`;

export const exactlyOne = (parts: readonly Formula[]): Formula =>
  and([or(parts), atMost(1, parts)]);

/** Whether a text is one that a pattern with `*` covers. */
export function covers(pattern: string, text: Formula): Formula {
  if (!pattern.includes("*")) return `(= ${text} "${pattern}")`;
  const parts = pattern
    .split("*")
    .flatMap((literal, at) => [
      ...(at > 0 ? ["re.all"] : []),
      ...(literal === "" ? [] : [`(str.to_re "${literal}")`]),
    ]);
  return `(str.in_re ${text} ${parts.length === 1 ? parts[0] : `(re.++ ${parts.join(" ")})`})`;
}

/** Whether a text can be the name of a namespace: a label of RFC 1123. */
export const isLabel = (text: Formula): Formula => {
  const letter = '(re.range "a" "z") (re.range "0" "9")';
  const inner = `(re.* (re.union ${letter} (str.to_re "-")))`;
  const end = `(re.union ${letter})`;
  return `(and (str.in_re ${text} (re.++ ${end} (re.opt (re.++ ${inner} ${end})))) (<= (str.len ${text}) 63))`;
};

/** Formulas under names, so that a large one is written once. */
export class Definitions {
  readonly lines: string[] = [];

  /** A variable that the solver chooses. */
  chosen(name: string, sort: "Bool" | "String" = "Bool"): Formula {
    this.lines.push(`(declare-const ${name} ${sort})`);
    return name;
  }

  require(formula: Formula): void {
    if (formula !== TRUE) this.lines.push(`(assert ${formula})`);
  }
}
