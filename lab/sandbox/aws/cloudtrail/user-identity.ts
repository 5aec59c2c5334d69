import type { IamState } from "../iam/state.ts";
import type { Caller } from "../service.ts";
import type { UserIdentity } from "./trail-record.ts";

/** CloudTrail's instants have no fractions of a second. */
export const wholeSecond = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/**
 * The caller as CloudTrail writes a role's session, which every caller with a key is in the sandbox. A service
 * that calls in a session of a role is named in `invokedBy`, and its key is left out. Without a key, it is the
 * subject of a web identity token. AWS does not document whom it names for a token that it did not verify.
 */
export function userIdentity(
  caller: Caller,
  iam: IamState,
  userAgent: string,
  at: Date,
): UserIdentity {
  const { webIdentity } = caller;
  if (webIdentity)
    return {
      type: "WebIdentityUser",
      principalId: caller.userId,
      userName: webIdentity.subject,
      identityProvider: caller.arn,
    };
  if (caller.arn === "") return { type: "Unknown" };
  const [roleId = ""] = caller.userId.split(":");
  const role = iam.roles[caller.principalArn];
  const credential = iam.credentials[caller.accessKeyId];
  // A person's key is as old as the role.
  const issuedAt = credential?.issuedAt ?? (credential && role?.createDate);
  return {
    type: "AssumedRole",
    principalId: caller.userId,
    arn: caller.arn,
    accountId: caller.accountId,
    ...(caller.accessKeyId === "" ? {} : { accessKeyId: caller.accessKeyId }),
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId,
        arn: caller.principalArn,
        accountId: caller.accountId,
        userName: caller.principalArn.split("/").at(-1) ?? "",
      },
      attributes: {
        creationDate: wholeSecond(issuedAt === undefined ? at : new Date(issuedAt)),
        mfaAuthenticated: "false",
      },
      ...(caller.sourceIdentity === undefined ? {} : { sourceIdentity: caller.sourceIdentity }),
      ...federation(caller),
    },
    ...(isService(userAgent) ? { invokedBy: userAgent } : {}),
  };
}

const federation = ({ sessionContext }: Caller) => {
  const federatedProvider = sessionContext?.["aws:FederatedProvider"];
  return federatedProvider === undefined
    ? {}
    : { webIdFederationData: { federatedProvider, attributes: {} } };
};

/** A service that calls for somebody gives its own name where a client gives its user agent. */
export const isService = (userAgent: string): boolean => /^[a-z]+\.amazonaws\.com$/.test(userAgent);
