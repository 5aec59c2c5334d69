/** Decides who may assume a role: its trust policy, and the caller's own policies. */
import {
  createValidatedPolicy,
  type ValidatedPolicy,
  validateTrustPolicy,
} from "@cloud-copilot/iam-policy";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { Demand } from "./authorize.ts";
import type { IamRole, IamState, PolicyDocument } from "./iam/state.ts";
import { policySet } from "./policy-set.ts";
import { type Context, callerContext, NO_POLICIES, simulate } from "./policy-simulation.ts";
import { AwsError, type Caller } from "./service.ts";

/**
 * The permissions that a call of AssumeRole needs: `sts:AssumeRole`, and more for some of its
 * parameters.
 */
export interface AssumeRoleDemand {
  readonly role: IamRole;
  readonly sessionName: string;
  /** The new session's: given in the call, or carried on from the caller's session. */
  readonly sourceIdentity?: string;
  readonly externalId?: string;
  /** Tags for the new session. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Whether the caller may assume the role. Within one account a trust policy that names the caller's
 * role is enough. One that names the account leaves the decision to the caller's own policies, and
 * between accounts both must allow it. `sts:SetSourceIdentity` must stand in both, as AWS documents
 * it. Tags need `sts:TagSession`, those that the caller's session hands on as well. AWS does not
 * document condition keys for these, so the sandbox sets no key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 * @throws AwsError `AccessDenied` 403
 */
export async function demandAssumeRole(
  state: IamState,
  { role, sessionName, sourceIdentity, externalId, tags }: AssumeRoleDemand,
  { caller, now }: Omit<Demand, "kind">,
): Promise<void> {
  const own = state.roles[caller.principalArn];
  const policies = own ? policySet(own) : NO_POLICIES;
  const context: Context = {
    ...callerContext(caller, now, false),
    "sts:RoleSessionName": sessionName,
    ...(sourceIdentity === undefined ? {} : { "sts:SourceIdentity": sourceIdentity }),
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...taggedContext(tags),
  };
  const trust = createValidatedPolicy(
    seenBy(caller, role.assumeRolePolicyDocument),
    validateTrustPolicy,
  );
  const ask = (action: string, resourcePolicy: ValidatedPolicy | undefined) =>
    simulate(caller, { action, resource: role.arn }, context, policies, resourcePolicy);
  const refuse = (action: string) =>
    new AwsError(
      "AccessDenied",
      403,
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${role.arn}`,
    );
  if ((await ask("sts:AssumeRole", trust)) !== "Allowed") throw refuse("sts:AssumeRole");
  const isTagged = tags !== undefined || caller.transitiveTags !== undefined;
  if (isTagged && (await ask("sts:TagSession", trust)) !== "Allowed")
    throw refuse("sts:TagSession");
  if (sourceIdentity === undefined) return;
  const isOfAnotherAccount = role.arn.split(":")[4] !== caller.accountId;
  const both = [
    await ask("sts:SetSourceIdentity", trust),
    // Between accounts, the first answer needs both policies already.
    ...(isOfAnotherAccount ? [] : [await ask("sts:SetSourceIdentity", undefined)]),
  ];
  if (both.some((decision) => decision !== "Allowed")) throw refuse("sts:SetSourceIdentity");
}

const taggedContext = (tags: AssumeRoleDemand["tags"]): Context =>
  tags === undefined
    ? {}
    : {
        ...Object.fromEntries(
          Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]),
        ),
        "aws:TagKeys": Object.keys(tags),
      };

/**
 * Whether a role lets an AWS service assume it: `scheduler.amazonaws.com` with
 * `{ "aws:SourceAccount": …, "aws:SourceArn": … }`. False where there is no such role.
 *
 * @param action what else goes with the assumption, such as `sts:SetContext`
 */
export function serviceMayAssume(
  state: IamState,
  roleArn: string,
  servicePrincipal: string,
  context: Readonly<Record<string, string>>,
  action = "sts:AssumeRole",
): boolean {
  const role = state.roles[roleArn];
  if (!role) return false;
  const decision = runUnsafeSimulation(
    {
      request: {
        principal: servicePrincipal,
        action,
        resource: { resource: roleArn, accountId: state.accountId },
        contextVariables: { ...context },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // Validated, since only then does it carry the name that the evaluation asks for.
      resourcePolicy: createValidatedPolicy(role.assumeRolePolicyDocument, validateTrustPolicy, {
        name: "trust",
      }),
    },
    {},
  );
  return decision === "Allowed";
}

/**
 * Whether a role's trust policy lets the subject of a token take it. Nothing else decides: who comes by a
 * token has no policies.
 */
export function webIdentityMayAssume(
  role: IamRole,
  sessionName: string,
  { arn, accountId, sessionContext }: Caller,
  now: Date,
): boolean {
  const decision = runUnsafeSimulation(
    {
      request: {
        principal: arn,
        action: "sts:AssumeRoleWithWebIdentity",
        resource: { resource: role.arn, accountId },
        contextVariables: {
          ...sessionContext,
          "sts:RoleSessionName": sessionName,
          "aws:CurrentTime": now.toISOString(),
          "aws:SourceIp": "127.0.0.1",
          "aws:SecureTransport": "true",
        },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: createValidatedPolicy(role.assumeRolePolicyDocument, validateTrustPolicy, {
        name: "trust",
      }),
    },
    {},
  );
  return decision === "Allowed";
}

/**
 * The trust policy as it concerns one caller. The evaluation compares only the last path segment of
 * a role. AWS compares the whole ARN, so any other role is replaced by one that nobody has. The
 * unique id of a role that is gone is replaced too.
 */
export function seenBy(caller: Caller, document: PolicyDocument): PolicyDocument {
  const replaced = (arn: unknown): unknown =>
    typeof arn === "string" &&
    /^(?:arn:[^:]+:iam::\d{12}:role\/|AROA)/.test(arn) &&
    arn !== caller.principalArn
      ? "arn:aws:iam::000000000000:role/another"
      : arn;
  const principal = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("AWS" in value)) return value;
    const named = value.AWS;
    return { ...value, AWS: Array.isArray(named) ? named.map(replaced) : replaced(named) };
  };
  const statements = [document["Statement"]].flat();
  return {
    ...document,
    Statement: statements.map((statement: unknown) =>
      typeof statement === "object" && statement !== null && "Principal" in statement
        ? { ...statement, Principal: principal(statement.Principal) }
        : statement,
    ),
  };
}
