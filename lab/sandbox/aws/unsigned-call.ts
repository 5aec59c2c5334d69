/** Calls that nobody signs: AWS's clients send them without credentials. */
import { awsQuery } from "./aws-query.ts";
import type { ForwardedService } from "./forwarded-service.ts";
import { guessedProtocol } from "./protocols.ts";
import type { Caller, Service } from "./service.ts";
import { headerOf, type SignedRequest } from "./signed-request.ts";
import type { Decoded } from "./wire.ts";

/** A call as it came, from a caller whom nothing has proven yet. */
export interface UnsignedCall {
  readonly service: Service;
  readonly decoded: Decoded;
  readonly caller: Caller;
}

/**
 * The call that a form without a signature makes.
 * @returns undefined where no service takes that operation without a signature
 */
export function unsignedCall(
  services: readonly (Service | ForwardedService)[],
  request: SignedRequest,
): UnsignedCall | undefined {
  const isSigned =
    headerOf(request, "authorization") !== undefined || /[?&]X-Amz-/i.test(request.target);
  const protocol = guessedProtocol(request);
  const action = new URLSearchParams(request.body.toString("utf8")).get("Action") ?? "";
  const service = services.find(
    (one): one is Service => "unsigned" in one && Object.hasOwn(one.unsigned ?? {}, action),
  );
  const proof = service?.unsigned?.[action];
  if (isSigned || protocol.kind !== "query" || !service || !proof) return undefined;
  const decoded = awsQuery(protocol).decode(request);
  return { service, decoded, caller: proof.unknown(decoded.input) };
}
