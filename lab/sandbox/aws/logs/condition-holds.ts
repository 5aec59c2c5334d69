import { compareTexts } from "./compare-texts.ts";
import type { Comparison, Condition, Row, Value } from "./query.ts";

const BY: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/**
 * Whether a condition holds of an event. A comparison with a field that the event lacks never
 * holds, not even `!=`. AWS does not document this, so a query should not depend on it.
 */
export function holds(condition: Condition, row: Row): boolean {
  switch (condition.kind) {
    case "compare": {
      const left = textOf(condition.left, row);
      const right = textOf(condition.right, row);
      if (left === undefined || right === undefined) return false;
      return BY[condition.by](compareTexts(left, right));
    }
    case "like": {
      const value = textOf(condition.value, row);
      return value !== undefined && condition.pattern.test(value);
    }
    case "in": {
      const value = textOf(condition.value, row);
      if (value === undefined) return false;
      return condition.list.some((one) => {
        const other = textOf(one, row);
        return other !== undefined && compareTexts(value, other) === 0;
      });
    }
    case "ispresent":
      return row.has(condition.field);
    case "not":
      return !holds(condition.condition, row);
    case "and":
      return condition.conditions.every((one) => holds(one, row));
    case "or":
      return condition.conditions.some((one) => holds(one, row));
  }
}

const textOf = (value: Value, row: Row): string | undefined =>
  value.kind === "constant" ? value.text : row.get(value.name);
