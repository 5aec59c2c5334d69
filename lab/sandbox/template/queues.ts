/** Reads the template's SQS queues with their policies. */
import { attribute } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { QueueResource } from "./stack.ts";

export const queuesOf = (template: ResolvedTemplate): readonly QueueResource[] =>
  template
    .ofType("AWS::SQS::Queue")
    .map((one) => queue(one, template.ofType("AWS::SQS::QueuePolicy")));

function queue(resource: ResolvedResource, policies: readonly ResolvedResource[]): QueueResource {
  const { QueueName: _name, ...attributes } = resource.properties.all;
  return {
    name: attribute(resource, "QueueName"),
    arn: attribute(resource, "Arn"),
    url: resource.ref,
    attributes,
    policies: policies
      .filter(({ properties }) => properties.texts("Queues").includes(resource.ref))
      .map(({ properties }) => properties.object("PolicyDocument")),
  };
}
