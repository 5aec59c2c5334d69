import type { JsonWebKey } from "node:crypto";
import { AwsError } from "../service.ts";
import type { IssuerKeys } from "./web-identity-token.ts";

/**
 * Reads an issuer's keys as STS does: its configuration, which names its keys, and then these.
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 *
 * @param origin where the hosts of the world outside are, each below its name
 */
export const issuerKeys =
  (origin: string): IssuerKeys =>
  async (url) => {
    const read = (https: string) => readJson(https.replace(/^https:\//, origin), new URL(url).host);
    const { issuer, jwks_uri: place } = await read(`${url}/.well-known/openid-configuration`);
    if (issuer !== url || typeof place !== "string") throw noKeys();
    const { keys } = await read(place);
    if (!Array.isArray(keys)) throw noKeys();
    return keys as readonly JsonWebKey[];
  };

async function readJson(address: string, host: string): Promise<Readonly<Record<string, unknown>>> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new AwsError(
      "IDPCommunicationError",
      400,
      "The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached.",
    );
  }
  if (response.status === 501) throw noKeys(`: the sandbox does not emulate the host ${host}.`);
  if (!response.ok) throw noKeys();
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

const noKeys = (
  why = ",  please reference AssumeRoleWithWebIdentity documentation for requirements",
) =>
  new AwsError(
    "InvalidIdentityToken",
    400,
    `Couldn't retrieve verification key from your identity provider${why}`,
  );
