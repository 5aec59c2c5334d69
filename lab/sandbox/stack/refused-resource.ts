/**
 * The reason that AWS would not make a resource, by the resources that are there when its turn
 * comes.
 */
import { isBus, refusedTarget, type TargetSurroundings } from "../aws/eventbridge/put-targets.ts";
import { namedRoles } from "../aws/iam/policy-document.ts";
import type { Caller } from "../aws/service.ts";
import { isObject, type Json } from "../template/json.ts";
import type { ResolvedResource } from "../template/resolve.ts";

/** The surroundings that a resource is judged by. */
export interface ResourceSurroundings extends TargetSurroundings {
  /** Twelve digits. */
  readonly account: string;
  /** The maker; undefined: the sandbox itself, which IAM is not asked about. */
  readonly actor?: Caller;
}

/** Answers the surroundings when the resource's turn comes. Only called if they matter. */
type LookAround = () => ResourceSurroundings;

type Judge = (
  resource: ResolvedResource,
  lookAround: LookAround,
) => Promise<string | undefined> | string | undefined;

/** Judges by type. AWS takes every other resource that the sandbox can make. */
const JUDGES: Readonly<Record<string, Judge>> = {
  "AWS::CloudFormation::WaitCondition": unsignalled,
  "AWS::Events::Rule": refusedRule,
  "AWS::IAM::Role": refusedPrincipal("AssumeRolePolicyDocument"),
  "AWS::Events::EventBus": refusedPrincipal("Policy"),
  "AWS::KMS::Key": refusedPrincipal("KeyPolicy"),
  "AWS::S3::BucketPolicy": refusedPrincipal("PolicyDocument"),
  "AWS::SQS::QueuePolicy": refusedPrincipal("PolicyDocument"),
};

/** @returns why AWS refuses it; undefined where it does not */
export const refusalOf = async (
  resource: ResolvedResource,
  lookAround: LookAround,
): Promise<string | undefined> => JUDGES[resource.type]?.(resource, lookAround);

/**
 * IAM and services with policies of their own keep the unique id of a role that a policy names, in any account. So the
 * role must be there first.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function refusedPrincipal(property: string): Judge {
  return ({ properties }, lookAround) => {
    const named = namedRoles(properties.object(property));
    if (named.length === 0) return undefined;
    const { roles } = lookAround();
    const unknown = named.find((arn) => !Object.hasOwn(roles, arn));
    return unknown === undefined
      ? undefined
      : `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${unknown}"`;
  };
}

/**
 * One that nobody signals fails after its time, which does not pass here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html
 */
function unsignalled({ properties }: ResolvedResource): string {
  const timeout = Number(properties.text("Timeout"));
  return properties.text("Handle") !== "" &&
    Number.isInteger(timeout) &&
    timeout >= 0 &&
    timeout <= 43_200
    ? "WaitCondition timed out. Received 0 conditions when expecting 1"
    : "Value of property Timeout must be a number of at most 43200.";
}

/** As whom targets are judged where the sandbox itself deploys. */
const somebodyIn = (account: string): Caller => ({
  arn: `arn:aws:sts::${account}:assumed-role/deployer/sandbox`,
  principalArn: `arn:aws:iam::${account}:role/deployer`,
  accountId: account,
  userId: "AROADEPLOYER:sandbox",
  accessKeyId: "",
});

async function refusedRule(
  { properties, attributes }: ResolvedResource,
  lookAround: LookAround,
): Promise<string | undefined> {
  const targets = properties.list("Targets").map(targetOf);
  if (!targets.some(({ arn, roleArn }) => roleArn !== undefined || isBus(arn))) return undefined;
  const { actor, ...around } = lookAround();
  const deployer = actor ?? somebodyIn(around.account);
  for (const target of targets) {
    const refused = await refusedTarget(around, attributes["Arn"] ?? "", target, deployer);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function targetOf(target: Json): { readonly arn: string; readonly roleArn?: string } {
  const { Arn: arn, RoleArn: roleArn } = isObject(target) ? target : {};
  return {
    arn: typeof arn === "string" ? arn : "",
    ...(typeof roleArn === "string" ? { roleArn } : {}),
  };
}
