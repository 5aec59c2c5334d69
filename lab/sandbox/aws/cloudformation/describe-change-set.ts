import type { Operation } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { noChangeSet, noStack, onlyMembers, optionalText, textIn } from "./errors.ts";
import { parameterList } from "./parameter-list.ts";
import { findChangeSet, findStack, stackCheck } from "./stack-names.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
export const describeChangeSet = (context: CloudFormationContext): Operation => ({
  permissions: stackCheck(context, "DescribeChangeSet"),
  run: ({ input }) => {
    onlyMembers("DescribeChangeSet", input, [
      "StackName",
      "ChangeSetName",
      "IncludePropertyValues",
    ]);
    // Property values are an addition that CDK asks for and does without.
    const name = optionalText(input, "StackName");
    if (name !== undefined && !findStack(context, name)) throw noStack(name);
    const found = findChangeSet(context, input);
    if (!found) throw noChangeSet(textIn(input, "ChangeSetName"));
    const { stack, changeSet } = found;
    return {
      ChangeSetId: changeSet.id,
      ChangeSetName: changeSet.name,
      StackId: stack.id,
      StackName: stack.name,
      Description: changeSet.description,
      Parameters: parameterList(changeSet.input.parameters),
      CreationTime: changeSet.createdAt,
      ExecutionStatus: changeSet.execution,
      Status: changeSet.status,
      StatusReason: changeSet.reason,
      Capabilities: changeSet.input.capabilities,
      Tags: changeSet.input.tags,
      Changes: changeSet.changes.map(({ action, logicalId, physicalId, type }) => ({
        Type: "Resource",
        ResourceChange: {
          Action: action,
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          ...(action === "Modify" ? { Replacement: "Conditional" } : {}),
          Scope: action === "Modify" ? ["Properties"] : [],
        },
      })),
    };
  },
});
