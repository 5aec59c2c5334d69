import type { AwsError, Caller, PermissionCheck, Protocol } from "./service.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { Answer, Decoded } from "./wire.ts";

/**
 * A service with a real engine. The port verifies and authorises a call, and forwards its bytes;
 * the engine's bytes are the answer.
 */
export interface ForwardedService {
  /** The signing name in the credential scope: `dynamodb`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The operations that pass; any other is refused by name. */
  readonly operations: ReadonlySet<string>;
  /** The permission checks before the call is handed on. */
  readonly permissions: (
    operation: string,
    input: Record<string, unknown>,
    caller: Caller,
  ) => Promise<readonly PermissionCheck[]>;
  readonly forward: (call: Decoded, request: SignedRequest, requestId: string) => Promise<Answer>;
  /** How this service says that it is throttled, where that is its own: code, status and text. */
  readonly throttled?: readonly [code: string, status: number, message: string];
  /** How it refuses a write to an item that a transaction is busy with. */
  readonly conflict?: (call: Decoded) => AwsError;
}
