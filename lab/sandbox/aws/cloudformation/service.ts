import type { Service } from "../service.ts";
import { createChangeSet, deleteChangeSet, executeChangeSet } from "./change-sets.ts";
import type { CloudFormationContext } from "./context.ts";
import { continueUpdateRollback } from "./continue-rollback.ts";
import { createStack, updateStack } from "./create-stack.ts";
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
import {
  describeStackInstance,
  describeStackSet,
  describeStackSetOperation,
  listStackInstances,
  listStackSetOperationResults,
  listStackSetOperations,
  listStackSets,
} from "./stack-sets/describe-stack-sets.ts";
import { createStackInstances, deleteStackInstances } from "./stack-sets/stack-instances.ts";
import { createStackSet, deleteStackSet, updateStackSet } from "./stack-sets/stack-sets.ts";

/** AWS CloudFormation of one account, as far as the CDK, the AWS CLI, Terraform and StackSets with self-managed permissions need it. */
export function cloudFormationService(context: CloudFormationContext): Service {
  return {
    name: "cloudformation",
    protocol: { kind: "query", xmlns: "http://cloudformation.amazonaws.com/doc/2010-05-15/" },
    operations: {
      ContinueUpdateRollback: continueUpdateRollback(context),
      CreateChangeSet: createChangeSet(context),
      CreateStack: createStack(context),
      CreateStackInstances: createStackInstances(context),
      CreateStackSet: createStackSet(context),
      DeleteChangeSet: deleteChangeSet(context),
      DeleteStack: deleteStack(context),
      DeleteStackInstances: deleteStackInstances(context),
      DeleteStackSet: deleteStackSet(context),
      DescribeChangeSet: describeChangeSet(context),
      DescribeStackEvents: describeStackEvents(context),
      DescribeStackInstance: describeStackInstance(context),
      DescribeStackResources: describeStackResources(context),
      DescribeStackSet: describeStackSet(context),
      DescribeStackSetOperation: describeStackSetOperation(context),
      DescribeStacks: describeStacks(context),
      ExecuteChangeSet: executeChangeSet(context),
      GetTemplate: getTemplate(context),
      GetTemplateSummary: getTemplateSummary(context),
      ListExports: listExports(context),
      ListStackInstances: listStackInstances(context),
      ListStackResources: listStackResources(context),
      ListStackSetOperationResults: listStackSetOperationResults(context),
      ListStackSetOperations: listStackSetOperations(context),
      ListStackSets: listStackSets(context),
      ListStacks: listStacks(context),
      UpdateStack: updateStack(context),
      UpdateStackSet: updateStackSet(context),
      UpdateTerminationProtection: updateTerminationProtection(context),
    },
  };
}
