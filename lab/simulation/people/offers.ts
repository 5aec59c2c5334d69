/**
 * The terms that approvers decide on: the asked ones, or less. Some offer more, which is refused.
 */
import type { CounterOffer } from "../../../shared/domain/requests/counter-offer.ts";
import type { LessenedTerms } from "../../../shared/domain/requests/request.ts";
import type { Random } from "../random.ts";
import { NAMESPACES } from "../sim-policy.ts";

/** An approver's offer in place of these terms; undefined if they take the terms as they are. */
export function anyOffer(random: Random, terms: LessenedTerms): CounterOffer | undefined {
  if (!random.chance(0.15)) return undefined;
  const shorter = {
    durationSeconds: Math.round(terms.durationSeconds * random.pick([0.5, 2 / 3])),
  };
  const namespaces = namespacesIn(terms);
  const fewer = {
    namespaces: random.chance(0.5) ? namespaces.slice(1) : ["app-a"],
  };
  return random.pick<CounterOffer>([
    shorter,
    ...(namespaces.length === 0 ? [shorter] : [fewer, { ...shorter, ...fewer }]),
    { durationSeconds: terms.durationSeconds * 2 },
    { ...shorter, namespaces: NAMESPACES },
  ]);
}

/** The terms that somebody has in mind who makes an offer, whether or not they may. */
export const termsOfOffer = (
  { access, durationSeconds }: LessenedTerms,
  offer: CounterOffer | undefined,
): LessenedTerms => ({
  durationSeconds: offer?.durationSeconds ?? durationSeconds,
  access:
    "scope" in access && access.scope.type === "namespace" && offer?.namespaces
      ? { ...access, scope: { ...access.scope, namespaces: offer.namespaces } }
      : access,
});

const namespacesIn = ({ access }: LessenedTerms): readonly string[] =>
  "scope" in access && access.scope.type === "namespace" ? access.scope.namespaces : [];
