import { type RestoredTable, readTable } from "../../deployment/restored-tables.ts";
import type { BrokerSight } from "../sights.ts";
import { accountSight } from "./account-sight.ts";
import { mailSight } from "./mail-of.ts";
import { reading, readingAlways } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** AWS's view of the broker's account and region, by calls that read. */
export const brokerSight = (options: SightOptions): BrokerSight => ({
  ...accountSight(options),
  concurrency: () => concurrencyOf(options),
  convergeReserves: (stackName) => convergeReserves(options, stackName),
  table: (name) => tableOf(options, name),
  parameterType: (name) => parameterTypeOf(options, name),
  assumes: (roleArn) => assumes(options, roleArn),
  mail: mailSight(options),
});

async function concurrencyOf(options: SightOptions) {
  const { GetAccountSettingsCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const lambda = new LambdaClient(options);
  const { AccountLimit: limits } = await readingAlways("Lambda's limits", () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  return {
    limit: limits?.ConcurrentExecutions ?? 0,
    unreserved: limits?.UnreservedConcurrentExecutions ?? 0,
  };
}

async function convergeReserves(
  options: SightOptions,
  stackName: string,
): Promise<number | undefined> {
  const { CloudFormationClient, DescribeStackResourcesCommand } = await import(
    "@aws-sdk/client-cloudformation"
  );
  const { GetFunctionConcurrencyCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const stacks = new CloudFormationClient(options);
  const found = await reading(
    `the stack ${stackName}`,
    () => stacks.send(new DescribeStackResourcesCommand({ StackName: stackName })),
    ["ValidationError"],
  );
  const converge = found?.StackResources?.find(
    ({ LogicalResourceId = "", ResourceType }) =>
      ResourceType === "AWS::Lambda::Function" && LogicalResourceId.startsWith("ConvergeFunction"),
  );
  if (!converge) return undefined;
  const lambda = new LambdaClient(options);
  const answer = await readingAlways("what converge reserves", () =>
    lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: converge.PhysicalResourceId ?? "" }),
    ),
  );
  return answer.ReservedConcurrentExecutions;
}

async function parameterTypeOf(options: SightOptions, name: string): Promise<string | undefined> {
  const { DescribeParametersCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const ssm = new SSMClient(options);
  // It answers no value, so that no secret leaves AWS.
  const { Parameters: found = [] } = await readingAlways(`the parameter ${name}`, () =>
    ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }],
      }),
    ),
  );
  return found[0]?.Type;
}

async function assumes(options: SightOptions, roleArn: string): Promise<boolean> {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const sts = new STSClient(options);
  const session = await reading(
    `the role ${roleArn}`,
    () =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: "timelatch-doctor",
          DurationSeconds: 900,
        }),
      ),
    ["AccessDenied", "AccessDeniedException"],
  );
  return session !== undefined;
}

/** A table of the account and region, by its name or ARN. */
async function tableOf(options: SightOptions, name: string): Promise<RestoredTable | undefined> {
  const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
  const dynamo = new DynamoDBClient(options);
  return reading(`the table ${name}`, () => readTable(dynamo, name));
}
