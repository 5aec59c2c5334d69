/** Stacks as CloudFormation has them. */
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { AwsIdentity } from "../api/aws-identity.ts";
import type { IdentityOf } from "../aws/account-identities.ts";
import { bootstrapKeys } from "../aws/bootstrap-keys.ts";
import { Failure } from "../failures/failure.ts";
import type { StackPlace, Template } from "./assembly.ts";
import { bootstrapHindrance } from "./bootstrap-hindrance.ts";

export interface DeployedStack {
  /** CloudFormation's own word, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly reason?: string;
  readonly isProtected: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** As it was last handed in; undefined where it is no JSON. */
  readonly template: Template | undefined;
}

/** A resource that no stack has any more. */
export interface KeptResource {
  /** `AWS::DynamoDB::GlobalTable` */
  readonly type: string;
  /** As AWS knows it. */
  readonly name: string;
}

/** Reads and changes of stacks, apart from their deployment. */
export interface DeployedStacks {
  /** The stack; undefined if it does not exist. @throws Failure `refused` where its account cannot be reached */
  read(stack: StackPlace): Promise<DeployedStack | undefined>;
  /** Resources that CloudFormation kept when it rolled the stack's creation back. @throws as `read` does */
  kept(stack: StackPlace): Promise<readonly KeptResource[]>;
  /** Switches termination protection. */
  protect(stack: StackPlace, on: boolean): Promise<void>;
  /** Deletes the stack, and waits until CloudFormation is done: whoever reads it then knows whether it is gone. */
  remove(stack: StackPlace): Promise<void>;
  /** Why the CDK could deploy nothing where the stack is to be; undefined where nothing is known against it. */
  hindrance(stack: StackPlace): Promise<string | undefined>;
}

/** @param identity whose keys may assume the roles of the bootstrap */
export function deployedStacks(identity: Pick<AwsIdentity, "credentials">): DeployedStacks {
  return {
    read: (stack) => using(identity, stack, (client) => readStack(client, stack.name)),
    kept: (stack) => using(identity, stack, (client) => keptOf(client, stack.name)),
    protect: (stack, on) =>
      using(identity, stack, async (client) => {
        const { UpdateTerminationProtectionCommand } = await import(
          "@aws-sdk/client-cloudformation"
        );
        const input = { StackName: stack.name, EnableTerminationProtection: on };
        await client.send(new UpdateTerminationProtectionCommand(input));
      }),
    remove: (stack) => using(identity, stack, (client) => deleteStack(client, stack)),
    hindrance: (stack) => bootstrapHindrance(identity, stack),
  };
}

/** The same, with credentials of each account. */
export function deployedStacksOf(identityOf: IdentityOf): DeployedStacks {
  const at = ({ account }: StackPlace) => deployedStacks(identityOf(account));
  return {
    read: (stack) => at(stack).read(stack),
    kept: (stack) => at(stack).kept(stack),
    protect: (stack, on) => at(stack).protect(stack, on),
    remove: (stack) => at(stack).remove(stack),
    hindrance: (stack) => at(stack).hindrance(stack),
  };
}

async function using<Result>(
  identity: Pick<AwsIdentity, "credentials">,
  stack: StackPlace,
  work: (client: CloudFormationClient) => Promise<Result>,
): Promise<Result> {
  const { account, region, deployRole: role } = stack;
  const credentials = await bootstrapKeys(identity, { account, region, role });
  const { CloudFormationClient } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient({ region, credentials: { ...credentials } });
  try {
    return await work(client);
  } catch (error) {
    throw notRead(stack, error);
  } finally {
    client.destroy();
  }
}

/** The failure with CloudFormation's answer in place of the stack. */
export const notRead = ({ name, account, region }: StackPlace, error: unknown) =>
  new Failure(
    "refused",
    "stack-unread",
    {
      what: `CloudFormation does not answer about ${name} in ${region} of ${account}: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
      notDone: "Nothing was changed by this call.",
      next: [
        "Next: your credentials need cloudformation:DescribeStacks, GetTemplate, UpdateTerminationProtection and DeleteStack on it.",
        "Check:  aws sts get-caller-identity",
      ],
    },
    { cause: error },
  );

/** An hour is longer than CloudFormation needs for any stack of a deployment. */
const DELETING = { minDelay: 1, maxDelay: 15, maxWaitTime: 3_600 };

/** @throws what CloudFormation answers, such as that the stack is protected */
async function deleteStack(
  client: CloudFormationClient,
  { name: StackName, executionRole: RoleARN }: StackPlace,
): Promise<void> {
  const { DeleteStackCommand, waitUntilStackDeleteComplete } = await import(
    "@aws-sdk/client-cloudformation"
  );
  // The role of the deployment may delete stacks, and not what they have.
  await client
    .send(new DeleteStackCommand({ StackName, ...(RoleARN ? { RoleARN } : {}) }))
    .catch((error: unknown) => {
      if (!isNoRole(error)) throw error;
      // Without CDK's bootstrap, the caller deletes what the stack has.
      return client.send(new DeleteStackCommand({ StackName }));
    });
  // A stack that could not be deleted ends the waiting with an error, and shows its reason where it is read.
  await waitUntilStackDeleteComplete({ client, ...DELETING }, { StackName }).catch(() => undefined);
}

async function readStack(
  client: CloudFormationClient,
  StackName: string,
): Promise<DeployedStack | undefined> {
  const { DescribeStacksCommand, GetTemplateCommand } = await import(
    "@aws-sdk/client-cloudformation"
  );
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (!stack) return undefined;
    const input = { StackName, TemplateStage: "Original" } as const;
    const { TemplateBody: body = "" } = await client.send(new GetTemplateCommand(input));
    return {
      status: stack.StackStatus ?? "unknown",
      ...(stack.StackStatusReason ? { reason: stack.StackStatusReason } : {}),
      isProtected: stack.EnableTerminationProtection === true,
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
          OutputKey,
          OutputValue,
        ]),
      ),
      template: templateIn(body),
    };
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function keptOf(
  client: CloudFormationClient,
  StackName: string,
): Promise<readonly KeptResource[]> {
  const { paginateDescribeStackEvents } = await import("@aws-sdk/client-cloudformation");
  const kept: KeptResource[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName }))
    for (const { ResourceStatus, ResourceType = "", PhysicalResourceId = "" } of StackEvents)
      if (ResourceStatus === "DELETE_SKIPPED")
        kept.push({ type: ResourceType, name: PhysicalResourceId });
  return kept;
}

/** The role of CDK's bootstrap is not there. CloudFormation has no code of its own for it. */
const isNoRole = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === "ValidationError" &&
  /^Role arn:\S+ is invalid or cannot be assumed/.test(error.message);

/** CloudFormation has no code of its own for it. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === "ValidationError" &&
  /does not exist/.test(error.message);

function templateIn(body: string): Template | undefined {
  try {
    return JSON.parse(body) as Template;
  } catch {
    return undefined;
  }
}
