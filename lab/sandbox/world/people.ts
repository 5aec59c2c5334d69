/** The people of the sandbox, who are those of `access.yaml`, and the account's IAM roles with their keys. */
import { randomBytes } from "node:crypto";
import type { Credential, IamRole, IamState, PolicyDocument } from "../aws/iam/state.ts";
import { uniqueId } from "../aws/unique-id.ts";
import { ACCOUNT, REGION } from "./account.ts";

/** The people with a profile: everyone of `access.yaml`, and an administrator of the account. */
export const PEOPLE = ["alice", "bob", "carol", "dave", "mallory", "heidi"] as const;
export const ADMIN = "admin";

/** The path of the roles that a policy makes for each person. */
const OWN_ROLES_PATH = "/timelatch/people/";
const ownRoleName = (person: string) => `timelatch-person-${person}`;

/** The role that a policy makes for a person. Whether it does, the deployed stacks say. */
export const ownRoleArn = (person: string): string =>
  `arn:aws:iam::${ACCOUNT}:role${OWN_ROLES_PATH}${ownRoleName(person)}`;

const allow = (Action: readonly string[], Resource: string): Readonly<Record<string, unknown>> => ({
  Effect: "Allow",
  Action,
  Resource,
});

const policy = (...Statement: readonly unknown[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

const trust = (principal: Readonly<Record<string, string>>): PolicyDocument =>
  policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });

const TRUSTS_ACCOUNT = trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` });

/** People read clusters, and take the role of their own. No permission lets them change access. */
const PERSON = [
  allow(
    [
      "eks:DescribeCluster",
      "eks:ListClusters",
      "eks:ListAccessEntries",
      "eks:DescribeAccessEntry",
      "eks:ListAssociatedAccessPolicies",
      "eks:ListAccessPolicies",
      "eks:DescribeUpdate",
      "eks:ListUpdates",
      "sts:GetCallerIdentity",
    ],
    "*",
  ),
  // The folders of the deployment without a name, and of one that docs/deploy.md calls staging.
  ...[OWN_ROLES_PATH, "/staging/people/"].map((folder) =>
    allow(
      ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      `arn:aws:iam::*:role${folder}*`,
    ),
  ),
];

/** The permissions of everybody under the role that they sign in with. */
export const SIGNED_IN = policy(...PERSON);

/** A person without a role of their own calls the broker with the one that they sign in with. */
const CALLER = policy(
  ...PERSON,
  allow(["execute-api:Invoke"], `arn:aws:execute-api:${REGION}:${ACCOUNT}:*`),
);

interface RoleSeed {
  readonly name: string;
  readonly path: string;
  readonly trust: PolicyDocument;
  readonly policies: Readonly<Record<string, PolicyDocument>>;
}

const ROLES: readonly RoleSeed[] = [
  // The people who sign in with an IAM role that nobody else uses. The others are in `sign-ins.ts`.
  { name: "bob", path: "/people/", trust: TRUSTS_ACCOUNT, policies: { Person: SIGNED_IN } },
  ...["mallory", "heidi"].map((name) => ({
    name,
    path: "/people/",
    trust: TRUSTS_ACCOUNT,
    policies: { Person: CALLER },
  })),
  // Carol's, which has standing access. It trusts nobody until the stacks are deployed.
  { name: ownRoleName("carol"), path: OWN_ROLES_PATH, trust: policy(), policies: {} },
  {
    name: ADMIN,
    path: "/",
    trust: TRUSTS_ACCOUNT,
    policies: { Everything: policy(allow(["*"], "*")) },
  },
  {
    name: "ci-deployer",
    path: "/",
    trust: TRUSTS_ACCOUNT,
    policies: { Deploy: policy(allow(["eks:DescribeCluster"], "*")) },
  },
  {
    name: "eks-node",
    path: "/",
    trust: trust({ Service: "ec2.amazonaws.com" }),
    policies: { Node: policy(allow(["eks:DescribeCluster"], "*")) },
  },
];

/** The ARN of one of the account's roles, by its name. */
export const roleArn = (name: string): string => {
  const seed = ROLES.find((one) => one.name === name);
  return `arn:aws:iam::${ACCOUNT}:role${seed?.path ?? "/"}${name}`;
};

/** A person's key: it does not expire, and its session has the person's name. */
const personalCredential = (role: IamRole): Credential => ({
  accessKeyId: uniqueId("ASIA"),
  secretAccessKey: randomBytes(30).toString("base64"),
  sessionToken: randomBytes(96).toString("base64"),
  roleArn: role.arn,
  roleId: role.roleId,
  sessionName: role.roleName,
});

/**
 * The roles of the account, and the keys of everyone who has a profile.
 *
 * @param isEmpty leaves the role out that stacks make and that has standing access
 */
export function initialIam(now: Date, isEmpty = false): IamState {
  const roles = ROLES.filter(({ path }) => !isEmpty || path !== OWN_ROLES_PATH).map(
    ({ name, path, trust: trustPolicy, policies }): IamRole => ({
      kind: "role",
      arn: roleArn(name),
      roleName: name,
      path,
      roleId: uniqueId("AROA"),
      createDate: now.toISOString(),
      assumeRolePolicyDocument: trustPolicy,
      policies,
      maxSessionDuration: 3600,
    }),
  );
  const holders: readonly string[] = [...PEOPLE, ADMIN];
  const credentials = roles
    .filter(({ roleName }) => holders.includes(roleName))
    .map(personalCredential);
  return {
    accountId: ACCOUNT,
    roles: Object.fromEntries(roles.map((role) => [role.arn, role])),
    credentials: Object.fromEntries(credentials.map((one) => [one.accessKeyId, one])),
  };
}

/** The key in somebody's profile; undefined if their role was deleted, and the key with it. */
export function profileCredential(iam: IamState, person: string): Credential | undefined {
  return Object.values(iam.credentials).find(
    ({ roleArn: arn, sessionName, expiration }) =>
      expiration === undefined && sessionName === person && arn === roleArn(person),
  );
}
