/** Reads the input of a stack from a call. */
import type { Caller } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { insufficientCapabilities, listIn, optionalText, validationError } from "./errors.ts";
import { parameterValues } from "./parameters.ts";
import type { StackInput, Tag } from "./state.ts";
import type { TemplateBody } from "./template-text.ts";
import { parseTemplate, templateText } from "./template-text.ts";

/**
 * @param previous of the stack as it is: what the call does not name again
 * @throws AwsError for a template, values or capabilities that do not do, or a role that may not be passed
 */
export async function stackInput(
  context: CloudFormationContext,
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
  previous: StackInput | undefined,
): Promise<StackInput> {
  const template = await templateText(context, input, caller, previous?.template);
  const body = parseTemplate(template);
  const capabilities = listIn(input, "Capabilities").map(String);
  demandCapabilities(body, capabilities);
  const roleArn = optionalText(input, "RoleARN") ?? previous?.roleArn;
  if (roleArn !== undefined) await demandRole(context, roleArn, caller);
  const parameters = parameterValues(
    context,
    body.Parameters ?? {},
    input,
    previous?.parameters ?? {},
  );
  // CloudFormation reads Parameter Store as the caller.
  for (const { value, resolved } of Object.values(parameters))
    if (resolved !== undefined)
      await context.demand(caller, {
        action: "ssm:GetParameters",
        resource: `arn:aws:ssm:${context.region}:${context.account}:parameter/${value.replace(/^\//, "")}`,
      });
  return {
    template,
    parameters,
    capabilities,
    tags: listIn(input, "Tags") as readonly Tag[],
    ...(roleArn === undefined ? {} : { roleArn }),
  };
}

/**
 * The caller may pass the role, and CloudFormation may assume it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export async function demandRole(
  { demand, mayAssume }: CloudFormationContext,
  roleArn: string,
  caller: Caller,
): Promise<void> {
  await demand(caller, {
    action: "iam:PassRole",
    resource: roleArn,
    context: { "iam:PassedToService": "cloudformation.amazonaws.com" },
  });
  if (!mayAssume(roleArn)) throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
const IAM_TYPES: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
};

/**
 * Demands that an operator acknowledges a template that changes IAM.
 *
 * @throws AwsError InsufficientCapabilitiesException
 */
function demandCapabilities(
  { Resources: resources }: TemplateBody,
  given: readonly string[],
): void {
  const ofIam = Object.values(resources).filter(({ Type }) => Object.hasOwn(IAM_TYPES, Type));
  const isNamed = ofIam.some(({ Type, Properties = {} }) => {
    const name = IAM_TYPES[Type];
    return name !== undefined && Properties[name] !== undefined;
  });
  if (isNamed && !given.includes("CAPABILITY_NAMED_IAM"))
    throw insufficientCapabilities("CAPABILITY_NAMED_IAM");
  if (
    ofIam.length > 0 &&
    !given.some((one) => one === "CAPABILITY_IAM" || one === "CAPABILITY_NAMED_IAM")
  )
    throw insufficientCapabilities("CAPABILITY_IAM");
}
