/** Types that are resources of a template, and of no service. */
import { named, type ResourceType } from "./resource-type.ts";

export const TEMPLATE_TYPES: Readonly<Record<string, ResourceType>> = {
  // A URL that somebody signals. Nobody can do so here: there is only the condition that waits for it.
  "AWS::CloudFormation::WaitConditionHandle": named(
    [],
    [],
    (logicalId, _properties, { awsUrl }) => `${awsUrl}/wait-condition/${logicalId}`,
  ),
  "AWS::CloudFormation::WaitCondition": named(["Handle", "Timeout"]),
  // CDK's own usage statistics.
  "AWS::CDK::Metadata": named([], ["Analytics"]),
};
