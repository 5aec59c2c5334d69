import type { AutomaticLimit } from "../domain/policy/automatic-limit.ts";
import type { GrantCounts } from "../domain/policy/capacity.ts";
import type { Step } from "../domain/requests/lifecycle.ts";
import type { BrokerError } from "../domain/values/errors.ts";
import type { IdempotencyKey } from "./idempotency.ts";

/**
 * Stores several new requests of one person at once. `test/contracts/asked-together.contract.ts` is this contract in
 * code.
 */
export interface TogetherStore {
  /**
   * Stores each part as `create` stores a request, and all of them or nothing. The limits of their person and of an
   * entry count the parts together. No two parts have the same terms.
   *
   * @throws PartsRefused where something of what `create` refuses is true of a part
   * @throws IdempotencyTaken when the key was used
   * @throws NonceUsed when the nonce was used
   */
  createTogether(parts: readonly NewPart[], options?: TogetherOptions): Promise<void>;
}

/** A request that is stored together with others. */
export interface NewPart {
  /** The request, and the approval if the policy itself approves. */
  readonly steps: readonly Step[];
  /** The limit of automatic approvals that the request counts towards. */
  readonly automatic?: AutomaticLimit | undefined;
}

/** As the options of `create`. The capacity is that of each part. */
export interface TogetherOptions {
  readonly idempotency?: IdempotencyKey | undefined;
  readonly capacity?: GrantCounts | undefined;
  readonly mostPending?: number | undefined;
  readonly nonce?: string | undefined;
}

/** Why parts cannot be stored. */
export interface PartsRefusal {
  /** The places of those parts, from 0. Several where a limit counts them together. */
  readonly parts: readonly number[];
  readonly error: BrokerError;
}

/** Some of several requests cannot be stored. Nothing was written. */
export class PartsRefused extends Error {
  override readonly name = "PartsRefused";
  readonly refusals: readonly PartsRefusal[];
  constructor(refusals: readonly PartsRefusal[], options?: ErrorOptions) {
    super(
      "Some of several requests are refused. Nothing was written; each refusal says why.",
      options,
    );
    this.refusals = refusals;
  }
}
