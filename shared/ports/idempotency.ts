/** Calls that may be sent again: their keys, and what the first one was answered. */
import type { AccessRequest } from "../domain/requests/request.ts";

export interface IdempotencyKey {
  /** Hash of person, operation and key. */
  readonly keyHash: string;
  readonly bodyHash: string;
}

export interface IdempotencyRecord {
  readonly bodyHash: string;
  /** The request as it was first answered. */
  readonly answer: AccessRequest;
  /** The further requests of the same ask, likewise. Absent where one was asked for. */
  readonly others?: readonly AccessRequest[];
}

/** The idempotency key was used before. Read its record with `idempotent`. */
export class IdempotencyTaken extends Error {
  override readonly name = "IdempotencyTaken";
}
