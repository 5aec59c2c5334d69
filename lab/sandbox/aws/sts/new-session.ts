/** Sessions of roles that STS hands out. */
import { randomBytes } from "node:crypto";
import { accountOf } from "../accounts.ts";
import type { Credential, IamRole, IamState } from "../iam/state.ts";
import { sessionArn } from "../identities.ts";
import type { Store } from "../store.ts";
import { uniqueId } from "../unique-id.ts";

/** The session's name, and what it has of the caller's. */
type Session = Pick<
  Credential,
  "sessionName" | "sourceIdentity" | "transitiveTags" | "sessionContext"
>;

type SessionCredential = Credential & {
  readonly sessionToken: string;
  readonly expiration: string;
};

/** Makes a key of a new session, and keeps it. */
export function handOut(
  iam: Store<IamState>,
  { arn: roleArn, roleId }: IamRole,
  session: Session,
  { now, seconds }: { readonly now: Date; readonly seconds: number },
): SessionCredential {
  const credential: SessionCredential = {
    accessKeyId: uniqueId("ASIA"),
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(192).toString("base64"),
    roleArn,
    roleId,
    ...session,
    issuedAt: now.toISOString(),
    // Whole seconds, as in the answer.
    expiration: new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000).toISOString(),
  };
  iam.change((state) => {
    forgetExpired(state, now);
    state.credentials[credential.accessKeyId] = credential;
  });
  return credential;
}

/** The members of an answer about a new session. */
export const answeredSession = (
  { arn, roleId, roleName }: IamRole,
  credential: SessionCredential,
) => ({
  AssumedRoleUser: {
    AssumedRoleId: `${roleId}:${credential.sessionName}`,
    Arn: sessionArn(accountOf(arn), roleName, credential.sessionName),
  },
  Credentials: {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: credential.expiration.replace(/\.\d+Z$/, "Z"),
  },
  SourceIdentity: credential.sourceIdentity,
});

/** A key is kept an hour beyond its end, so that late use is answered with ExpiredToken. */
function forgetExpired(state: IamState, now: Date): void {
  for (const [accessKeyId, { expiration }] of Object.entries(state.credentials))
    if (expiration !== undefined && Date.parse(expiration) < now.getTime() - 3_600_000)
      delete state.credentials[accessKeyId];
}
