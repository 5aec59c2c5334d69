/** The operations that read stacks. */
import type { Operation } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import {
  listIn,
  noChangeSet,
  noStack,
  noStackWithId,
  onlyMembers,
  optionalText,
  textIn,
} from "./errors.ts";
import { parameterList } from "./parameter-list.ts";
import { findChangeSet, findStack, ownStacks, stackCheck, stackNamed } from "./stack-names.ts";
import type { StackResource, StackState } from "./state.ts";
import { parseTemplate, templateText } from "./template-text.ts";

type Reader = (context: CloudFormationContext) => Operation;

/**
 * CloudFormation answers each character beyond ASCII as a question mark, and deploys it as it is.
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/814
 */
const asAnswered = (text: string | undefined): string | undefined =>
  text?.replace(/[^\0-\x7f]/gu, "?");

/** Its description is the template's. */
const descriptionOf = ({ input, changeSets }: StackState): string | undefined => {
  const template = (input ?? changeSets[0]?.input)?.template;
  return template === undefined ? undefined : asAnswered(parseTemplate(template).Description);
};

const stackAnswer = (stack: StackState) => ({
  StackId: stack.id,
  StackName: stack.name,
  Description: descriptionOf(stack),
  Parameters: parameterList(stack.input?.parameters ?? {}),
  CreationTime: stack.createdAt,
  LastUpdatedTime: stack.updatedAt,
  DeletionTime: stack.deletedAt,
  RollbackConfiguration: {},
  StackStatus: stack.status,
  StackStatusReason: stack.statusReason,
  DisableRollback: false,
  NotificationARNs: [],
  Capabilities: stack.input?.capabilities ?? [],
  Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
    OutputKey: key,
    OutputValue: asAnswered(value),
    Description: asAnswered(description),
    ExportName: exportName,
  })),
  RoleARN: stack.input?.roleArn,
  Tags: stack.input?.tags ?? [],
  EnableTerminationProtection: stack.isProtected,
  DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks: Reader = (context) => ({
  permissions: stackCheck(context, "DescribeStacks"),
  run: ({ input }) => {
    onlyMembers("DescribeStacks", input, ["StackName"]);
    const found =
      input["StackName"] === undefined
        ? ownStacks(context)
            .toReversed()
            .filter(({ status }) => status !== "DELETE_COMPLETE")
        : [stackNamed(context, input)];
    return { Stacks: found.map(stackAnswer) };
  },
});

/** The newest first, as AWS lists them. */

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
export const listStacks: Reader = (context) => ({
  permissions: stackCheck(context, "ListStacks"),
  run: ({ input }) => {
    onlyMembers("ListStacks", input, ["StackStatusFilter"]);
    const wanted = listIn(input, "StackStatusFilter");
    const found = ownStacks(context)
      .toReversed()
      .filter(({ status }) => wanted.length === 0 || wanted.includes(status));
    return {
      StackSummaries: found.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        TemplateDescription: descriptionOf(stack),
        CreationTime: stack.createdAt,
        LastUpdatedTime: stack.updatedAt,
        DeletionTime: stack.deletedAt,
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason,
        DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
      })),
    };
  },
});

/** Stacks here export nothing to others. */
export const listExports: Reader = (context) => ({
  permissions: stackCheck(context, "ListExports"),
  run: ({ input }) => {
    onlyMembers("ListExports", input, []);
    return {
      Exports: ownStacks(context)
        .toReversed()
        .flatMap(({ id, outputs }) =>
          outputs.flatMap(({ exportName, value }) =>
            exportName === undefined
              ? []
              : [{ ExportingStackId: id, Name: exportName, Value: value }],
          ),
        ),
    };
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html */
export const describeStackEvents: Reader = (context) => ({
  permissions: stackCheck(context, "DescribeStackEvents"),
  run: ({ input }) => {
    onlyMembers("DescribeStackEvents", input, ["StackName"]);
    const stack = stackNamed(context, input, noStack);
    return {
      StackEvents: stack.events.toReversed().map((event) => ({
        StackId: stack.id,
        EventId: event.id,
        StackName: stack.name,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: event.at,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
      })),
    };
  },
});

const resourceAnswer = ({ logicalId, physicalId, type, status }: StackResource) => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: physicalId,
  ResourceType: type,
  ResourceStatus: status,
  DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
export const describeStackResources: Reader = (context) => ({
  permissions: stackCheck(context, "DescribeStackResources"),
  run: ({ input }) => {
    onlyMembers("DescribeStackResources", input, ["StackName", "LogicalResourceId"]);
    const stack = stackNamed(context, input);
    const wanted = optionalText(input, "LogicalResourceId");
    return {
      StackResources: stack.resources
        .filter(({ logicalId }) => wanted === undefined || wanted === logicalId)
        .map((one) => ({
          StackName: stack.name,
          StackId: stack.id,
          Timestamp: one.at,
          ...resourceAnswer(one),
        })),
    };
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const listStackResources: Reader = (context) => ({
  permissions: stackCheck(context, "ListStackResources"),
  run: ({ input }) => {
    onlyMembers("ListStackResources", input, ["StackName"]);
    return {
      StackResourceSummaries: stackNamed(context, input).resources.map((one) => ({
        LastUpdatedTimestamp: one.at,
        ...resourceAnswer(one),
      })),
    };
  },
});

/** The template as it was handed in. No template here has transforms, so both stages are one. */
export const getTemplate: Reader = (context) => ({
  permissions: stackCheck(context, "GetTemplate"),
  run: ({ input }) => {
    onlyMembers("GetTemplate", input, ["StackName", "TemplateStage", "ChangeSetName"]);
    const found = input["ChangeSetName"] === undefined ? undefined : findChangeSet(context, input);
    if (found === undefined && input["ChangeSetName"] !== undefined)
      throw noChangeSet(textIn(input, "ChangeSetName"));
    const { input: made } = found?.changeSet ?? stackNamed(context, input);
    const template = asAnswered(made?.template ?? "{}");
    return { TemplateBody: template, StagesAvailable: ["Original", "Processed"] };
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html */
export const getTemplateSummary: Reader = (context) => ({
  permissions: stackCheck(context, "GetTemplateSummary"),
  run: async ({ input, caller }) => {
    onlyMembers("GetTemplateSummary", input, ["StackName", "TemplateBody", "TemplateURL"]);
    const name = optionalText(input, "StackName");
    const text =
      name === undefined
        ? await templateText(context, input, caller, undefined)
        : findStack(context, name)?.input?.template;
    if (text === undefined) throw noStackWithId(name ?? "");
    const { Resources, Parameters = {}, Description } = parseTemplate(text);
    const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
    return {
      Description,
      ResourceTypes: types,
      Parameters: Object.entries(Parameters).map(([key, { Type, Default, NoEcho }]) => ({
        ParameterKey: key,
        DefaultValue: Default,
        ParameterType: Type,
        NoEcho: NoEcho ?? false,
      })),
    };
  },
});
