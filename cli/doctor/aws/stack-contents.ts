import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { Template } from "../../deployment/assembly.ts";
import { isStackOfSet } from "../expected-names.ts";
import type { StackContents } from "../iam/stack-values.ts";
import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/**
 * The template that a stack was last deployed with, and the names of its resources. A stack set may
 * have made it.
 */
export async function stackContentsOf(
  options: SightOptions,
  name: string,
): Promise<StackContents | undefined> {
  const { CloudFormationClient } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient(options);
  const own = await contentsOf(client, name);
  if (own) return own;
  const ofSet = await stackOfSet(client, name);
  return ofSet === undefined ? undefined : contentsOf(client, ofSet);
}

async function contentsOf(
  client: CloudFormationClient,
  name: string,
): Promise<StackContents | undefined> {
  const { GetTemplateCommand, paginateListStackResources } = await import(
    "@aws-sdk/client-cloudformation"
  );
  // It answers a stack that is not there as a ValidationError.
  return reading(`the stack ${name}`, async () => {
    const asked = { StackName: name, TemplateStage: "Original" } as const;
    const { TemplateBody: body = "{}" } = await client.send(new GetTemplateCommand(asked));
    const resources = new Map<string, string>();
    for await (const page of paginateListStackResources({ client }, { StackName: name }))
      for (const { LogicalResourceId: id, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (id && PhysicalResourceId) resources.set(id, PhysicalResourceId);
    return { template: JSON.parse(body) as Template, resources };
  }, ["ValidationError"]);
}

/** The name of the stack that a stack set of that name made. */
async function stackOfSet(client: CloudFormationClient, set: string): Promise<string | undefined> {
  const { paginateListStacks } = await import("@aws-sdk/client-cloudformation");
  return reading(`the stacks of the stack set ${set}`, async () => {
    for await (const { StackSummaries: stacks = [] } of paginateListStacks({ client }, {}))
      for (const { StackName: name = "", StackStatus: status } of stacks)
        if (status !== "DELETE_COMPLETE" && isStackOfSet(name, set)) return name;
    return undefined;
  });
}
