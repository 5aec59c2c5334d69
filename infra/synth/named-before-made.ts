/**
 * Finds names that a stack uses where AWS looks at them, before another stack makes them. AWS
 * refuses a principal, a rule's target or its role, or an attached policy that does not exist when
 * it is named. It takes any resource and any condition of a policy. Pure.
 */

/** A stack of an assembly, as far as it names things and makes them. */
export interface NamingStack {
  readonly name: string;
  /** Twelve digits, or a token where the stack fits any account. */
  readonly account: string;
  readonly region: string;
  /** Names of the stacks that are deployed before it, those in between too. */
  readonly after: ReadonlySet<string>;
  readonly template: { readonly Resources?: Readonly<Record<string, NamingResource>> };
}

interface NamingResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** An ARN that a stack names before it exists. */
export interface EarlyName {
  /** The name of the stack that names it. */
  readonly stack: string;
  /** One sentence. */
  readonly says: string;
}

/** @param stacks of one assembly, in any order */
export function namedBeforeMade(stacks: readonly NamingStack[]): readonly EarlyName[] {
  const makers = new Map(
    stacks.flatMap((stack) => madeBy(stack).map((arn) => [arn, stack.name] as const)),
  );
  return stacks.flatMap((stack) =>
    namedBy(stack).flatMap(({ id, arn }) => {
      const maker = makers.get(arn);
      return maker === undefined || maker === stack.name || stack.after.has(maker)
        ? []
        : [
            {
              stack: stack.name,
              says: `${id} of ${stack.name} names ${arn}. ${maker} makes that, and is not deployed before it, so AWS would refuse it.`,
            },
          ];
    }),
  );
}

type Properties = Readonly<Record<string, unknown>>;

/** The end of an ARN by type, for resources whose name the template says. */
const ARNS: Readonly<Record<string, (properties: Properties, where: NamingStack) => string>> = {
  "AWS::IAM::Role": ({ Path: path = "/", RoleName: name }, { account }) =>
    `iam::${account}:role${path}${name}`,
  "AWS::IAM::ManagedPolicy": ({ Path: path = "/", ManagedPolicyName: name }, { account }) =>
    `iam::${account}:policy${path}${name}`,
  "AWS::Events::EventBus": ({ Name: name }, { account, region }) =>
    `events:${region}:${account}:event-bus/${name}`,
  "AWS::Events::Rule": ({ Name: name }, { account, region }) =>
    `events:${region}:${account}:rule/${name}`,
  "AWS::SQS::Queue": ({ QueueName: name }, { account, region }) =>
    `sqs:${region}:${account}:${name}`,
  "AWS::Scheduler::ScheduleGroup": ({ Name: name }, { account, region }) =>
    `scheduler:${region}:${account}:schedule-group/${name}`,
};

/** An ARN as it is in any partition. */
const withoutPartition = (arn: string): string => arn.replace(/^arn:[^:]*:/, "");

const madeBy = (stack: NamingStack): readonly string[] =>
  Object.values(stack.template.Resources ?? {}).flatMap(({ Type, Properties: properties = {} }) => {
    const arn = ARNS[Type]?.(textsIn(properties, stack), stack);
    return arn === undefined || arn.endsWith("undefined") ? [] : [arn];
  });

/** Its properties that are texts, or become texts. */
const textsIn = (properties: Properties, where: NamingStack): Properties =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => {
      const text = textOf(value, where);
      return text === undefined ? [] : [[name, text]];
    }),
  );

const namedBy = (stack: NamingStack) =>
  Object.entries(stack.template.Resources ?? {}).flatMap(([id, { Properties: properties }]) =>
    [...new Set(arnsIn(properties, stack))].map((arn) => ({ id, arn })),
  );

/** Parts of a statement that AWS does not look at: any ARN may stand there. */
const UNSEEN = ["Resource", "NotResource", "Condition"];

function arnsIn(value: unknown, where: NamingStack): readonly string[] {
  const text = textOf(value, where);
  if (text !== undefined) return text.startsWith("arn:") ? [withoutPartition(text)] : [];
  if (Array.isArray(value)) return value.flatMap((one) => arnsIn(one, where));
  if (typeof value !== "object" || value === null) return [];
  const isStatement = "Effect" in value && "Action" in value;
  return Object.entries(value)
    .filter(([name]) => !isStatement || !UNSEEN.includes(name))
    .flatMap(([, one]) => arnsIn(one, where));
}

/**
 * The text that a value becomes, as far as the template by itself says it. An answer of another
 * resource belongs to its own stack.
 */
function textOf(value: unknown, where: NamingStack): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length > 0) return undefined;
  if (name === "Ref") return pseudo(String(argument), where);
  if (name !== "Fn::Join" || !Array.isArray(argument)) return undefined;
  const [separator, parts]: readonly unknown[] = argument;
  const texts = Array.isArray(parts) ? parts.map((part) => textOf(part, where)) : [undefined];
  return texts.includes(undefined) ? undefined : texts.join(String(separator));
}

const pseudo = (name: string, { account, region }: NamingStack): string | undefined =>
  ({ "AWS::Partition": "aws", "AWS::AccountId": account, "AWS::Region": region })[name];
