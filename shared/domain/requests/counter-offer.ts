/**
 * The terms that an approver offers in place of the asked ones, and the reasons to refuse an offer.
 */
import type { Settings } from "../settings.ts";
import { formatDuration } from "../values/duration.ts";
import { BrokerError } from "../values/errors.ts";
import { isAskedFor, isWithin, namespacesOf } from "./lesser-terms.ts";
import type { Access, AccessRequest, LessenedTerms } from "./request.ts";
import { usefulUntil } from "./useful-until.ts";

/** The terms that an approver makes less; a missing field stays as it was asked for. */
export interface CounterOffer {
  readonly durationSeconds?: number;
  /** The namespaces that remain. */
  readonly namespaces?: readonly string[];
}

type OfferSettings = Parameters<typeof usefulUntil>[2] & Pick<Settings, "minimumDurationSeconds">;

/**
 * The terms of a counter-offer to `request`. Pure.
 *
 * @param at when it is decided
 * @throws BrokerError `break-glass-as-asked`, `extension-as-asked`, `no-namespaces-asked`,
 *   `namespace-not-asked`, `longer-than-asked`, `too-short`, `not-less`
 */
export function offeredTerms(
  request: AccessRequest,
  offer: CounterOffer,
  settings: OfferSettings,
  at: string,
): LessenedTerms {
  if (request.breakGlass)
    throw new BrokerError(
      "break-glass-as-asked",
      "Break-glass is approved as it was asked for, or not at all. Nothing was changed; approve all of it, or deny it.",
    );
  // Its end and its access follow from the grant before it, and converge compares them.
  if (request.extends !== undefined)
    throw new BrokerError(
      "extension-as-asked",
      "An extension is approved as it was asked for, or not at all. Nothing was changed; approve all of it, or deny it and have the requester ask for less.",
    );
  const { durationSeconds = request.durationSeconds } = offer;
  const terms = { access: offeredAccess(request, offer.namespaces), durationSeconds };
  checkDuration(request, durationSeconds, settings, at);
  if (isWithin(request, terms))
    throw new BrokerError(
      "not-less",
      "That is what was asked for, so it takes nothing away. Nothing was changed; approve it as it is, or name less.",
    );
  return terms;
}

function offeredAccess({ access }: AccessRequest, namespaces: CounterOffer["namespaces"]): Access {
  if (namespaces === undefined) return access;
  const asked = namespacesOf(access);
  if (!asked || !("scope" in access))
    throw new BrokerError(
      "no-namespaces-asked",
      "The request names no namespaces, so none can be taken away. Nothing was changed; name a shorter duration.",
    );
  const other = namespaces.find((name) => !isAskedFor(asked, name));
  if (other !== undefined || namespaces.length === 0)
    throw new BrokerError(
      "namespace-not-asked",
      `${other ?? "An empty list"} was not asked for. Nothing was changed; name some of ${asked.join(", ")}.`,
    );
  // In the order of the request, so that the same offer always has the same digest.
  const kept = asked.filter((name) => namespaces.includes(name));
  const covered = [...new Set(namespaces)].filter((name) => !asked.includes(name)).toSorted();
  return { ...access, scope: { type: "namespace", namespaces: [...kept, ...covered] } };
}

function checkDuration(
  request: AccessRequest,
  durationSeconds: number,
  settings: OfferSettings,
  at: string,
): void {
  const { durationSeconds: asked, startsAt } = request;
  if (durationSeconds > asked)
    throw new BrokerError(
      "longer-than-asked",
      `${formatDuration(durationSeconds)} is longer than the ${formatDuration(asked)} that were asked for. Nothing was changed; name a shorter duration.`,
    );
  const shortest = settings.minimumDurationSeconds;
  // Written so that it also refuses what is no number.
  if (!(Number.isInteger(durationSeconds) && durationSeconds >= shortest))
    throw new BrokerError(
      "too-short",
      `Access is lent for at least ${formatDuration(shortest)}. Nothing was changed; name a longer duration, or deny it.`,
    );
  const until = usefulUntil(startsAt, durationSeconds, settings);
  if (until !== null && until <= at)
    throw new BrokerError(
      "too-short",
      `Too little of ${formatDuration(durationSeconds)} would be left after the start at ${startsAt}. Nothing was changed; name a longer duration, or deny it.`,
    );
}
