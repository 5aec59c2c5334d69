/**
 * A pending request that becomes break-glass in place. It keeps its id, its access and its history,
 * and has another rule and digest. It never lasts longer than was asked for, and begins at once.
 */
import { canonicalJson } from "../values/canonical-json.ts";
import { BrokerError } from "../values/errors.ts";
import { digestOf } from "./digest.ts";
import { filingOf } from "./filing.ts";
import type { AccessRequest, EscalatedFrom } from "./request.ts";

/** The history's account of a request that becomes break-glass. */
export interface EscalatedTerms {
  /** The break-glass rule. */
  readonly rule: string;
  readonly durationSeconds: number;
  /** An emergency does not wait for the start that was asked for. */
  readonly startsAt: null;
  readonly digest: string;
  readonly insteadOf: EscalatedFrom;
}

const termsNow = ({ rule, durationSeconds, startsAt, digest }: AccessRequest): EscalatedFrom => ({
  rule,
  durationSeconds,
  startsAt,
  digest,
});

/**
 * The terms of a request once it is break-glass.
 * @param longestSeconds what the break-glass rule lends at most
 */
export function escalatedTerms(
  request: AccessRequest,
  rule: string,
  longestSeconds: number,
): EscalatedTerms {
  const insteadOf = termsNow(request);
  const durationSeconds = Math.min(request.durationSeconds, longestSeconds);
  const terms = { rule, durationSeconds, startsAt: null };
  return {
    ...terms,
    digest: digestOf({ ...request, ...terms, escalatedFrom: insteadOf }),
    insteadOf,
  };
}

/**
 * The changes that the step makes to the request. The history is what decides: what it does not say
 * changes no terms.
 *
 * @throws BrokerError `invariant-broken` if it would give more, or other terms than the digest says
 */
export function termsAfterEscalation(
  request: AccessRequest,
  { rule, durationSeconds, startsAt, digest, insteadOf }: EscalatedTerms,
): Partial<AccessRequest> {
  const next = {
    rule,
    durationSeconds,
    startsAt,
    breakGlass: true,
    escalatedFrom: insteadOf,
    digest,
  };
  const isFirst = !request.breakGlass && request.escalatedFrom === undefined;
  if (
    !isFirst ||
    canonicalJson(insteadOf) !== canonicalJson(termsNow(request)) ||
    !isTrueEscalation({ ...request, ...next }) ||
    digestOf({ ...request, ...next }) !== digest
  )
    throw new BrokerError(
      "invariant-broken",
      "A request would become break-glass under other terms than its history says. Nothing was changed; report this as a bug.",
    );
  return { ...next, filed: filingOf(request) };
}

/** A request as it was before it became break-glass; the same where it never did. */
export function beforeEscalation(request: AccessRequest): AccessRequest {
  const { escalatedFrom, ...now } = request;
  if (!escalatedFrom) return request;
  // Named one by one: a forged record may have more members.
  const { rule, durationSeconds, startsAt, digest } = escalatedFrom;
  return { ...now, rule, durationSeconds, startsAt, digest, breakGlass: false };
}

/**
 * Whether a request that claims to have become break-glass is what it claims. Its earlier terms
 * have their digest, and it lasts no longer and begins no later. Trusts nothing stored.
 */
export function isTrueEscalation(request: AccessRequest): boolean {
  const { escalatedFrom, breakGlass, startsAt, durationSeconds, rule } = request;
  if (!escalatedFrom) return true;
  return (
    breakGlass &&
    request.extends === undefined &&
    startsAt === null &&
    rule !== escalatedFrom.rule &&
    durationSeconds <= escalatedFrom.durationSeconds &&
    digestOf(beforeEscalation(request)) === escalatedFrom.digest
  );
}
