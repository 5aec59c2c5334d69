/** How much longer access would last: what `timelatch extend` asks about. */
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";
import { secondsOf } from "./lesser-terms.ts";

export interface Longer {
  /** Written as in a request: `1h`. */
  readonly duration: string;
  /** Whether it may be less: the API gives what is left of the rule's total, if nobody named a duration. */
  readonly isMost: boolean;
  /** When the access is gone then, at the latest. Null where the API has not said when it is gone now. */
  readonly until: string | null;
  /** The rule that lends it, with its approvers. */
  readonly rule: AccessRuleAnswer;
}

/**
 * @param rule the grant's
 * @param duration as somebody named it; undefined for the rule's default
 * @throws Failure `usage` for what is no duration, `policy-denied` where the rule lets nothing be extended
 */
export function longerOf(
  { expiresAt, rule: name }: RequestAnswer,
  rule: AccessRuleAnswer | undefined,
  duration: string | undefined,
): Longer {
  if (!rule?.extend) throw notExtendable(name);
  const asked = duration ?? rule.duration.default;
  const until = expiresAt === null ? null : plusSeconds(expiresAt, secondsOf(asked));
  return { duration: asked, isMost: duration === undefined, until, rule };
}

const notExtendable = (rule: string) =>
  new Failure("refused", "policy-denied", {
    what: `The rule ${rule} does not let you extend this access.`,
    notDone: "Nothing was sent.",
    next: ["Next: see your rules with timelatch access, or ask again with timelatch request."],
  });
