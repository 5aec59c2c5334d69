/**
 * Reads a signature of AWS Signature Version 4 in its two forms. These are the `Authorization`
 * header, and the presigned query of a Kubernetes token.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { AuthenticationRefusal } from "./authentication-refusal.ts";
import { headerOf, queryPairs, type SignedRequest } from "./signed-request.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261124` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The parts of a request about its own signature; nothing of it is verified yet. */
export interface Signature extends CredentialScope {
  readonly place: "header" | "query";
  /** `20261124T100000Z` */
  readonly signedAt: string;
  /** Lower case, in the order of the request. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken?: string;
  /** Presigned only. */
  readonly expiresSeconds?: number;
}

/**
 * Reads the signature of a request.
 * @throws AuthenticationRefusal `missing` without a signature, `incomplete` without one of its
 * parts.
 */
export function readSignature(request: SignedRequest): Signature {
  const authorization = headerOf(request, "authorization");
  if (authorization !== undefined) return readHeader(request, authorization);
  const query = new Map(queryPairs(request.target));
  if (query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm")) return readQuery(query);
  throw new AuthenticationRefusal("missing", "Missing Authentication Token");
}

function readHeader(request: SignedRequest, authorization: string): Signature {
  const [algorithm, ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM)
    throw new AuthenticationRefusal(
      "incomplete",
      `Unsupported AWS 'algorithm': '${algorithm ?? ""}'. The sandbox takes ${ALGORITHM}.`,
    );
  const parts = new Map(
    rest
      .join(" ")
      .split(",")
      .map((part): [string, string] => {
        const at = part.indexOf("=");
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      }),
  );
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !parts.get(name));
  if (missing.length > 0)
    throw new AuthenticationRefusal(
      "incomplete",
      `Authorization header requires '${missing.join("', '")}' parameter. Authorization=${algorithm}`,
    );
  const token = headerOf(request, "x-amz-security-token");
  return {
    place: "header",
    ...scope(parts.get("Credential") ?? ""),
    signedAt: instant(headerOf(request, "x-amz-date")),
    signedHeaders: headerNames(parts.get("SignedHeaders") ?? ""),
    signature: parts.get("Signature") ?? "",
    ...(token === undefined ? {} : { sessionToken: token }),
  };
}

function readQuery(query: ReadonlyMap<string, string>): Signature {
  const required = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ];
  const missing = required.filter((name) => !query.get(name));
  if (missing.length > 0)
    throw new AuthenticationRefusal(
      "incomplete",
      `AWS query-string parameters must include '${missing.join("', '")}'. Re-examine the query-string parameters.`,
    );
  if (query.get("X-Amz-Algorithm") !== ALGORITHM)
    throw new AuthenticationRefusal(
      "incomplete",
      `Unsupported AWS 'algorithm': '${query.get("X-Amz-Algorithm")}'. The sandbox takes ${ALGORITHM}.`,
    );
  const expires = query.get("X-Amz-Expires");
  if (expires !== undefined && !/^\d{1,6}$/.test(expires))
    throw new AuthenticationRefusal("incomplete", "X-Amz-Expires should be a number");
  const token = query.get("X-Amz-Security-Token");
  return {
    place: "query",
    ...scope(query.get("X-Amz-Credential") ?? ""),
    signedAt: instant(query.get("X-Amz-Date")),
    signedHeaders: headerNames(query.get("X-Amz-SignedHeaders") ?? ""),
    signature: query.get("X-Amz-Signature") ?? "",
    ...(token === undefined ? {} : { sessionToken: token }),
    ...(expires === undefined ? {} : { expiresSeconds: Number(expires) }),
  };
}

function scope(credential: string): CredentialScope {
  const parts = credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", end] = parts;
  if (parts.length !== 5 || end !== "aws4_request" || !accessKeyId || !/^\d{8}$/.test(date))
    throw new AuthenticationRefusal(
      "incomplete",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${credential}'`,
    );
  return { accessKeyId, date, region, service };
}

function instant(text: string | undefined): string {
  if (text === undefined || Number.isNaN(milliseconds(text)))
    throw new AuthenticationRefusal(
      "incomplete",
      "Authorization header requires existence of an 'X-Amz-Date' of the form 20261124T100000Z.",
    );
  return text;
}

function headerNames(list: string): readonly string[] {
  return list.toLowerCase().split(";").filter(Boolean);
}

/** The milliseconds of `20261124T100000Z`; NaN for another form. */
export function milliseconds(basic: string): number {
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(basic);
  return at ? Date.parse(`${at[1]}-${at[2]}-${at[3]}T${at[4]}:${at[5]}:${at[6]}Z`) : Number.NaN;
}
