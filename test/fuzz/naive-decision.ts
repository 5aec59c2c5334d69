/**
 * Decides approval, lapse and the number of automatic approvals by a second reading, written only
 * from docs/policy.md. It tries every way to seat people, however slow that is.
 */
import { type FileRule, naiveSeconds, type PolicyFile } from "./naive-policy.ts";

/** Whether these people's approvals are enough for a request of `requester` for `principal`. */
export function naivelyApproved(
  file: PolicyFile,
  rule: FileRule,
  request: { readonly requester: string; readonly principal: string },
  approvers: readonly string[],
): boolean {
  const counted = approvers.filter((name) => {
    if (name === request.requester) return false;
    const holds = file.people[name]?.principals?.includes(request.principal) === true;
    return !holds || rule.approverMayHoldPrincipal === true;
  });
  const places = (rule.approval === "none" ? [] : rule.approval).flatMap((need) =>
    Array.from({ length: need.count ?? 1 }, () => [
      ...need.groups,
      // The second circle may approve from the start.
      ...(need.escalate?.groups ?? []),
    ]),
  );
  const fill = (open: readonly (readonly string[])[], left: readonly string[]): boolean => {
    const [place, ...others] = open;
    if (place === undefined) return true;
    return left.some(
      (name) =>
        file.people[name]?.groups?.some((group) => place.includes(group)) === true &&
        fill(
          others,
          left.filter((one) => one !== name),
        ),
    );
  };
  return fill(places, counted);
}

/** The rule that decides: the first of the file that allows it, and break-glass last. */
export function naivelyChosen(allowing: readonly FileRule[]): string | undefined {
  const usual = allowing.find((rule) => rule.breakGlass !== true);
  return (usual ?? allowing[0])?.name;
}

/** Whether an approval that long after the request is in time. */
export const naivelyInTime = (rule: FileRule, secondsLater: number): boolean =>
  secondsLater <= naiveSeconds(rule.lapse ?? "24h");

/**
 * Whether the rule approves each of a person's requests by itself, in the order in which they come.
 * @param instants the times of the requests
 */
export function naivelyAutomatic(rule: FileRule, instants: readonly string[]): readonly boolean[] {
  const { atMost, approval, breakGlass } = rule;
  const approved: number[] = [];
  return instants.map((instant) => {
    if (atMost === undefined || approval !== "none" || breakGlass === true) return true;
    const at = Date.parse(instant);
    const length = naiveSeconds(atMost.per) * 1_000;
    // The first window begins with 1970 in UTC.
    const start = at - (at % length);
    const before = approved.filter((one) => one >= start && one < start + length).length;
    if (before >= atMost.times) return false;
    approved.push(at);
    return true;
  });
}
