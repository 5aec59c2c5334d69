/** A call that may be sent again: its idempotency key, as it is stored. */
import type { Actor } from "../../domain/policy/actor.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { IdempotencyKey } from "../../ports/idempotency.ts";

/** The caller's key and content, so that the same call twice makes one thing. */
export interface Call {
  readonly operation: string;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

/** The key of a call, for this person and operation. Undefined where the caller sent no key. */
export const keyOf = (
  { member }: Actor,
  { operation, body, idempotencyKey }: Call,
): IdempotencyKey | undefined =>
  idempotencyKey === undefined
    ? undefined
    : { keyHash: hashOf([member.name, operation, idempotencyKey]), bodyHash: hashOf(body) };

/** @throws BrokerError `idempotency-mismatch` where the key was used with another body */
export function checkSameBody(
  used: Pick<IdempotencyKey, "bodyHash"> | undefined,
  { bodyHash }: IdempotencyKey,
): void {
  if (used && used.bodyHash !== bodyHash)
    throw new BrokerError(
      "idempotency-mismatch",
      "This Idempotency-Key was used with another body. Nothing was stored; send a new key.",
    );
}
