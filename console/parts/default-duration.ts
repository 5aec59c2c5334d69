/** The duration of a request that names none, where the rules are known. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";

/** @param rules those that may lend it; without one, or where they differ, no number is known */
export function defaultText(rules: readonly Pick<AccessRuleAnswer, "duration">[]): string {
  const [duration, ...others] = new Set(rules.map((rule) => rule.duration.default));
  return duration === undefined || others.length > 0
    ? "Empty: the rule's default."
    : `Empty: ${visible(duration)}, the rule's default.`;
}
