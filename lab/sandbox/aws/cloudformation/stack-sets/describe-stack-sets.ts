/** The operations that read stack sets, their instances and operations. */
import { AwsError, type Operation } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import { optionalText, textIn } from "../errors.ts";
import { parameterList } from "../parameter-list.ts";
import type { StackInstanceState, StackSetOperationState, StackSetState } from "../state.ts";
import { administrationRoleArn, EXECUTION_ROLE } from "./execution-session.ts";
import { onlySelfManaged } from "./self-managed.ts";
import {
  findInstance,
  onAll,
  operationIn,
  ownStackSets,
  stackSetArn,
  stackSetCheck,
  stackSetNamed,
} from "./stack-set-names.ts";

type Reader = (context: CloudFormationContext) => Operation;

const setAnswer = (set: StackSetState) => ({
  StackSetName: set.name,
  StackSetId: set.id,
  Description: set.description,
  Status: set.status,
  PermissionModel: "SELF_MANAGED",
  ManagedExecution: { Active: false },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html */
export const describeStackSet: Reader = (context) => ({
  permissions: stackSetCheck(context, "DescribeStackSet"),
  run: ({ input }) => {
    onlySelfManaged("DescribeStackSet", input, []);
    const set = stackSetNamed(context, input);
    return {
      StackSet: {
        ...setAnswer(set),
        StackSetARN: stackSetArn(context, set),
        TemplateBody: set.input.template,
        Parameters: parameterList(set.input.parameters),
        Capabilities: set.input.capabilities,
        Tags: set.input.tags,
        AdministrationRoleARN: administrationRoleArn(set),
        ExecutionRoleName: EXECUTION_ROLE,
        OrganizationalUnitIds: [],
        Regions: [...new Set(set.instances.map(({ region }) => region))],
      },
    };
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSets.html */
export const listStackSets: Reader = (context) => ({
  permissions: onAll("ListStackSets"),
  run: ({ input }) => {
    onlySelfManaged("ListStackSets", input, ["Status"]);
    const status = optionalText(input, "Status");
    const found = ownStackSets(context).filter(
      (set) => status === undefined || set.status === status,
    );
    return { Summaries: found.map((set) => ({ ...setAnswer(set), DriftStatus: "NOT_CHECKED" })) };
  },
});

const instanceAnswer = ({ id }: StackSetState, instance: StackInstanceState) => ({
  StackSetId: id,
  Region: instance.region,
  Account: instance.account,
  StackId: instance.stackId,
  Status: instance.status,
  StatusReason: instance.reason,
  StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
  OrganizationalUnitId: "",
  DriftStatus: "NOT_CHECKED",
  LastOperationId: instance.lastOperationId,
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackInstance.html */
export const describeStackInstance: Reader = (context) => ({
  permissions: stackSetCheck(context, "DescribeStackInstance"),
  run: ({ input }) => {
    onlySelfManaged("DescribeStackInstance", input, [
      ...["StackInstanceAccount", "StackInstanceRegion"],
    ]);
    const set = stackSetNamed(context, input);
    const [account, region] = [
      textIn(input, "StackInstanceAccount"),
      textIn(input, "StackInstanceRegion"),
    ];
    const instance = findInstance(set, account, region);
    if (instance)
      return { StackInstance: { ...instanceAnswer(set, instance), ParameterOverrides: [] } };
    throw new AwsError(
      "StackInstanceNotFoundException",
      404,
      `StackSet ${set.id} has no stack instance of account ${account} in ${region}`,
    );
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html */
export const listStackInstances: Reader = (context) => ({
  permissions: stackSetCheck(context, "ListStackInstances"),
  run: ({ input }) => {
    onlySelfManaged("ListStackInstances", input, ["StackInstanceAccount", "StackInstanceRegion"]);
    const set = stackSetNamed(context, input);
    const account = optionalText(input, "StackInstanceAccount");
    const region = optionalText(input, "StackInstanceRegion");
    const found = set.instances.filter(
      (one) => one.account === (account ?? one.account) && one.region === (region ?? one.region),
    );
    return { Summaries: found.map((instance) => instanceAnswer(set, instance)) };
  },
});

const operationAnswer = (operation: StackSetOperationState) => ({
  OperationId: operation.id,
  Action: operation.action,
  Status: operation.status,
  CreationTimestamp: operation.createdAt,
  EndTimestamp: operation.endedAt,
  StatusDetails: {
    FailedStackInstancesCount: operation.results.filter(({ status }) => status === "FAILED").length,
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSetOperation.html */
export const describeStackSetOperation: Reader = (context) => ({
  permissions: stackSetCheck(context, "DescribeStackSetOperation"),
  run: ({ input }) => {
    onlySelfManaged("DescribeStackSetOperation", input, ["OperationId"]);
    const set = stackSetNamed(context, input);
    const operation = operationIn(set, input);
    return {
      StackSetOperation: {
        ...operationAnswer(operation),
        StackSetId: set.id,
        RetainStacks: operation.retainsStacks,
        AdministrationRoleARN: administrationRoleArn(set),
        ExecutionRoleName: EXECUTION_ROLE,
      },
    };
  },
});

/** The newest first. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSetOperations.html */
export const listStackSetOperations: Reader = (context) => ({
  permissions: stackSetCheck(context, "ListStackSetOperations"),
  run: ({ input }) => {
    onlySelfManaged("ListStackSetOperations", input, []);
    const { operations } = stackSetNamed(context, input);
    return { Summaries: operations.toReversed().map(operationAnswer) };
  },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSetOperationResults.html */
export const listStackSetOperationResults: Reader = (context) => ({
  permissions: stackSetCheck(context, "ListStackSetOperationResults"),
  run: ({ input }) => {
    onlySelfManaged("ListStackSetOperationResults", input, ["OperationId"]);
    const { results } = operationIn(stackSetNamed(context, input), input);
    return {
      Summaries: results.map(({ account, region, status, reason, gate }) => ({
        Account: account,
        Region: region,
        Status: status,
        StatusReason: reason,
        AccountGateResult: gate && { Status: gate.status, StatusReason: gate.reason },
        OrganizationalUnitId: "",
      })),
    };
  },
});
