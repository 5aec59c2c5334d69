import { accountOf } from "../accounts.ts";
import { webIdentityMayAssume } from "../assume-role-decision.ts";
import type { IamState } from "../iam/state.ts";
import { AwsError, type Caller, type Operation, type UnsignedCaller } from "../service.ts";
import type { Store } from "../store.ts";
import { answeredSession, handOut } from "./new-session.ts";
import { optional, required, validation } from "./parameters.ts";
import { type IssuerKeys, verifyWebIdentity } from "./web-identity-token.ts";

const MEMBERS = ["RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds"];

/**
 * The claims that are condition keys, and of them those that stay in the session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const LASTING = ["aud", "sub", "amr"];
const GITHUB_CLAIMS = [
  ...["actor", "actor_id", "job_workflow_ref", "workflow", "ref", "environment", "enterprise_id"],
  ...["repository", "repository_id", "repository_owner_id"],
];
const GITHUB = "https://token.actions.githubusercontent.com";

/** The caller of AssumeRoleWithWebIdentity: the subject of its token, once that is verified. */
export const webIdentityCaller = (iam: Store<IamState>, keysOf: IssuerKeys): UnsignedCaller => ({
  unknown: (input) => ({
    ...{ arn: "", principalArn: "", userId: "", accessKeyId: "" },
    accountId: accountOf(String(input["RoleArn"] ?? "")),
  }),
  async known(input, now) {
    const { roleArn, token } = parse(input);
    const { provider, audience, subject, claims } = await verifyWebIdentity(
      iam.state,
      { roleArn, token },
      keysOf,
      now,
    );
    const names = [...LASTING, ...(provider.url === GITHUB ? GITHUB_CLAIMS : [])];
    const given = { ...claims, aud: audience, sub: subject };
    const key = (name: string) => `${provider.url.replace(/^https:\/\//, "")}:${name}`;
    return {
      ...{ arn: provider.arn, principalArn: provider.arn, accessKeyId: "" },
      accountId: accountOf(roleArn),
      userId: `${provider.arn}:${audience}:${subject}`,
      webIdentity: { audience, subject, issuer: provider.url },
      sessionContext: {
        ...Object.fromEntries(
          Object.entries(given)
            .filter(([name, value]) => names.includes(name) && typeof value === "string")
            .map(([name, value]) => [key(name), String(value)]),
        ),
        "aws:FederatedProvider": provider.arn,
      },
    };
  },
});

/**
 * Nobody signs it: the token says who calls, and only the role's trust policy decides.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function assumeRoleWithWebIdentity(iam: Store<IamState>): Operation {
  return {
    permissions: () => [],
    run: ({ input, caller, now }) => {
      const { roleArn, sessionName, seconds } = parse(input);
      const { webIdentity } = caller;
      if (!webIdentity)
        throw validation(
          "sts:AssumeRoleWithWebIdentity with a signature is not emulated by the sandbox.",
        );
      const role = iam.state.roles[roleArn];
      // AWS answers alike for a role that does not exist.
      if (!role || !webIdentityMayAssume(role, sessionName, caller, now)) throw notAuthorized();
      if (seconds > role.maxSessionDuration)
        throw validation(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
      const session = { sessionName, sessionContext: lastingContext(caller) };
      const credential = handOut(iam, role, session, { now, seconds });
      return {
        ...answeredSession(role, credential),
        SubjectFromWebIdentityToken: webIdentity.subject,
        Provider: caller.arn,
        Audience: webIdentity.audience,
      };
    },
  };
}

function lastingContext({ sessionContext = {} }: Caller): Readonly<Record<string, string>> {
  const isLasting = (key: string) =>
    key === "aws:FederatedProvider" || LASTING.some((name) => key.endsWith(`:${name}`));
  return Object.fromEntries(Object.entries(sessionContext).filter(([key]) => isLasting(key)));
}

const notAuthorized = () =>
  new AwsError("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity");

function parse(input: Record<string, unknown>) {
  const others = Object.keys(input).filter((name) => !MEMBERS.includes(name));
  if (others.length > 0)
    throw validation(
      `sts:AssumeRoleWithWebIdentity with ${others.join(", ")} is not emulated by the sandbox.`,
    );
  const seconds = Number(optional(input, "DurationSeconds", /^\d{1,6}$/) ?? 3600);
  if (seconds < 900 || seconds > 43_200)
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value from 900 to 43200`,
    );
  return {
    roleArn: required(input, "RoleArn", /^arn:aws:iam::\d{12}:role\/[\x21-\x7e]{1,576}$/),
    sessionName: required(input, "RoleSessionName", /^[\w+=,.@-]{2,64}$/),
    token: required(input, "WebIdentityToken", /^[\s\S]{4,20000}$/),
    seconds,
  };
}
