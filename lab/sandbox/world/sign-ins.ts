/**
 * The sign-ins of the sandbox's people who share a role with others: sessions of Identity Center,
 * and of a role that many take by SAML. The context of a session holds the facts that its source
 * proves.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Credential, IamRole, IamState, PolicyDocument } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import { ACCOUNT, REGION } from "./account.ts";
import { SIGNED_IN } from "./people.ts";

interface SignIn {
  readonly profile: string;
  readonly sessionName: string;
  readonly role: string;
  readonly context: Readonly<Record<string, string>>;
  /** The provider sets these too, and AWS hands them on from session to session. */
  readonly handedOn?: Pick<Credential, "sourceIdentity" | "transitiveTags">;
}

/** Under Identity Center's own path, with the suffix that it makes. */
const sso = (set: string, suffix: string) =>
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_${set}_${suffix}`;

const DEVELOPERS = sso("Developers", "0f1e2d3c4b5a6978");
const AUDITORS = sso("Auditors", "8796a5b4c3d2e1f0");
const OKTA_ROLE = `arn:aws:iam::${ACCOUNT}:role/okta-developers`;

const USER_ID = "identitystore:UserId";
const userId = (last: string) => `906701d9d2-0a1b2c3d-1111-2222-3333-${last}`;

const ofIdentityCenter = (name: string, role: string, last: string, profile = name): SignIn => ({
  profile,
  sessionName: `${name}@example.com`,
  role,
  context: { [USER_ID]: userId(last) },
});

/** As AWS makes it: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
const OKTA = createHash("sha1").update(`http://www.okta.com/exk1${ACCOUNT}/Okta`).digest("base64");

/** The provider also sets a source identity, and tags that are transitive, as attributes of its assertion. */
const ofOkta = (name: string): SignIn => ({
  profile: name,
  // Okta's people choose it.
  sessionName: name,
  role: OKTA_ROLE,
  context: { "saml:sub": `${name}@example.com`, "saml:namequalifier": OKTA },
  handedOn: {
    sourceIdentity: `${name}@example.com`,
    transitiveTags: { Department: "platform", CostCenter: "4711" },
  },
});

export const SIGN_INS: readonly SignIn[] = [
  ofIdentityCenter("alice", DEVELOPERS, "00000000a11c"),
  ofIdentityCenter("dave", AUDITORS, "00000000da4e"),
  // The same permission set as alice's. Nobody of the policy is known by it.
  ofIdentityCenter("mallory", DEVELOPERS, "00000000ba1d", "mallory-sso"),
  ofOkta("carol"),
];

/**
 * The id that a person has in Identity Center. @throws Error for a person who signs in by another
 * way
 */
export function identityCenterUserId(name: string): string {
  const id = SIGN_INS.find(
    ({ sessionName, context }) => sessionName === `${name}@example.com` && USER_ID in context,
  )?.context[USER_ID];
  if (id === undefined) throw new Error(`${name} does not sign in by Identity Center.`);
  return id;
}

/** Nobody can assume them by name: Identity Center and the provider hand out their sessions. */
const FEDERATED: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sts:AssumeRoleWithSAML", "sts:SetSourceIdentity", "sts:TagSession"],
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/sandbox` },
      Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
    },
  ],
};

function roleOf(arn: string, now: Date): IamRole {
  const at = arn.lastIndexOf("/");
  return {
    kind: "role",
    arn,
    roleName: arn.slice(at + 1),
    path: arn.slice(arn.indexOf(":role/") + ":role".length, at + 1),
    roleId: uniqueId("AROA"),
    createDate: now.toISOString(),
    assumeRolePolicyDocument: FEDERATED,
    policies: { Person: SIGNED_IN },
    maxSessionDuration: 3600,
  };
}

/**
 * Makes the roles and sessions that are not there yet.
 *
 * @param withUserId whether sessions of Identity Center have `identitystore:UserId`, which AWS does
 *   not document for a call of AssumeRole
 */
export function declareSignIns(iam: Store<IamState>, withUserId: boolean, now: Date): void {
  iam.change((state) => {
    for (const { role, sessionName, context, handedOn } of SIGN_INS) {
      state.roles[role] ??= roleOf(role, now);
      const { roleId } = state.roles[role];
      const before = sessionOf(state, role, sessionName);
      const { [USER_ID]: id, ...others } = context;
      const sessionContext = id !== undefined && withUserId ? context : others;
      const session: Credential = before ?? {
        accessKeyId: uniqueId("ASIA"),
        secretAccessKey: randomBytes(30).toString("base64"),
        sessionToken: randomBytes(96).toString("base64"),
        roleArn: role,
        roleId,
        sessionName,
      };
      state.credentials[session.accessKeyId] = { ...session, sessionContext, ...handedOn };
    }
  });
}

/** A session's keys; undefined without a session. */
export const signInCredential = (state: IamState, profile: string): Credential | undefined => {
  const signIn = SIGN_INS.find((one) => one.profile === profile);
  return signIn && sessionOf(state, signIn.role, signIn.sessionName);
};

const sessionOf = (state: IamState, role: string, name: string): Credential | undefined =>
  Object.values(state.credentials).find(
    ({ roleArn, sessionName, expiration }) =>
      expiration === undefined && roleArn === role && sessionName === name,
  );
