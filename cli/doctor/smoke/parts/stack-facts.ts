/** Facts about CloudFormation that the deployed stacks show. Nothing is made. */
import { madeUpName } from "../../../deployment/execution/named-resource.ts";
import {
  forwardSetName,
  forwardStackName,
  fusePlaces,
  fuseStackName,
  isStackOfSet,
  remotePlaces,
} from "../../expected-names.ts";
import type { AccountSight } from "../../sights.ts";
import { contradicted, type Fact, holds, judged, unsettled } from "../fact.ts";
import { named, type RedactableText, redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

const sightOf = ({ deployed, sights }: Stage, { account }: Place): AccountSight | undefined =>
  account === deployed.account ? sights.broker : sights.others.get(account);

/** Types of our templates, and the property without which CloudFormation makes up a name. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::DynamoDB::GlobalTable": "TableName",
  "AWS::Events::Rule": "Name",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Role": "RoleName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SQS::Queue": "QueueName",
};

/** Whether each begins as the policies for CloudFormation expect: infra/../named-resource.ts has the form. */
export async function madeUpNames(stage: Stage): Promise<Fact> {
  const { policy, deployed } = stage;
  const hub = { account: deployed.account, region: deployed.region };
  const { stackName } = await import("../../expected-names.ts");
  const wanted = [
    { place: hub, name: stackName(deployed.name) },
    ...fusePlaces(policy, hub).map((place) => ({
      place,
      name: fuseStackName(deployed.name, place, hub),
    })),
  ];
  const all: { readonly stack: string; readonly name: string }[] = [];
  for (const { place, name: stack } of wanted) {
    const contents = await sightOf(stage, place)?.stackContents(stack, place.region);
    for (const [id, { Type, Properties = {} }] of Object.entries(
      contents?.template.Resources ?? {},
    )) {
      const property = NAMED_BY[Type];
      const physical = contents?.resources.get(id);
      if (property !== undefined && physical !== undefined && Properties[property] === undefined)
        all.push({ stack, name: physical.slice(physical.search(/[^/]*$/)) });
    }
  }
  const others = all.filter(({ stack, name }) => !isMadeUp(stack, name));
  const numbers = { names: all.length, others: others.length };
  const [other] = others;
  return judged(other === undefined, "made-up-names", {
    says: other
      ? redactable`${others.length} of ${all.length} names that CloudFormation made up do not begin with their stack's: ${named("resource", other.name)}`
      : redactable`all ${all.length} names that CloudFormation made up begin with their stack's`,
    next: redactable`tell us: the policies of timelatch synth --execution-policies do not cover them`,
    numbers,
  });
}

/** A bucket's name has small letters only. */
function isMadeUp(stack: string, name: string): boolean {
  const start = madeUpName({ stack: { name: stack } as never }).replace(/\*$/, "");
  return name.startsWith(start) || name.startsWith(start.toLowerCase());
}

/** Stacks whose names have that of one of ours, and something before it: only a stack set makes such a one. */
export async function stackSetNames(stage: Stage): Promise<Fact> {
  const { policy, deployed } = stage;
  const hub = { account: deployed.account, region: deployed.region };
  const found: { readonly name: string; readonly set: string }[] = [];
  for (const place of remotePlaces(policy, hub)) {
    const clients = stage.clients(place.account, place.region);
    if (!clients) continue;
    const sets = [forwardSetName(deployed.name), fuseStackName(deployed.name, place, hub)];
    const client = await clients.cloudFormation();
    const { paginateListStacks } = await import("@aws-sdk/client-cloudformation");
    for await (const { StackSummaries: stacks = [] } of paginateListStacks({ client }, {}))
      for (const { StackName: name = "", StackStatus: status } of stacks)
        for (const set of sets)
          if (status !== "DELETE_COMPLETE" && name.indexOf(set) > 0) found.push({ name, set });
  }
  const others = found.filter(({ name, set }) => !isStackOfSet(name, set));
  const numbers = { stacks: found.length, others: others.length };
  const [other] = others;
  if (found.length === 0)
    return unsettled(
      "stack-set-name",
      redactable`no stack set of the deployment has made a stack where it was looked`,
      redactable`nothing relies on it, unless you deploy with StackSets; then name a profile of each account: --account`,
      numbers,
    );
  return judged(other === undefined, "stack-set-name", {
    says: other
      ? redactable`a stack set named its stack ${named("stack", other.name)}`
      : redactable`${found.length} stacks of stack sets are named after their set, with a UUID`,
    next: redactable`tell us: timelatch doctor does not find such a stack`,
    numbers,
  });
}

const DEPLOYED = /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/;

/** Whether EventBridge made the rule of each account and region that forwards. */
export async function forwardRules(stage: Stage): Promise<readonly Fact[]> {
  const { policy, deployed } = stage;
  const places = remotePlaces(policy, { account: deployed.account, region: deployed.region });
  if (places.length === 0)
    return [
      unsettled(
        "forward-rule",
        redactable`no cluster is in another account or region`,
        redactable`nothing forwards then`,
      ),
    ];
  const facts: Fact[] = [];
  for (const place of places) facts.push(await forwardRule(stage, place));
  return facts;
}

async function forwardRule(stage: Stage, place: Place): Promise<Fact> {
  const { name } = stage.deployed;
  const where = redactable`${named("account", place.account)}, ${named("region", place.region)}`;
  const sight = sightOf(stage, place);
  const later = (why: RedactableText) =>
    unsettled("forward-rule", why, redactable`deploy, and name a profile of it: --account`);
  if (!sight) return later(redactable`nobody gave credentials of ${where}`);
  const stack = await sight.stack(forwardStackName(name, place), place.region);
  if (stack && !DEPLOYED.test(stack.status))
    return contradicted(
      "forward-rule",
      redactable`the stack that forwards from ${where} is in ${named("error", stack.status)}`,
      redactable`read its events: it names why EventBridge made no rule`,
    );
  if (!stack && !(await sight.stackContents(forwardSetName(name), place.region)))
    return later(redactable`no stack forwards from ${where} yet`);
  return holds("forward-rule", redactable`EventBridge made the rule that forwards from ${where}`);
}

const ADMINISTRATOR = "AdministratorAccess";

/** The policies under which CloudFormation made the stacks. Where only ours were there, they are enough. */
export async function executionPolicies(
  stage: Stage,
  names: readonly string[],
): Promise<readonly Fact[]> {
  const { deployed } = stage;
  const clients = clientsAt(stage, deployed);
  const [cloudFormation, iam] = [await clients.cloudFormation(), await clients.iam()];
  const facts: Fact[] = [];
  for (const StackName of names) {
    const { Stacks: [stack] = [] } = await cloudFormation.describeStacks({ StackName });
    const RoleName = stack?.RoleARN?.slice(stack.RoleARN.lastIndexOf("/") + 1);
    const attached =
      RoleName === undefined
        ? undefined
        : (await iam.listAttachedRolePolicies({ RoleName })).AttachedPolicies;
    facts.push(
      scoped(
        stage,
        StackName,
        attached?.map(({ PolicyName = "" }) => PolicyName),
      ),
    );
  }
  return facts;
}

function scoped({ deployed }: Stage, stack: string, policies: readonly string[] | undefined): Fact {
  const own = policies?.filter((name) => name.startsWith(`${deployed.name}-execution-`)) ?? [];
  const numbers = { policies: policies?.length ?? 0, own: own.length };
  return policies !== undefined && own.length > 0 && own.length === policies.length
    ? holds(
        "execution-policies",
        redactable`CloudFormation made ${named("stack", stack)} under ${own.length} policies of timelatch synth --execution-policies, and no other`,
        numbers,
      )
    : unsettled(
        "execution-policies",
        redactable`CloudFormation made ${named("stack", stack)} under ${policies === undefined ? redactable`the rights of whoever deployed it` : policies.includes(ADMINISTRATOR) ? redactable`AdministratorAccess` : redactable`other policies`}`,
        redactable`bootstrap with the policies of timelatch synth --execution-policies, and deploy: timelatch docs deploy#in-a-landing-zone`,
        numbers,
      );
}
