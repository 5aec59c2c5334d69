import { tokenReused } from "./errors.ts";

interface Made {
  readonly clientRequestToken?: string;
  readonly creationDigest?: string;
}

/**
 * The thing that an earlier call with this token made: the answer to a repeated call. The SDKs send
 * one token through all retries of a call. Throws InvalidParameterException when the token comes
 * back with another body: AWS does not publish EKS's answer to that.
 */
export function madeByToken<Thing extends Made>(
  things: readonly Thing[],
  token: string | undefined,
  creationDigest: string,
): Thing | undefined {
  if (token === undefined) return undefined;
  const made = things.find((thing) => thing.clientRequestToken === token);
  if (made !== undefined && made.creationDigest !== creationDigest) throw tokenReused();
  return made;
}
