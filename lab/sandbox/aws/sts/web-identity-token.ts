/** Judges a web identity token as STS does: its form, its issuer, its signature, its time and its audience. */
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { accountOf } from "../accounts.ts";
import type { IamState, OidcProvider } from "../iam/state.ts";
import { AwsError } from "../service.ts";

/** The keys of an issuer by its URL. @throws AwsError where they cannot be had */
export type IssuerKeys = (url: string) => Promise<readonly JsonWebKey[]>;

/** The facts of a token that was verified. */
export interface WebIdentity {
  readonly provider: OidcProvider;
  readonly audience: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * "IAM includes a five-minute window beyond the expiration time specified in the JWT to account for clock skew."
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
 */
const SKEW_SECONDS = 300;

/** Claims of AWS's own, and those that make `aud` another claim. The sandbox does not know what they would do. */
const REFUSED_CLAIMS = ["https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity"];

const invalid = (message: string) => new AwsError("InvalidIdentityToken", 400, message);

/** The documented text, for faults of which AWS documents no other. */
const NOT_VALIDATED =
  "The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.";

/**
 * Verifies a token for a role. AWS's texts are those that its users saw.
 * `IDPRejectedClaim` comes from providers that AWS asks about access tokens, which the sandbox does not emulate.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 *
 * @throws AwsError `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`
 */
export async function verifyWebIdentity(
  state: IamState,
  { roleArn, token }: { readonly roleArn: string; readonly token: string },
  keysOf: IssuerKeys,
  now: Date,
): Promise<WebIdentity> {
  const { header, claims, signed, signature } = parse(token);
  const issuer = text(claims, "iss");
  const provider = Object.values(state.oidcProviders ?? {}).find(
    (one) => one.url === issuer && accountOf(one.arn) === accountOf(roleArn),
  );
  if (!provider) throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
  if (header["alg"] !== "RS256")
    throw invalid(`Tokens with alg ${String(header["alg"])} are not emulated by the sandbox.`);
  const key = (await keysOf(issuer)).find(({ kid }) => kid === header["kid"]);
  if (!key)
    throw invalid(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  const publicKey = createPublicKey({ key, format: "jwk" });
  if (!verify("RSA-SHA256", Buffer.from(signed), publicKey, signature))
    throw invalid(NOT_VALIDATED);
  demandTime(claims, Math.floor(now.getTime() / 1_000));
  const other = REFUSED_CLAIMS.find((name) => name in claims) ?? ("azp" in claims && "azp");
  if (other) throw invalid(`Tokens with the claim ${other} are not emulated by the sandbox.`);
  const [subject, audience] = [text(claims, "sub"), text(claims, "aud")];
  if (!provider.clientIds.includes(audience)) throw invalid("Incorrect token audience");
  return { provider, audience, subject, claims };
}

/** `nbf` is optional, the other two are not. */
function demandTime(claims: Readonly<Record<string, unknown>>, now: number): void {
  const [expires, issued, begins] = ["exp", "iat", "nbf"].map((name) => claims[name]);
  if (typeof expires !== "number") throw missing("exp");
  if (typeof issued !== "number") throw missing("iat");
  if (expires + SKEW_SECONDS <= now)
    throw new AwsError(
      "ExpiredTokenException",
      400,
      `Token expired: current date/time ${now} must be before the expiration date/time${expires}`,
    );
  const starts = typeof begins === "number" ? Math.max(issued, begins) : issued;
  if (starts - SKEW_SECONDS > now) throw invalid(NOT_VALIDATED);
}

const missing = (claim: string) => invalid(`Missing a required claim: ${claim}`);

/** A list with one audience is that audience. */
function text(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name];
  if (value === undefined) throw missing(name);
  const [only, ...others] = name === "aud" && Array.isArray(value) ? value : [value];
  if (others.length > 0)
    throw invalid("Tokens with several audiences are not emulated by the sandbox.");
  if (typeof only !== "string" || only === "") throw missing(name);
  return only;
}

const NO_JWT =
  "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";

function parse(token: string) {
  const parts = token.split(".");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) throw invalid(NO_JWT);
  return {
    header: objectIn(first),
    claims: objectIn(second),
    signed: `${first}.${second}`,
    signature: Buffer.from(third, "base64url"),
  };
}

function objectIn(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Answered below, as every other text.
  }
  throw invalid(NO_JWT);
}
