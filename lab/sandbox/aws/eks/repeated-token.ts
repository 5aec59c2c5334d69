import { tokenReused } from "./errors.ts";

interface Made {
  readonly clientRequestToken?: string;
  readonly creationDigest?: string;
}

/**
 * What an earlier call with this token made, so that a repeated call is answered with it. The SDKs
 * send one token through all retries of a call. Throws InvalidParameterException when the token
 * comes back with another body: what EKS does then is not published.
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
