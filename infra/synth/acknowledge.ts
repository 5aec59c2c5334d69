import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Says why findings of cdk-nag's AwsSolutions pack do not apply to a construct and what it holds.
 * Findings by their short names (`IAM5[Resource::*]`), each with its reason.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>) {
  for (const [finding, reason] of Object.entries(reasons))
    Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}
