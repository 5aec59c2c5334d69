/**
 * A template's conditions: which of its resources and values there are.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
 */
import { resolveText, type Scope } from "./intrinsics.ts";
import { isObject, type Json } from "./json.ts";

type Test = (scope: Scope, argument: readonly Json[]) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  Condition: (scope, [name]) => scope.references.condition(String(name)),
  "Fn::And": (scope, all) => all.every((one) => holds(scope, one)),
  "Fn::Equals": (scope, [one = "", other = ""]) =>
    resolveText(scope, one) === resolveText(scope, other),
  "Fn::Not": (scope, [one]) => !holds(scope, one),
  "Fn::Or": (scope, all) => all.some((one) => holds(scope, one)),
};

/**
 * Whether the condition holds. Throws for anything but a condition, and for a function that is not
 * emulated.
 */
export function holds(scope: Scope, condition: Json | undefined): boolean {
  const [only = "", ...others] = isObject(condition) ? Object.keys(condition) : [];
  const test = others.length === 0 ? TESTS[only] : undefined;
  if (!test || !isObject(condition))
    throw new Error(
      `${scope.owner}: the sandbox does not emulate ${only || JSON.stringify(condition)} as a condition.`,
    );
  return test(scope, [condition[only] ?? null].flat());
}
