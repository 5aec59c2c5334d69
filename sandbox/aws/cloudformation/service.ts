import type { Service } from "../service.ts";
import { createChangeSet, deleteChangeSet, executeChangeSet } from "./change-sets.ts";
import type { CloudFormationContext } from "./context.ts";
import { deleteStack, updateTerminationProtection } from "./delete-stack.ts";
import {
  describeStackEvents,
  describeStackResources,
  describeStacks,
  getTemplate,
  getTemplateSummary,
  listExports,
  listStackResources,
  listStacks,
} from "./describe.ts";
import { describeChangeSet } from "./describe-change-set.ts";

/** AWS CloudFormation of one account, as far as `cdk deploy` and `aws cloudformation deploy` call it. */
export function cloudFormationService(context: CloudFormationContext): Service {
  return {
    name: "cloudformation",
    protocol: { kind: "query", xmlns: "http://cloudformation.amazonaws.com/doc/2010-05-15/" },
    operations: {
      CreateChangeSet: createChangeSet(context),
      DeleteChangeSet: deleteChangeSet(context),
      DeleteStack: deleteStack(context),
      DescribeChangeSet: describeChangeSet(context),
      DescribeStackEvents: describeStackEvents(context),
      DescribeStackResources: describeStackResources(context),
      DescribeStacks: describeStacks(context),
      ExecuteChangeSet: executeChangeSet(context),
      GetTemplate: getTemplate(context),
      GetTemplateSummary: getTemplateSummary(context),
      ListExports: listExports(context),
      ListStackResources: listStackResources(context),
      ListStacks: listStacks(context),
      UpdateTerminationProtection: updateTerminationProtection(context),
    },
  };
}
