/**
 * Approval for less. An approver may shorten the duration, or take namespaces away. The request then
 * has new terms and a new digest, and it keeps the terms before. Nothing here ever widens anything.
 */
import { BrokerError } from "../values/errors.ts";
import { patternCovers } from "../values/namespace-pattern.ts";
import { digestOf } from "./digest.ts";
import { beforeEscalation } from "./escalated-terms.ts";
import { filingOf } from "./filing.ts";
import type { Access, AccessRequest, Approval, LessenedTerms } from "./request.ts";

/** Whether `inner` gives no more than `outer`: for no longer, and nowhere else. */
export const isWithin = (inner: LessenedTerms, outer: LessenedTerms): boolean =>
  inner.durationSeconds <= outer.durationSeconds && isWithinAccess(inner.access, outer.access);

/** A namespace, or a pattern, may give way to what it covers. All else has to be the same. */
function isWithinAccess(inner: Access, outer: Access): boolean {
  if ("groups" in inner || "groups" in outer)
    return "groups" in inner && "groups" in outer && isSameList(inner.groups, outer.groups);
  if (inner.policy !== outer.policy) return false;
  const [namespaces, asked] = [namespacesOf(inner), namespacesOf(outer)];
  if (!namespaces || !asked) return namespaces === asked;
  return namespaces.length > 0 && namespaces.every((name) => isAskedFor(asked, name));
}

/** Whether a list of namespaces has one, or a pattern that covers it. */
export const isAskedFor = (asked: readonly string[], namespace: string): boolean =>
  asked.some((pattern) => pattern === namespace || patternCovers(pattern, namespace));

/** The namespaces of an access; undefined for the whole cluster, and for groups. */
export const namespacesOf = (access: Access): readonly string[] | undefined =>
  "scope" in access && access.scope.type === "namespace" ? access.scope.namespaces : undefined;

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);

/** The history's account of an approval for less, besides who decided. */
export interface Lessening extends LessenedTerms {
  /** The terms that were asked for, or that an earlier approval had made less. */
  readonly insteadOf: LessenedTerms & { readonly digest: string };
}

/** The members of a request that change when it is approved for less. */
type Lessened = Pick<
  AccessRequest,
  "access" | "durationSeconds" | "digest" | "earlierTerms" | "filed"
>;

/** How a request's terms are made less, for the history. */
export const lessening = (
  { access, durationSeconds, digest }: AccessRequest,
  terms: LessenedTerms,
): Lessening => ({ ...terms, insteadOf: { access, durationSeconds, digest } });

/**
 * A request's terms after a step of its history. The history is what decides: what it does not say
 * changes no terms.
 *
 * @throws BrokerError `invariant-broken` if the terms would be more, or other than the digest says
 */
export function termsAfter(
  request: AccessRequest,
  { less, digest }: { readonly less?: Lessening; readonly digest?: string },
): Partial<Lessened> {
  if (!less) return {};
  const { access, durationSeconds, insteadOf } = less;
  const next = { access, durationSeconds, digest: digestOf({ ...request, ...less }) };
  const isExtension = request.extends !== undefined;
  if (
    isExtension ||
    !isWithin(less, request) ||
    insteadOf.digest !== request.digest ||
    next.digest !== digest
  )
    throw new BrokerError(
      "invariant-broken",
      "An approval for less would not make the terms of the request less. Nothing was changed; report this as a bug.",
    );
  return {
    ...next,
    earlierTerms: [...(request.earlierTerms ?? []), insteadOf],
    filed: filingOf(request),
  };
}

/**
 * Whether the earlier terms of a request are what they claim. Each has its own digest, each gives
 * no more than the one before, and somebody approved each but the first. An extension has no
 * earlier terms: it is approved as it was asked for. Trusts nothing stored.
 */
export function areTrueTerms(given: AccessRequest): boolean {
  // Nobody approves for less once it is break-glass.
  const request = beforeEscalation(given);
  const { earlierTerms = [], approvals } = request;
  if (request.extends !== undefined && earlierTerms.length > 0) return false;
  const all = [...earlierTerms, request];
  return all.every((terms, at) => {
    const { access, durationSeconds, digest } = terms;
    const before = all[at - 1];
    return (
      digestOf({ ...request, access, durationSeconds }) === digest &&
      (!before || (isWithin(terms, before) && !isWithin(before, terms))) &&
      (!before || approvals.some((approval) => approval.digest === digest))
    );
  });
}

/**
 * Whether an approval was given for a request's present terms, or for terms that these are less
 * than. One without a digest was stored before terms could become less: it is for the only ones.
 * None that was given before the request became break-glass is for its terms since.
 */
export function isForTerms(request: AccessRequest, { digest }: Approval): boolean {
  const { earlierTerms = [], escalatedFrom } = request;
  if (escalatedFrom) return digest === request.digest;
  if (digest === undefined) return earlierTerms.length === 0;
  return (
    digest === request.digest ||
    earlierTerms.some((terms) => terms.digest === digest && isWithin(request, terms))
  );
}
