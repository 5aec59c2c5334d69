import { isForTerms } from "../requests/lesser-terms.ts";
import type { AccessRequest, Approval, Requirement } from "../requests/request.ts";
import { approverGroups } from "../requests/requirement.ts";
import { isMachine, type Member, type Rule } from "./policy.ts";

/**
 * The approvals that were given where the rule allows it, and for the request's terms or for more.
 * One without a surface was never allowed.
 */
export const countedApprovals = (
  rule: Pick<Rule, "decideIn"> | undefined,
  request: AccessRequest,
): readonly Approval[] =>
  request.approvals.filter(
    (approval) =>
      isForTerms(request, approval) &&
      (rule === undefined || rule.decideIn.includes(approval.surface)),
  );

/** Somebody who fills one place at most: a name of their own, and with whose groups they approve. */
type Approver = Pick<Member, "name" | "groups">;

/** Whether the approvers meet all requirements. Each person counts for one place only. */
export const isQuorum = (
  requirements: readonly Requirement[],
  approvers: readonly Approver[],
): boolean => openPlaces(requirements, approvers).every((open) => open === 0);

/** People of whom each fills a place, so that they meet all requirements; undefined where too few. */
export function quorumOf(
  requirements: readonly Requirement[],
  approvers: readonly Approver[],
): readonly string[] | undefined {
  const { open, names } = seated(requirements, approvers);
  return open.every((count) => count === 0) ? names : undefined;
}

/** How many approvals each requirement still lacks, in the order of the requirements. */
export const openPlaces = (
  requirements: readonly Requirement[],
  approvers: readonly Approver[],
): readonly number[] => seated(requirements, approvers).open;

/**
 * Seats people, and counts the open places of each requirement. People are matched to places by
 * augmenting paths, so the order of approval makes no difference.
 */
function seated(
  requirements: readonly Requirement[],
  approvers: readonly Approver[],
): { readonly open: readonly number[]; readonly names: readonly string[] } {
  const places = requirements.flatMap((need) =>
    Array.from({ length: need.count }, () => ({ need, able: approverGroups(need) })),
  );
  const seatOf = new Map<string, number>();
  const seat = (place: number, tried: Set<string>): boolean => {
    const { able = [] } = places[place] ?? {};
    for (const { name, groups } of approvers) {
      if (tried.has(name) || !able.some((group) => groups.includes(group))) continue;
      tried.add(name);
      const taken = seatOf.get(name);
      if (taken === undefined || seat(taken, tried)) {
        seatOf.set(name, place);
        return true;
      }
    }
    return false;
  };
  const open = places.filter((_need, place) => !seat(place, new Set()));
  return {
    open: requirements.map((each) => open.filter(({ need }) => need === each).length),
    names: [...seatOf.keys()],
  };
}

/** Whether a person's approval can count towards any of the requirements. A machine's never does. */
export const mayApprove = (
  requirements: readonly Requirement[],
  member: Pick<Member, "groups"> & { readonly machine?: unknown },
): boolean =>
  !isMachine(member) &&
  requirements.some((need) => approverGroups(need).some((group) => member.groups.includes(group)));
