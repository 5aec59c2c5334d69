/** The record of a request, as far as it says who was on call. Pure. */
import type { OnCall } from "../../domain/facts/on-call.ts";
import { scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import type { KnownOnCall } from "../../domain/policy/known-on-call.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";

/**
 * The requester is on call in the schedule that their request leaned on, whatever a policy calls it,
 * and in no other: nobody recorded that.
 */
export function recordedOnCall(
  { schedules = {} }: AccessPolicy,
  { onCall, approvals }: AccessRequest,
  at: string,
): KnownOnCall {
  const facts = [onCall, ...approvals.map((approval) => approval.onCall)].flatMap(
    (fact) => fact ?? [],
  );
  return new Map(
    Object.entries(schedules).map(([name, schedule]): readonly [string, OnCall] => {
      const fact = facts.findLast((each) => each.schedule === scheduleKey(schedule));
      return [name, fact ? { is: "yes", fact } : { is: "no", readAt: at }];
    }),
  );
}
