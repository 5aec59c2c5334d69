/**
 * Decides the later steps of a request: approvals of delegates and for less, extensions, reviews,
 * and a break-glass in its place. It is a second reading, written only from docs/policy.md. It
 * tries every way to seat people, however slow that is.
 */
import {
  type FileRule,
  naivelyAllowed,
  naiveSeconds,
  type PolicyFile,
  type SentBody,
} from "./naive-policy.ts";

/** Somebody lets another person approve for a while. */
interface NaiveDelegation {
  readonly by: string;
  readonly to: string;
  readonly from: string;
  readonly until: string;
}

export interface NaiveApproval {
  readonly person: string;
  readonly at: string;
  readonly surface: string;
  /** Absent where they approved for themselves. */
  readonly under?: NaiveDelegation | undefined;
}

interface NaiveRequest {
  readonly requester: string;
  readonly principal: string;
}

const groupsOf = (file: PolicyFile, name: string) => file.people[name]?.groups ?? [];

const holds = (file: PolicyFile, name: string, principal: string) =>
  file.people[name]?.principals?.includes(principal) === true;

/** Whether somebody had a part: they asked, or hold the principal where that matters. */
const hasPart = (file: PolicyFile, rule: FileRule, request: NaiveRequest, name: string) =>
  name === request.requester ||
  (rule.approverMayHoldPrincipal !== true && holds(file, name, request.principal));

/** Whether a delegation was in force at an instant, and may be used under the rule. */
function isInForce(
  { delegations }: PolicyFile,
  rule: FileRule,
  { by, to, from, until }: NaiveDelegation,
  at: string,
): boolean {
  if (delegations === undefined || rule.delegable === false || by === to) return false;
  const longest = naiveSeconds(delegations.longest ?? "21d") * 1_000;
  const [now, begin, end] = [at, from, until].map(Date.parse) as [number, number, number];
  return now >= begin && now < end && now < begin + longest;
}

/** Whether approvals, some of them by delegates, are enough for a request. */
export function naivelyAgreed(
  file: PolicyFile,
  rule: FileRule,
  request: NaiveRequest,
  approvals: readonly NaiveApproval[],
): boolean {
  const counted = approvals.filter(
    ({ person, at, surface, under }) =>
      (rule.decideIn ?? ["api", "slack"]).includes(surface) &&
      !hasPart(file, rule, request, person) &&
      (under === undefined ||
        (under.to === person &&
          isInForce(file, rule, under, at) &&
          !hasPart(file, rule, request, under.by))),
  );
  const places = (rule.approval === "none" ? [] : rule.approval).flatMap((need) =>
    Array.from({ length: need.count ?? 1 }, () => [
      ...need.groups,
      ...(need.escalate?.groups ?? []),
    ]),
  );
  return fill(file, places, oncePerPerson(counted));
}

/** Approvals in which the same person has a part fill one place together. */
function oncePerPerson(approvals: readonly NaiveApproval[]): readonly (readonly NaiveApproval[])[] {
  const peopleIn = ({ person, under }: NaiveApproval) => [person, ...(under ? [under.by] : [])];
  const parts: (readonly NaiveApproval[])[] = [];
  for (const approval of approvals) {
    const meets = (part: readonly NaiveApproval[]) =>
      part.some((one) => peopleIn(one).some((name) => peopleIn(approval).includes(name)));
    const joined = [...parts.filter(meets).flat(), approval];
    parts.splice(0, parts.length, ...parts.filter((part) => !meets(part)), joined);
  }
  return parts;
}

/** Tries each part for each place. */
function fill(
  file: PolicyFile,
  places: readonly (readonly string[])[],
  parts: readonly (readonly NaiveApproval[])[],
): boolean {
  const [place, ...others] = places;
  if (place === undefined) return true;
  return parts.some((part, at) => {
    const able = part.some(({ person, under }) =>
      groupsOf(file, under?.by ?? person).some((group) => place.includes(group)),
    );
    return able && fill(file, others, [...parts.slice(0, at), ...parts.slice(at + 1)]);
  });
}

/** An approver's offer; an absent field stays as it was requested. */
interface NaiveOffer {
  readonly seconds?: number | undefined;
  readonly namespaces?: readonly string[] | undefined;
}

/** Whether an approver may approve no more than that of a request under a rule that allows it. */
export function naivelyLess(
  file: PolicyFile,
  rule: FileRule,
  person: string,
  body: SentBody,
  askedSeconds: number,
  offer: NaiveOffer,
  askedAt: string,
): boolean {
  if (rule.breakGlass === true) return false;
  const { scope } = body.access;
  const asked = scope?.type === "namespace" ? (scope.namespaces ?? []) : undefined;
  if (offer.namespaces && (!asked || offer.namespaces.length === 0)) return false;
  const seconds = offer.seconds ?? askedSeconds;
  if (seconds > askedSeconds) return false;
  const left = offer.namespaces ?? asked ?? [];
  // Each remaining name was requested, by itself or by a pattern.
  const isCovered = (name: string, by: readonly string[]) =>
    by.some((pattern) => pattern === name || covers(pattern, name));
  if (!left.every((name) => isCovered(name, asked ?? []))) return false;
  const takesTime = seconds < askedSeconds;
  const takesPlaces = (asked ?? []).some((name) => !isCovered(name, left));
  if (!takesTime && !takesPlaces) return false;
  const less: SentBody = {
    ...body,
    rule: rule.name,
    duration: `${seconds}s`,
    access: offer.namespaces
      ? { ...body.access, scope: { type: "namespace", namespaces: left } }
      : body.access,
  };
  return naivelyAllowed(file, person, less, askedAt);
}

function covers(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*")
    return covers(pattern.slice(1), name) || (name !== "" && covers(pattern, name.slice(1)));
  return pattern[0] === name[0] && covers(pattern.slice(1), name.slice(1));
}

/** A grant and its extensions so far. */
interface NaiveChain {
  readonly since: string;
  readonly extensions: number;
  readonly expiresAt: string;
}

/** Whether a grant of a rule may last this number of seconds more. */
export function naivelyExtended(
  file: PolicyFile,
  rule: FileRule,
  person: string,
  body: SentBody,
  chain: NaiveChain,
  seconds: number,
  askedAt: string,
): boolean {
  const { extend } = rule;
  if (!extend || chain.extensions >= extend.times) return false;
  const all = (Date.parse(chain.expiresAt) - Date.parse(chain.since)) / 1_000 + seconds;
  if (all > naiveSeconds(extend.total)) return false;
  const { startsAt: _startsAt, ...atOnce } = body;
  const asked = { ...atOnce, rule: rule.name, duration: `${seconds}s` };
  return naivelyAllowed(file, person, asked, askedAt);
}

/** The people who may close the review of a break-glass. */
export function naiveReviewers(
  file: PolicyFile,
  rule: FileRule,
  request: NaiveRequest,
): readonly string[] {
  const by = rule.review?.by ?? file.roles?.admins ?? [];
  return Object.keys(file.people).filter(
    (name) =>
      groupsOf(file, name).some((group) => by.includes(group)) &&
      name !== request.requester &&
      !holds(file, name, request.principal),
  );
}

/** The first break-glass rule under which a waiting request may begin at once, whatever its start. */
export const naiveGlass = (
  file: PolicyFile,
  person: string,
  body: SentBody,
  askedSeconds: number,
  at: string,
): FileRule | undefined =>
  file.rules.find((rule) => {
    if (rule.breakGlass !== true || rule.approval !== "none") return false;
    const { startsAt: _startsAt, ...atOnce } = body;
    const seconds = Math.min(askedSeconds, naiveSeconds(rule.duration.max));
    const asked = { ...atOnce, rule: rule.name, duration: `${seconds}s` };
    return naivelyAllowed(file, person, asked, at);
  });
