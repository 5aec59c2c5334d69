import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Records why findings of cdk-nag's AwsSolutions pack do not apply to a construct and its children.
 *
 * @param reasons by the finding's short name, such as `IAM5[Resource::*]`
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>) {
  for (const [finding, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}
