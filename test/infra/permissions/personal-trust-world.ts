/** Sessions of several sources, and whether they may assume the personal role of alice. */
import { demandAssumeRole } from "../../../lab/sandbox/aws/assume-role-decision.ts";
import type { IamRole, PolicyDocument } from "../../../lab/sandbox/aws/iam/state.ts";
import { personalRoleArn } from "../../../shared/domain/people/personal-role.ts";
import { personalTrust } from "../../../shared/domain/people/personal-trust.ts";
import type { PersonIdentities, PolicyIdentity } from "../../../shared/domain/people/sign-in.ts";
import { ACCOUNT } from "../broker.ts";

export const PLACE = { partition: "aws", account: ACCOUNT };
export const ALICE_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";
export const BOB_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455557777";
export const HEX = "0123456789abcdef";
export const sso = (set: string, region = "eu-central-1/") =>
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${set}_${HEX}`;
export const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
/**
 * The qualifier that Okta's provider of the test makes of a subject: BASE64(SHA1(issuer + account +
 * "/Okta")).
 */
export const QUALIFIER = "J3SVfLNuhkX6NOASNittjBlfAw8=";

export const MAY_ASSUME_PEOPLE: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      Resource: "arn:aws:iam::*:role/timelatch/people/*",
    },
  ],
};

export interface Session {
  readonly of: string;
  readonly name: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  /** The source identity that the call itself sets, if the session has no source identity yet. */
  readonly sets?: string;
  readonly transitiveTags?: Readonly<Record<string, string>>;
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
}

/** Whether a session may assume alice's role. */
export async function mayAssume(
  identities: Partial<PersonIdentities>,
  session: Session,
  identity: Partial<PolicyIdentity> = {},
): Promise<boolean> {
  const trust = personalTrust({
    place: PLACE,
    identity: { account: ACCOUNT, signIn: [ACCOUNT], ...identity },
    identities: { iam: [], slack: [], ...identities },
  });
  const roleOf = (arn: string, more: Pick<IamRole, "policies" | "assumeRolePolicyDocument">) => ({
    kind: "role" as const,
    arn,
    roleName: arn.split("/").at(-1) ?? "",
    path: "/",
    roleId: "AROAEXAMPLE",
    createDate: "2026-11-01T00:00:00.000Z",
    maxSessionDuration: 3600,
    ...more,
  });
  const from = roleOf(session.of, {
    policies: session.policies ?? { Assume: MAY_ASSUME_PEOPLE },
    assumeRolePolicyDocument: {},
  });
  const personal = roleOf(personalRoleArn(PLACE, "timelatch-person-alice"), {
    policies: {},
    assumeRolePolicyDocument: trust as unknown as PolicyDocument,
  });
  const { sourceIdentity, transitiveTags } = session;
  const known = {
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(transitiveTags === undefined ? {} : { transitiveTags }),
  };
  const newOne = sourceIdentity ?? session.sets;
  const asked = demandAssumeRole(
    { accountId: ACCOUNT, roles: { [from.arn]: from }, credentials: {} },
    {
      role: personal,
      sessionName: "alice",
      ...(newOne === undefined ? {} : { sourceIdentity: newOne }),
    },
    {
      caller: {
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${from.roleName}/${session.name}`,
        principalArn: from.arn,
        accountId: ACCOUNT,
        userId: `AROAEXAMPLE:${session.name}`,
        accessKeyId: "ASIAEXAMPLE",
        ...(session.context ? { sessionContext: session.context } : {}),
        ...known,
      },
      now: new Date("2026-11-24T10:00:00Z"),
    },
  );
  return asked.then(
    () => true,
    (error: Error) => {
      if (error.name !== "AwsError") throw error;
      return false;
    },
  );
}

export const ALICE = { userId: ALICE_ID, userName: "alice@example.com" };
export const byId = { "identitystore:UserId": ALICE_ID };
export const mail = "alice@example.com";
