import { timingSafeEqual } from "node:crypto";
import { accountOf } from "./accounts.ts";
import { AuthenticationRefusal } from "./authentication-refusal.ts";
import type { IamState } from "./iam/state.ts";
import { readSignature, type Signature } from "./read-signature.ts";
import type { Caller } from "./service.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { Store } from "./store.ts";
import { verifySignature } from "./verify-signature.ts";

/** A caller whose signature was verified, and what the signature said. */
export interface Authenticated {
  readonly caller: Caller;
  readonly signature: Signature;
}

/**
 * Reads a request's signature, finds whose key it names, and verifies it.
 * @throws AuthenticationRefusal
 */
export function authenticate(
  iam: Store<IamState>,
  request: SignedRequest,
  now: Date,
): Authenticated {
  const signature = readSignature(request);
  const { caller, secretAccessKey } = identify(
    iam.state,
    signature.accessKeyId,
    signature.sessionToken,
    now,
  );
  verifySignature(request, signature, secretAccessKey, now);
  return { caller, signature };
}

/**
 * The caller who has an access key, and the secret to verify with.
 * @throws AuthenticationRefusal `unknown-key` for an unknown key, another key's session token, or a
 * deleted role, even if its name exists again. `expired-token` after the credential's expiration.
 */
export function identify(
  state: IamState,
  accessKeyId: string,
  sessionToken: string | undefined,
  now: Date,
): { readonly caller: Caller; readonly secretAccessKey: string } {
  const credential = Object.hasOwn(state.credentials, accessKeyId)
    ? state.credentials[accessKeyId]
    : undefined;
  const role = credential && state.roles[credential.roleArn];
  if (!credential || !sameText(credential.sessionToken ?? "", sessionToken ?? ""))
    throw unknownKey();
  if (credential.expiration !== undefined && Date.parse(credential.expiration) <= now.getTime())
    throw new AuthenticationRefusal(
      "expired-token",
      "The security token included in the request is expired",
    );
  if (role?.roleId !== credential.roleId) throw unknownKey();
  return {
    secretAccessKey: credential.secretAccessKey,
    caller: {
      arn: sessionArn(accountOf(role.arn), role.roleName, credential.sessionName),
      principalArn: role.arn,
      accountId: accountOf(role.arn),
      userId: `${role.roleId}:${credential.sessionName}`,
      accessKeyId,
      ...(credential.sourceIdentity === undefined
        ? {}
        : { sourceIdentity: credential.sourceIdentity }),
      ...(credential.sessionContext === undefined
        ? {}
        : { sessionContext: credential.sessionContext }),
      ...(credential.transitiveTags === undefined
        ? {}
        : { transitiveTags: credential.transitiveTags }),
    },
  };
}

/** A session's ARN: STS leaves the role's path out of it. */
export function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}

function unknownKey(): AuthenticationRefusal {
  return new AuthenticationRefusal(
    "unknown-key",
    "The security token included in the request is invalid.",
  );
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
