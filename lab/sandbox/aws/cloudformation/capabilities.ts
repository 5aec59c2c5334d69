/** The capabilities that an operator must acknowledge before a template may change IAM. */
import { insufficientCapabilities } from "./errors.ts";
import type { TemplateBody } from "./template-text.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
const IAM_TYPES: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
};

/** @throws AwsError InsufficientCapabilitiesException */
export function demandCapabilities(
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
