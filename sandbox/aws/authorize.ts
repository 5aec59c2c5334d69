import {
  createValidatedPolicy,
  type ValidatedPolicy,
  validateIdentityPolicy,
  validateTrustPolicy,
} from "@cloud-copilot/iam-policy";
import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { IamRole, IamState, PolicyDocument } from "./iam/state.ts";
import { AwsError, type Caller, type PermissionCheck, type Protocol } from "./service.ts";

/**
 * Asks IAM. The evaluation itself, conditions included, is `@cloud-copilot/iam-simulate`'s; here
 * stand the facts that AWS would give it, and the words in which AWS refuses.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

type Context = Record<string, string | string[]>;

/** `ExplicitlyDenied` beats any allow; `ImplicitlyDenied` is the absence of one. */
export type Decision = "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";

/** What `demand` needs to know beside the checks. */
export interface Demand {
  readonly caller: Caller;
  readonly kind: Protocol["kind"];
  /** When the call is made, for `aws:CurrentTime`. */
  readonly now: Date;
}

const DECISIONS_KEPT = 2000;

/** Condition keys of emulated services that would be missing here where AWS has them: a wrong answer. */
const UNFILLED_KEYS = /dynamodb:Attributes|aws:(PrincipalTag|TokenIssueTime|MultiFactorAuth\w*)/i;

interface PolicySet {
  readonly policies: readonly { readonly name: string; readonly policy: ValidatedPolicy }[];
  /** A policy that asks for the time has no answer that lasts. */
  readonly lasting: boolean;
  readonly decisions: Map<string, Decision>;
}

/** By the identity of the role's policies, which a change of the role replaces. */
const identitySets = new WeakMap<IamRole["policies"], PolicySet>();

/**
 * Passes if the caller's policies allow every check that is not to be skipped.
 * @throws AwsError `AccessDeniedException`, in STS and IAM `AccessDenied`, for the first refused.
 */
export async function demand(
  state: IamState,
  checks: readonly PermissionCheck[],
  { caller, kind, now }: Demand,
): Promise<void> {
  for (const check of checks) {
    if (check.skip === true) continue;
    const decision = await decide(state, caller, check, now);
    if (decision !== "Allowed") throw accessDenied(caller, check, decision, kind);
  }
}

/** What the caller's own policies say of one action on one resource. */
export async function decide(
  state: IamState,
  caller: Caller,
  check: PermissionCheck,
  now: Date,
): Promise<Decision> {
  const role = state.roles[caller.principalArn];
  if (!role) return "ImplicitlyDenied";
  const set = policySet(role);
  const context = { ...callerContext(caller, now, set.lasting), ...copied(check.context) };
  const key = JSON.stringify([check.action, check.resource, context]);
  const known = set.decisions.get(key);
  if (known !== undefined) return known;
  const decision = await simulate(caller, check, context, set.policies, undefined);
  if (set.lasting) {
    if (set.decisions.size >= DECISIONS_KEPT) set.decisions.clear();
    set.decisions.set(key, decision);
  }
  return decision;
}

/**
 * AWS's refusal. AWS JSON services answer 400 where the others answer 403.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function accessDenied(
  caller: Caller,
  check: PermissionCheck,
  decision: Decision,
  kind: Protocol["kind"],
): AwsError {
  const why =
    decision === "ExplicitlyDenied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${check.action} action`;
  return new AwsError(
    kind === "query" ? "AccessDenied" : "AccessDeniedException",
    kind === "json" ? 400 : 403,
    `User: ${caller.arn} is not authorized to perform: ${check.action} on resource: ${check.resource} ${why}`,
  );
}

/** What a call of AssumeRole asks for: `sts:AssumeRole`, and what goes with its parameters. */
export interface AssumeRoleDemand {
  readonly role: IamRole;
  readonly sessionName: string;
  /** The new session's: given in the call, or carried on from the caller's session. */
  readonly sourceIdentity?: string;
  readonly externalId?: string;
}

/**
 * Whether the caller may assume the role. Within one account a trust policy that names the
 * caller's role is enough; one that names the account leaves it to the caller's own policies.
 * `sts:SetSourceIdentity` must stand in both, as AWS documents it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * @throws AwsError `AccessDenied` 403
 */
export async function demandAssumeRole(
  state: IamState,
  { role, sessionName, sourceIdentity, externalId }: AssumeRoleDemand,
  { caller, now }: Omit<Demand, "kind">,
): Promise<void> {
  const own = state.roles[caller.principalArn];
  const policies = own ? policySet(own).policies : [];
  const context: Context = {
    ...callerContext(caller, now, false),
    "sts:RoleSessionName": sessionName,
    ...(sourceIdentity === undefined ? {} : { "sts:SourceIdentity": sourceIdentity }),
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
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
  if (sourceIdentity === undefined) return;
  const both = [
    await ask("sts:SetSourceIdentity", trust),
    await ask("sts:SetSourceIdentity", undefined),
  ];
  if (both.some((decision) => decision !== "Allowed")) throw refuse("sts:SetSourceIdentity");
}

/**
 * Whether a role lets an AWS service assume it: `scheduler.amazonaws.com` with
 * `{ "aws:SourceAccount": …, "aws:SourceArn": … }`. False where there is no such role.
 */
export function serviceMayAssume(
  state: IamState,
  roleArn: string,
  servicePrincipal: string,
  context: Readonly<Record<string, string>>,
): boolean {
  const role = state.roles[roleArn];
  if (!role) return false;
  const decision = runUnsafeSimulation(
    {
      request: {
        principal: servicePrincipal,
        action: "sts:AssumeRole",
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

function policySet(role: IamRole): PolicySet {
  const known = identitySets.get(role.policies);
  if (known) return known;
  const text = JSON.stringify(role.policies);
  const unfilled = UNFILLED_KEYS.exec(text)?.[0];
  if (unfilled !== undefined)
    throw new Error(
      `A policy of ${role.arn} has a condition on ${unfilled}, which the sandbox does not fill. Nothing was decided.`,
    );
  const made: PolicySet = {
    policies: Object.entries(role.policies).map(([name, document]) => ({
      name,
      policy: createValidatedPolicy(document, validateIdentityPolicy),
    })),
    lasting: !/aws:(CurrentTime|EpochTime)/i.test(text),
    decisions: new Map(),
  };
  identitySets.set(role.policies, made);
  return made;
}

/**
 * The global condition keys that AWS fills from the caller and the connection. The sandbox stands
 * for AWS's TLS endpoints, so `aws:SecureTransport` is true.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function callerContext(caller: Caller, now: Date, lasting: boolean): Context {
  return {
    "aws:PrincipalArn": caller.principalArn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:PrincipalType": "AssumedRole",
    "aws:userid": caller.userId,
    "aws:SecureTransport": "true",
    "aws:SourceIp": "127.0.0.1",
    "aws:ViaAWSService": "false",
    "aws:PrincipalIsAWSService": "false",
    ...(caller.sourceIdentity === undefined ? {} : { "aws:SourceIdentity": caller.sourceIdentity }),
    ...(lasting
      ? {}
      : {
          "aws:CurrentTime": now.toISOString(),
          "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
        }),
  };
}

async function simulate(
  caller: Caller,
  check: PermissionCheck,
  context: Context,
  identityPolicies: PolicySet["policies"],
  resourcePolicy: ValidatedPolicy | undefined,
): Promise<Decision> {
  const simulation: Simulation = {
    request: {
      principal: caller.arn,
      action: check.action,
      resource: {
        resource: check.resource,
        accountId: check.resource.split(":")[4] || caller.accountId,
      },
      contextVariables: context,
    },
    identityPolicies: [...identityPolicies],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  };
  const outcome = await runSimulation(simulation, {});
  if (outcome.resultType !== "error") return outcome.overallResult;
  // A name from outside may make an ARN that fits none of the action's types. IAM compares its text.
  if (outcome.errors.message === "no.resource.types") return runUnsafeSimulation(simulation, {});
  throw new Error(
    `IAM cannot be asked for ${check.action} on ${check.resource}: ${JSON.stringify(outcome.errors)}`,
  );
}

/**
 * The trust policy as it concerns one caller. The evaluation compares a role that a trust policy
 * names by its last path segment; AWS pins it to the one role, so any other is blotted out.
 */
function seenBy(caller: Caller, document: PolicyDocument): PolicyDocument {
  const blot = (arn: unknown): unknown =>
    typeof arn === "string" &&
    /^arn:[^:]+:iam::\d{12}:role\//.test(arn) &&
    arn !== caller.principalArn
      ? "arn:aws:iam::000000000000:role/another"
      : arn;
  const principal = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("AWS" in value)) return value;
    const named = value.AWS;
    return { ...value, AWS: Array.isArray(named) ? named.map(blot) : blot(named) };
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

function copied(context: PermissionCheck["context"]): Context {
  return Object.fromEntries(
    Object.entries(context ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? value : [...value],
    ]),
  );
}
