/**
 * Faults in a template that IAM and CloudFormation would refuse, by their published limits. Pure.
 */
import { foreignToIam } from "../../shared/domain/values/iam-text.ts";
import { IAM_LIMITS, LONGEST_ROLE } from "../permissions/policy-size.ts";

/**
 * Limits of one stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const STACK_LIMITS = {
  resources: 500,
  outputs: 200,
  parameters: 200,
  /** Bytes of a template in S3, where the CDK command puts it. */
  template: 1_000_000,
} as const;

/** In characters. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html */
const LONGEST_BUS_POLICY = 10_240;

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface SizedTemplate {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** One sentence for each limit that the template passes, with the numbers. */
export const templateFaults = (template: SizedTemplate): readonly string[] => [
  ...stackFaults(template),
  ...ofType(template, "AWS::IAM::ManagedPolicy").flatMap(([id, { PolicyDocument: document }]) =>
    over(`${id} has`, "characters", charactersOf(document), IAM_LIMITS.managed),
  ),
  ...ofType(template, "AWS::Events::EventBus").flatMap(([id, { Policy: policy }]) =>
    over(`${id} has`, "characters of policy", charactersOf(policy), LONGEST_BUS_POLICY),
  ),
  ...ofType(template, "AWS::IAM::Role").flatMap(([id, role]) => roleFaults(template, id, role)),
];

const IAM_TYPES = /^AWS::IAM::/;

/** One sentence for each part of IAM with a character that IAM refuses. */
export const characterFaults = ({ Resources = {} }: SizedTemplate): readonly string[] =>
  Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    const letters = IAM_TYPES.test(Type) ? foreignToIam(JSON.stringify(Properties ?? {})) : [];
    return letters.length === 0
      ? []
      : [`${id} has ${letters.join(", ")}, which IAM does not take.`];
  });

const stackFaults = (template: SizedTemplate): readonly string[] => [
  ...over("The stack has", "resources", count(template.Resources), STACK_LIMITS.resources),
  ...over("The stack has", "outputs", count(template.Outputs), STACK_LIMITS.outputs),
  ...over("The stack has", "parameters", count(template.Parameters), STACK_LIMITS.parameters),
  ...over("The template has", "bytes", bytesOf(template), STACK_LIMITS.template),
];

type Properties = Readonly<Record<string, unknown>>;

/** A policy attaches itself to a role, or the role names it. */
function roleFaults(template: SizedTemplate, id: string, role: Properties): readonly string[] {
  const isOn = ([, { Roles: roles }]: readonly [string, Properties]) =>
    JSON.stringify(roles ?? []).includes(JSON.stringify({ Ref: id }));
  const separate = ofType(template, "AWS::IAM::Policy")
    .filter(isOn)
    .map(([, policy]) => policy);
  const inline = [...listOf(role["Policies"]), ...separate].reduce(
    (sum: number, policy) => sum + charactersOf(documentOf(policy)),
    0,
  );
  const managed =
    listOf(role["ManagedPolicyArns"]).length +
    ofType(template, "AWS::IAM::ManagedPolicy").filter(isOn).length;
  const trust = charactersOf(role["AssumeRolePolicyDocument"]);
  return [
    ...over(`${id} has`, "inline characters", inline, IAM_LIMITS.inline),
    ...over(`${id} has`, "managed policies", managed, IAM_LIMITS.managedPolicies),
    ...over(`${id} has`, "characters of trust", trust, IAM_LIMITS.trust),
  ];
}

const over = (who: string, what: string, value: number, limit: number): readonly string[] =>
  value > limit ? [`${who} ${value} ${what}, and AWS takes ${limit}.`] : [];

const count = (members: Readonly<Record<string, unknown>> = {}): number =>
  Object.keys(members).length;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const documentOf = (policy: unknown): unknown =>
  typeof policy === "object" && policy !== null && "PolicyDocument" in policy
    ? policy.PolicyDocument
    : undefined;

const ofType = (
  { Resources = {} }: SizedTemplate,
  type: string,
): readonly (readonly [string, Properties])[] =>
  Object.entries(Resources).flatMap(([id, { Type, Properties: properties = {} }]) =>
    Type === type ? [[id, properties] as const] : [],
  );

/**
 * Characters after deployment, as JSON without white space. A value that only deployment knows
 * counts at its longest.
 */
const charactersOf = (document: unknown): number =>
  document === undefined ? 0 : JSON.stringify(longest(document)).length;

const PSEUDO: Readonly<Record<string, number>> = {
  "AWS::AccountId": 12,
  "AWS::Partition": "aws-us-gov".length,
  "AWS::Region": "ap-southeast-1".length,
  "AWS::URLSuffix": "amazonaws.com.cn".length,
};

/** The value with texts of the greatest length in place of CloudFormation's functions. */
function longest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(longest);
  if (typeof value !== "object" || value === null) return value;
  const [[name, argument] = ["", undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::")))
    return textOf(name, argument);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, longest(one)]));
}

function textOf(name: string, argument: unknown): string {
  if (name === "Ref" && typeof argument === "string" && argument in PSEUDO)
    return "x".repeat(PSEUDO[argument] ?? 0);
  if (name === "Fn::Join" && Array.isArray(argument)) {
    const [separator, parts]: readonly unknown[] = argument;
    return listOf(parts)
      .map((part) => String(longest(part)))
      .join(String(separator));
  }
  return LONGEST_ROLE;
}
