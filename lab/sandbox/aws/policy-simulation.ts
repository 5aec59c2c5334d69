/**
 * Evaluates policies. The evaluation itself, conditions included, is `@cloud-copilot/iam-simulate`'s;
 * this file gives it the facts that AWS would.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { ValidatedPolicy } from "@cloud-copilot/iam-policy";
import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Caller, PermissionCheck } from "./service.ts";

export type Context = Record<string, string | string[]>;

/** `ExplicitlyDenied` beats any allow; `ImplicitlyDenied` is the absence of one. */
export type Decision = "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";

/**
 * The global condition keys that AWS fills from the caller and the connection. The sandbox stands
 * for AWS's TLS endpoints, so `aws:SecureTransport` is true.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function callerContext(caller: Caller, now: Date, lasting: boolean): Context {
  return {
    ...caller.sessionContext,
    ...principalTags(caller),
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

const principalTags = ({ transitiveTags = {} }: Caller): Context =>
  Object.fromEntries(
    Object.entries(transitiveTags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
  );

interface NamedPolicy {
  readonly name: string;
  readonly policy: ValidatedPolicy;
}

/** The caller's policies. */
export interface OwnPolicies {
  readonly policies: readonly NamedPolicy[];
  /** Nothing is allowed that it does not allow too. */
  readonly boundary?: NamedPolicy;
}

/** A caller without policies. */
export const NO_POLICIES: OwnPolicies = { policies: [] };

/** Evaluates the policies for one check. @throws Error where the evaluation cannot tell */
export async function simulate(
  caller: Caller,
  check: PermissionCheck,
  context: Context,
  { policies, boundary }: OwnPolicies,
  resourcePolicy: ValidatedPolicy | undefined,
): Promise<Decision> {
  const accountId = resourceAccount(caller, check, context);
  const simulation: Simulation = {
    request: {
      principal: caller.arn,
      action: check.action,
      resource: { resource: check.resource, accountId },
      contextVariables: { "aws:ResourceAccount": accountId, ...context },
    },
    identityPolicies: [...policies],
    ...(boundary === undefined ? {} : { permissionBoundaryPolicies: [boundary] }),
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

/** The account of the resource: an ARN may not name it, as a bucket's does not. */
function resourceAccount(caller: Caller, { resource }: PermissionCheck, context: Context): string {
  const named = context["aws:ResourceAccount"];
  return typeof named === "string" ? named : resource.split(":")[4] || caller.accountId;
}
