/**
 * The rights that policies of a template allow and deny, one row an action, resource and principal.
 */
import type { StackPlace, Template } from "../assembly.ts";
import { conditionWords } from "./condition-words.ts";
import { type TemplateValues, templateValues } from "./template-values.ts";

/** One thing that a role may do, that somebody may do with a resource, or that is denied. */
export interface Right {
  /** Twelve digits. */
  readonly account: string;
  /** The owner of the policy: a role, a managed policy, or a resource. */
  readonly subject: string;
  /** `identity`: the subject may do it. `trust`, `resource`: the principal may. `managed`: a policy is attached. */
  readonly kind: "identity" | "trust" | "resource" | "managed";
  readonly effect: string;
  readonly action: string;
  /** Empty for trust. */
  readonly resource: string;
  /** Empty where the subject itself acts. */
  readonly principal: string;
  /** In words; empty without conditions. */
  readonly condition: string;
}

type Statement = Readonly<Record<string, unknown>>;
type Owner = Pick<Right, "account" | "subject" | "kind">;

/** Every right of a template, in its order, without repetition. */
export function templateRights(template: Template, place: StackPlace): readonly Right[] {
  const values = templateValues(template, place);
  const rights = Object.entries(template.Resources ?? {}).flatMap(
    ([id, { Type, Properties = {} }]) =>
      (READERS[Type] ?? none)({ id, properties: Properties, values, account: place.account }),
  );
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()];
}

interface Read {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly values: TemplateValues;
  readonly account: string;
}

const none = (): readonly Right[] => [];

const role = ({ id, properties, values, account }: Read): readonly Right[] => {
  const subject = values.nameOf(id);
  const owner = { account, subject, kind: "identity" } as const;
  return [
    ...documentRights(properties["AssumeRolePolicyDocument"], { ...owner, kind: "trust" }, values),
    ...listOf(properties["Policies"]).flatMap((policy) =>
      documentRights((policy as Statement)["PolicyDocument"], owner, values),
    ),
    ...listOf(properties["ManagedPolicyArns"]).map((arn) => ({
      ...owner,
      kind: "managed" as const,
      effect: "Allow",
      action: "",
      principal: "",
      resource: values.text(arn),
      condition: "",
    })),
  ];
};

/** A policy of its own: of the roles that it names, or of itself where it names none. */
const policy = ({ id, properties, values, account }: Read): readonly Right[] => {
  const roles = listOf(properties["Roles"]).map(values.text);
  const subjects = roles.length > 0 ? roles : [`the policy ${values.nameOf(id)}`];
  return subjects.flatMap((subject) =>
    documentRights(properties["PolicyDocument"], { account, subject, kind: "identity" }, values),
  );
};

/** A policy on a resource. @param document and `on`: where its properties have them */
const onResource =
  (document: string, on?: string) =>
  ({ id, properties, values, account }: Read): readonly Right[] => {
    const named = on === undefined ? [] : [properties[on]].flat();
    const subjects = named.length > 0 ? named.map(queueName(values)) : [values.nameOf(id)];
    return subjects.flatMap((subject) =>
      documentRights(properties[document], { account, subject, kind: "resource" }, values),
    );
  };

/** A queue's Ref is its URL, and means the queue. */
const queueName = (values: TemplateValues) => (value: unknown) => values.text(value);

const permission = ({ properties, values, account }: Read): readonly Right[] => [
  {
    account,
    kind: "resource",
    effect: "Allow",
    subject: values.text(properties["FunctionName"]),
    action: values.text(properties["Action"]),
    resource: values.text(properties["FunctionName"]),
    principal: values.text(properties["Principal"]),
    condition: properties["SourceArn"]
      ? `aws:SourceArn is like ${values.text(properties["SourceArn"])}`
      : "",
  },
];

const READERS: Readonly<Record<string, (read: Read) => readonly Right[]>> = {
  "AWS::IAM::Role": role,
  "AWS::IAM::Policy": policy,
  "AWS::IAM::ManagedPolicy": policy,
  "AWS::SQS::QueuePolicy": onResource("PolicyDocument", "Queues"),
  "AWS::S3::BucketPolicy": onResource("PolicyDocument", "Bucket"),
  "AWS::SNS::TopicPolicy": onResource("PolicyDocument", "Topics"),
  "AWS::KMS::Key": onResource("KeyPolicy"),
  "AWS::Events::EventBus": onResource("Policy"),
  "AWS::Events::EventBusPolicy": onResource("Statement", "EventBusName"),
  "AWS::Lambda::Permission": permission,
};

/** A document has statements; a bus policy is one. */
function documentRights(document: unknown, owner: Owner, values: TemplateValues): readonly Right[] {
  if (typeof document !== "object" || document === null) return [];
  const { Statement: statements = document } = document as Statement;
  return [statements].flat().flatMap((each) => statementRights(each as Statement, owner, values));
}

function statementRights(
  statement: Statement,
  owner: Owner,
  values: TemplateValues,
): readonly Right[] {
  const effect = String(statement["Effect"]);
  const condition = conditionWords(statement["Condition"], values.text);
  const resources = owner.kind === "trust" ? [""] : elements(statement, "Resource", values);
  const principals = owner.kind === "identity" ? [""] : principalsOf(statement, values);
  return elements(statement, "Action", values).flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal) => ({ ...owner, effect, action, resource, principal, condition })),
    ),
  );
}

/** Values of an element, or `everything but …` of its negation. */
function elements(statement: Statement, name: string, values: TemplateValues): readonly string[] {
  const but = statement[`Not${name}`];
  if (but !== undefined) return [`everything but ${[but].flat().map(values.text).join(", ")}`];
  const given = statement[name];
  return given === undefined ? ["*"] : [given].flat().map(values.text);
}

function principalsOf(statement: Statement, values: TemplateValues): readonly string[] {
  const but = statement["NotPrincipal"];
  const given = statement["Principal"] ?? but;
  const found =
    typeof given === "object" && given !== null
      ? Object.values(given).flat().map(values.text)
      : [given === undefined ? "*" : values.text(given)];
  return but === undefined ? found : [`everybody but ${found.join(", ")}`];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
