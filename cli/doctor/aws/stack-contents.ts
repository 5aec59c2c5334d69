import type { Template } from "../../deployment/assembly.ts";
import type { StackContents } from "../iam/stack-values.ts";
import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** The template that a stack was last deployed with, and the names of what it made. */
export async function stackContentsOf(
  options: SightOptions,
  name: string,
): Promise<StackContents | undefined> {
  const { CloudFormationClient, GetTemplateCommand, paginateListStackResources } = await import(
    "@aws-sdk/client-cloudformation"
  );
  const client = new CloudFormationClient(options);
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
