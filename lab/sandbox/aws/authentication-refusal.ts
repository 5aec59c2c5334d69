import type { Protocol } from "./service.ts";
import { AwsError } from "./service.ts";

/** Why a request's signature was not taken. */
export type AuthenticationFault =
  | "missing"
  | "incomplete"
  | "unknown-key"
  | "expired-token"
  | "mismatch";

/** A refusal before any service has read the call; each protocol has names of its own for it. */
export class AuthenticationRefusal extends Error {
  override readonly name = "AuthenticationRefusal";
  readonly fault: AuthenticationFault;
  constructor(fault: AuthenticationFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const QUERY: Readonly<Record<AuthenticationFault, readonly [code: string, status: number]>> = {
  missing: ["MissingAuthenticationToken", 403],
  incomplete: ["IncompleteSignature", 400],
  "unknown-key": ["InvalidClientTokenId", 403],
  "expired-token": ["ExpiredToken", 403],
  mismatch: ["SignatureDoesNotMatch", 403],
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const S3: typeof QUERY = {
  missing: ["AccessDenied", 403],
  incomplete: ["AuthorizationHeaderMalformed", 400],
  "unknown-key": ["InvalidAccessKeyId", 403],
  "expired-token": ["ExpiredToken", 400],
  mismatch: ["SignatureDoesNotMatch", 403],
};

const JSON_CODES: Readonly<Record<AuthenticationFault, string>> = {
  missing: "MissingAuthenticationTokenException",
  incomplete: "IncompleteSignatureException",
  "unknown-key": "UnrecognizedClientException",
  "expired-token": "ExpiredTokenException",
  mismatch: "InvalidSignatureException",
};

/**
 * The refusal under the protocol's own name and status. STS and IAM say `InvalidClientTokenId`
 * where EKS and DynamoDB say `UnrecognizedClientException`. AWS JSON answers 400 where the others
 * answer 403.
 */
export function refusalError(refusal: AuthenticationRefusal, kind: Protocol["kind"]): AwsError {
  const own = { query: QUERY, s3: S3 };
  const [code, status] =
    kind === "query" || kind === "s3"
      ? own[kind][refusal.fault]
      : [JSON_CODES[refusal.fault], kind === "json" ? 400 : 403];
  return new AwsError(code, status, refusal.message);
}

/** The refusal of a signature that does not match its request. */
export function mismatch(message: string): AuthenticationRefusal {
  return new AuthenticationRefusal("mismatch", message);
}
