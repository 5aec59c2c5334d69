import type { AccessPolicy, Rule, RuleExtension } from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { isShortened } from "../../domain/requests/shortened.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { ExtendAnswer } from "./access-answer.ts";

interface ExtendMember {
  readonly extend?: ExtendAnswer;
}

/** How a grant of a rule can be extended, as a member of an answer; no member where it cannot. */
export const extendMember = ({ extend }: Rule): ExtendMember =>
  extend ? { extend: extendAnswer(extend) } : {};

const extendAnswer = ({ times, totalSeconds, approval }: RuleExtension): ExtendAnswer => ({
  times,
  total: formatDuration(totalSeconds),
  totalSeconds,
  approval,
});

/** States in which somebody still decides on a request, or may still extend it. */
const ASKED: ReadonlySet<State> = new Set(["pending", "approved", "active"]);

/** How today's rule lets a request be extended. It needs an approval where somebody cut its time. */
export function extendOfRequest(policy: AccessPolicy, request: AccessRequest): ExtendMember {
  const extend = ruleNamed(policy, request.rule)?.extend;
  if (!extend || !ASKED.has(request.state)) return {};
  return { extend: extendAnswer(isShortened(request) ? { ...extend, approval: "same" } : extend) };
}
