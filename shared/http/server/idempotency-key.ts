import { BrokerError } from "../../domain/values/errors.ts";

/**
 * The `Idempotency-Key` header, if there is one.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 *
 * @throws BrokerError `invalid-request`
 */
export function idempotencyKeyOf({
  headers,
}: {
  readonly headers: Readonly<Record<string, string | undefined>>;
}): string | undefined {
  const key = headers["idempotency-key"];
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new BrokerError(
      "invalid-request",
      "Idempotency-Key must be 1 to 128 visible ASCII characters, without spaces. Nothing was stored; send another key, such as a UUID.",
    );
  return key;
}
