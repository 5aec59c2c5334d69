import type { Rule, RuleExtension } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import { isShortened } from "../requests/shortened.ts";

export interface Extendable {
  /** How far a pending request could be extended without anybody; absent where somebody is asked. */
  readonly extendable?: Pick<RuleExtension, "times" | "totalSeconds">;
}

/** How far it could be extended without anybody: its approvers agree to that too. */
export function extendableFacts(rule: Rule | undefined, request: AccessRequest): Extendable {
  const extend = rule?.extend;
  if (request.state !== "pending" || extend?.approval !== "none" || isShortened(request)) return {};
  return { extendable: { times: extend.times, totalSeconds: extend.totalSeconds } };
}
