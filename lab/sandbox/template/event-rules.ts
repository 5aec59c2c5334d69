/** Reads the template's rules with an event pattern (CloudFormation, "AWS::Events::Rule"). */
import { patternFault } from "../aws/eventbridge/event-pattern.ts";
import { isObject, type Json, membersOf } from "./json.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { EventRuleResource, EventTargetResource } from "./stack.ts";

/** Whether the rule matches events; without a pattern it has a schedule. */
export const hasPattern = ({ properties }: ResolvedResource): boolean =>
  properties.raw("EventPattern") !== undefined;

const DEFAULT_BUS = "default";

/** @throws Error for what is not emulated, a schedule among it, naming it and the rule */
export function eventRule(
  resource: ResolvedResource,
  template: ResolvedTemplate,
): EventRuleResource {
  const { properties } = resource;
  if (properties.raw("ScheduleExpression") !== undefined)
    refuse(resource, "a schedule beside a pattern");
  const pattern = properties.object("EventPattern");
  const fault = patternFault(pattern);
  if (fault !== undefined) refuse(resource, `its pattern: ${fault}`);
  const targets = properties.list("Targets");
  return {
    name: resource.ref,
    arn: attribute(resource, "Arn"),
    busName: busName(resource, template),
    pattern,
    targets: targets.map((one, index) => target(resource, one, index, template)),
  };
}

/** By its name or its ARN. */
function busName(resource: ResolvedResource, template: ResolvedTemplate): string {
  const given = resource.properties.optionalText("EventBusName") ?? DEFAULT_BUS;
  const name = given.slice(given.lastIndexOf("/") + 1);
  const isKnown = template.ofType("AWS::Events::EventBus").some(({ ref }) => ref === name);
  return name === DEFAULT_BUS || isKnown ? name : refuse(resource, `the event bus ${given}`);
}

const TARGET_MEMBERS = ["Arn", "Id", "DeadLetterConfig", "RetryPolicy", "RoleArn", "SqsParameters"];
/** A bus of another account or stack. */
const BUS = /^arn:aws:events:[a-z0-9-]+:\d{12}:event-bus\/[\w.-]+$/;

function target(
  resource: ResolvedResource,
  given: Json,
  index: number,
  template: ResolvedTemplate,
): EventTargetResource {
  const owner = `${resource.logicalId} (${resource.type}): target ${index + 1}`;
  const members = membersOf(owner, isObject(given) ? given : {});
  const unknown = members.names().find((name) => !TARGET_MEMBERS.includes(name));
  if (unknown !== undefined) refuse(resource, `a target's ${unknown}`);
  const isOf = (type: string, arn: string) =>
    template.ofType(type).some((one) => one.attributes["Arn"] === arn);
  const arn = members.text("Arn");
  const roleArn = members.optionalText("RoleArn");
  if (BUS.test(arn) !== (roleArn !== undefined)) refuse(resource, `a role for the target ${arn}`);
  if (roleArn === undefined && !isOf("AWS::SQS::Queue", arn) && !isOf("AWS::Lambda::Function", arn))
    refuse(resource, `the target ${arn}`);
  const deadLetterArn = members.members("DeadLetterConfig").optionalText("Arn");
  if (deadLetterArn !== undefined && !isOf("AWS::SQS::Queue", deadLetterArn))
    refuse(resource, `the dead-letter queue ${deadLetterArn}`);
  const messageGroupId = members.members("SqsParameters").optionalText("MessageGroupId");
  return {
    arn,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(messageGroupId === undefined ? {} : { messageGroupId }),
  };
}

/** EventBridge's `rate(5 minutes)` (User Guide, "Setting a schedule pattern"). */
const RATE = /^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$/;
const MINUTES = { minute: 1, hour: 60, day: 1440 } as const;

/** The period in minutes. Throws for what EventBridge refuses, and for cron(), which is not emulated. */
export function rateMinutes(expression: string): number {
  const [, digits = "", unit = ""] = RATE.exec(expression) ?? [];
  const count = Number(digits);
  // "A value of 1 must use the singular, any other the plural."
  if (count < 1 || (count === 1) === unit.endsWith("s"))
    throw new Error(
      `The schedule expression ${expression} is not emulated: the sandbox knows rate(1 minute), rate(5 minutes), rate(1 hour), rate(2 days).`,
    );
  return count * MINUTES[unit.replace(/s$/, "") as keyof typeof MINUTES];
}
