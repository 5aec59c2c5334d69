/**
 * EKS bearer tokens: `k8s-aws-v1.` and, in unpadded base64url, the URL of a presigned
 * `sts:GetCallerIdentity` whose signature covers the header `x-k8s-aws-id: <cluster>`.
 *
 * Checks: kubernetes-sigs/aws-iam-authenticator `pkg/token/token.go`. The authenticator then sends
 * the URL to STS. Here the signature is verified in place, so no request goes to a host that the
 * token names.
 */
import { AuthenticationRefusal } from "../aws/authentication-refusal.ts";
import type { IamState } from "../aws/iam/state.ts";
import { authenticate } from "../aws/identities.ts";
import type { Caller } from "../aws/service.ts";
import type { SignedRequest } from "../aws/signed-request.ts";
import type { Store } from "../aws/store.ts";

const PREFIX = "k8s-aws-v1.";
const MAXIMUM_BYTES = 4096;
/** A token is worth nothing 15 minutes after `X-Amz-Date`, whatever `X-Amz-Expires` says. */
const LIFETIME_SECONDS = 900;
/** SigV4 allows clocks to differ by five minutes; what is dated later is not valid yet. */
const SKEW_SECONDS = 300;
const CLUSTER_HEADER = "x-k8s-aws-id";

const PARAMETERS: ReadonlySet<string> = new Set([
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-user-agent",
]);

/** `20261124T120000Z`, ISO 8601's basic form, in milliseconds; NaN for anything else. */
function amzDate(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The query's parameters in lower case; undefined where one is not expected, or stands twice. */
function parametersOf(query: string): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    if (!PARAMETERS.has(key) || parameters.has(key)) return undefined;
    parameters.set(key, value);
  }
  return parameters;
}

function isCurrent(parameters: ReadonlyMap<string, string>, now: Date): boolean {
  const expires = parameters.get("x-amz-expires") ?? "";
  if (!/^\d{1,3}$/.test(expires) || Number(expires) > LIFETIME_SECONDS) return false;
  const age = (now.getTime() - amzDate(parameters.get("x-amz-date") ?? "")) / 1000;
  // NaN, for a date in another form, compares as false.
  return age >= -SKEW_SECONDS && age <= LIFETIME_SECONDS;
}

/**
 * The signed request inside a token, or undefined where a rule of its form is broken. The cluster
 * is put in from here: a token that was signed for another one then fails its signature.
 */
export function decodeToken(token: string, cluster: string, now: Date): SignedRequest | undefined {
  if (Buffer.byteLength(token) > MAXIMUM_BYTES || !token.startsWith(PREFIX)) return undefined;
  const encoded = token.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return undefined;
  const url = Buffer.from(encoded, "base64url").toString();
  const [, host = "", target = "", query = ""] =
    /^https?:\/\/([A-Za-z0-9.:-]+)(\/\?([\x21-\x22\x24-\x7e]+))$/.exec(url) ?? [];
  const parameters = host === "" ? undefined : parametersOf(query);
  if (parameters?.get("action") !== "GetCallerIdentity" || !isCurrent(parameters, now))
    return undefined;
  const signed = parameters.get("x-amz-signedheaders")?.toLowerCase().split(";") ?? [];
  if (!signed.includes(CLUSTER_HEADER)) return undefined;
  return {
    method: "GET",
    target,
    headers: [
      ["host", host],
      [CLUSTER_HEADER, cluster],
    ],
    body: Buffer.alloc(0),
  };
}

/** The role session that a token proves, in a cluster; undefined where it does not verify. */
export type VerifyToken = (token: string, cluster: string) => Caller | undefined;

/** Verifies tokens against the account's credentials. */
export function tokenVerifier(iam: Store<IamState>, now: () => Date): VerifyToken {
  return (token, cluster) => {
    const at = now();
    const request = decodeToken(token, cluster, at);
    if (request === undefined) return undefined;
    try {
      const { caller, signature } = authenticate(iam, request, at);
      return signature.service === "sts" ? caller : undefined;
    } catch (error) {
      if (error instanceof AuthenticationRefusal) return undefined;
      throw error;
    }
  };
}
