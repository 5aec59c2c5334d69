/** Offers of a policy: the access, the people and the terms. */
import type { TicketTerms } from "../../domain/facts/tracker.ts";
import type { Rule, RuleReview } from "../../domain/policy/policy.ts";
import { lendsNamespace } from "../../domain/policy/rule-access.ts";
import { hasWildcard, patternCovers } from "../../domain/values/namespace-pattern.ts";

/** The subject of one request, at its widest. */
export interface Subject {
  readonly person: string;
  readonly cluster: string;
  readonly clusterArn: string;
  /** An access policy, or a Kubernetes group. */
  readonly what: string;
  /** A namespace or a pattern; for other access only the kind. */
  readonly where: string;
  readonly kind: "group" | "cluster" | "namespace";
}

/** The terms on which one rule lends a subject. */
export interface Offer {
  readonly rule: string;
  readonly maxSeconds: number;
  readonly defaultSeconds: number | null;
  readonly hours: Rule["hours"];
  readonly atMost: Rule["atMost"];
  /** The schedule of whoever may ask; null for everybody. */
  readonly onCall: string | null;
  readonly endsWithShift: boolean;
  /** Null where no tracker is asked. */
  readonly ticket: TicketTerms | null;
  readonly endsWithTicket: boolean;
  /** Null where no grant can be extended. */
  readonly extend: NonNullable<Rule["extend"]> | null;
  readonly startLatestSeconds: number;
  readonly lapseSeconds: number;
  readonly approval: Rule["approval"];
  /** Whether there are enough people who could approve. */
  readonly approvable: boolean;
  readonly reason: Rule["reason"];
  readonly breakGlass: boolean;
  readonly review: RuleReview | undefined;
  readonly decideIn: Rule["decideIn"];
  /** Whether a request may ask for the pattern as a whole. */
  readonly wildcards: boolean;
  /** Whether a request has to be for the whole cluster. */
  readonly exactly: boolean;
  readonly principals: readonly string[];
}

export type Part = Pick<Subject, "what" | "where" | "kind">;

/** The parts that a rule lends, each on its own. It is asked once for each of a rule's people. */
export function partsOf(rule: Rule): readonly Part[] {
  const parts = PARTS.get(rule) ?? partsIn(rule);
  PARTS.set(rule, parts);
  return parts;
}

const PARTS = new WeakMap<Rule, readonly Part[]>();

function partsIn({ access }: Rule): readonly Part[] {
  if ("groups" in access)
    return access.groups.map((what) => ({ what, where: "", kind: "group" as const }));
  if ("scope" in access)
    return access.policies.map((what) => ({ what, where: "", kind: "cluster" as const }));
  return access.policies.flatMap((what) =>
    access.namespaces.map((where) => ({ what, where, kind: "namespace" as const })),
  );
}

/** Whether a rule lends all of a subject, on the clusters and to the people for which it is. */
export function covers({ access }: Rule, { kind, what, where }: Part): boolean {
  if ("groups" in access) return kind === "group" && access.groups.includes(what);
  if (kind === "group" || !access.policies.includes(what)) return false;
  if ("scope" in access) return kind === "cluster" || !access.exactly;
  return (
    kind === "namespace" &&
    access.namespaces.some(
      (pattern) =>
        pattern === where ||
        (hasWildcard(where) ? patternCovers(pattern, where) : lendsNamespace(pattern, true, where)),
    )
  );
}

/** The terms that a rule itself sets. */
export const offerOf = (rule: Rule): Omit<Offer, "approvable" | "principals"> => ({
  rule: rule.name,
  maxSeconds: rule.duration.maxSeconds,
  defaultSeconds: rule.duration.defaultSeconds,
  hours: rule.hours,
  atMost: rule.atMost,
  onCall: rule.who.onCall ?? null,
  endsWithShift: rule.endsWithShift ?? false,
  ticket: rule.ticket ?? null,
  endsWithTicket: rule.endsWithTicket ?? false,
  extend: rule.extend ?? null,
  startLatestSeconds: rule.startLatestSeconds,
  lapseSeconds: rule.lapseSeconds,
  approval: rule.approval,
  reason: rule.reason,
  breakGlass: rule.breakGlass,
  review: rule.review,
  decideIn: rule.decideIn,
  wildcards: "namespaces" in rule.access && rule.access.wildcards,
  exactly: "scope" in rule.access && rule.access.exactly === true,
});
