/** The broker's stack, synthesized without bundles, and IAM's answers about its roles. */
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { BrokerStack } from "../../infra/stacks/broker-stack.ts";
import { readAccessFile } from "../../infra/synth/access-file.ts";
import { stackNameOf } from "../../infra/synth/deployment-names.ts";
import { addFusesStack } from "../../infra/synth/fuses.ts";
import { inRepository } from "../../infra/synth/repository.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import { type Variant, variantOf } from "../../infra/synth/variants.ts";
import { decide } from "../../lab/sandbox/aws/authorize.ts";
import type { IamRole, IamState } from "../../lab/sandbox/aws/iam/state.ts";
import type { Decision } from "../../lab/sandbox/aws/policy-simulation.ts";
import type { Caller } from "../../lab/sandbox/aws/service.ts";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { resolveTemplate } from "../../lab/sandbox/template/resolve.ts";
import type { AccessPolicy, Person, Rule } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";

export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";

export const SAMPLE = readAccessFile(inRepository("access.yaml"));

/** The sample with something changed in it, checked again as if the file had been written so. */
export function sampleWith(change: (policy: AccessPolicy) => unknown): AccessPolicy {
  const policy = structuredClone(SAMPLE);
  change(policy);
  return parseAccessPolicy(JSON.stringify(asWritten(policy)));
}

/** A compiled policy in the form of the file, without what changes no stack: hours and delegations. */
function asWritten({
  hash: _hash,
  delegations: _delegations,
  people,
  schedules,
  rules,
  ...policy
}: AccessPolicy) {
  const written = Object.entries(people).map(([name, person]) => [name, personAsWritten(person)]);
  return {
    ...policy,
    people: Object.fromEntries(written),
    ...(schedules ? { schedules: schedulesAsWritten(schedules) } : {}),
    rules: rules.map(ruleAsWritten),
  };
}

const schedulesAsWritten = (schedules: NonNullable<AccessPolicy["schedules"]>) =>
  Object.fromEntries(
    Object.entries(schedules).map(([name, { service, ...ids }]) => [name, { [service]: ids }]),
  );

/** Roles of people's own come from `principal` again. */
const personAsWritten = ({ personalRole, principals, ...person }: Person) =>
  personalRole === undefined
    ? { ...person, principals }
    : {
        ...person,
        principal: "personal",
        principals: principals.filter((arn) => !arn.endsWith(`/${personalRole}`)),
      };

const ruleAsWritten = ({ who, duration, approval, reason, ...rule }: Rule) => ({
  name: rule.name,
  who: {
    ...(who.people.length > 0 ? { people: who.people } : {}),
    ...(who.groups.length > 0 ? { groups: who.groups } : {}),
  },
  clusters: rule.clusters,
  access: rule.access,
  duration: { max: `${duration.maxSeconds / 60}m` },
  approval: approval.length > 0 ? approval.map(({ groups, count }) => ({ groups, count })) : "none",
  reason: { minLength: reason.minLength },
  breakGlass: rule.breakGlass,
  sharedPrincipals: rule.sharedPrincipals,
  approverMayHoldPrincipal: rule.approverMayHoldPrincipal,
  foreignPrincipals: rule.foreignPrincipals,
  decideIn: rule.decideIn,
  notify: rule.notify,
});

export function brokerStack(
  access: AccessPolicy = SAMPLE,
  variant: Variant = variantOf({ TIMELATCH_SETTINGS: "sandbox" }),
): BrokerStack {
  // Bundling takes seconds, and says nothing about the template. CDK's check of the template takes
  // seconds more in each process, and only warns; `npm run synth` has it, and its test.
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  return new BrokerStack(app, stackNameOf(deploymentOf(access), "Timelatch"), {
    access,
    accessFile: "access.json",
    settings: variant.settings,
    topology: topologyOf(access, variant.env),
    ...(variant.env ? { env: variant.env } : {}),
  });
}

/** The stack of its fuses, in the app of the broker's. */
const fusesStack = (
  broker: BrokerStack,
  access: AccessPolicy = SAMPLE,
  { env }: Variant = variantOf({ TIMELATCH_SETTINGS: "sandbox" }),
): Stack => addFusesStack(broker.node.root as App, access, topologyOf(access, env), env);

interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Broker {
  readonly template: TemplateJson;
  /** The template of its fuses. */
  readonly fuses: TemplateJson;
  /** Resource properties of a type, as CloudFormation would see them after resolving. */
  readonly ofType: ReturnType<typeof resolveTemplate>["ofType"];
  /** The same of both templates. */
  readonly ofBoth: ReturnType<typeof resolveTemplate>["ofType"];
  /** By the start of the role's logical id in either template: `ApiFunctionRole`. */
  readonly role: (logicalId: string) => IamRole;
  readonly decide: (logicalId: string, question: Question) => Promise<Decision>;
  readonly state: IamState;
  readonly caller: (logicalId: string) => Caller;
}

const jsonOf = (stack: Stack) => Template.fromStack(stack).toJSON() as TemplateJson;

const resolved = (template: TemplateJson, access = SAMPLE) =>
  resolveTemplate(template, {
    account: ACCOUNT,
    region: REGION,
    stackName: stackNameOf(deploymentOf(access), "Timelatch"),
    awsUrl: "http://127.0.0.1:1",
    apiUrl: "http://127.0.0.1:2",
  });

/** Synthesizes, and puts the template's roles before the IAM that the sandbox has. */
export function broker(access?: AccessPolicy, variant?: Variant): Broker {
  const stack = brokerStack(access, variant);
  const fuses = jsonOf(fusesStack(stack, access, variant));
  const template = jsonOf(stack);
  const { ofType } = resolved(template, access);
  const both = (type: string) => [...ofType(type), ...resolved(fuses, access).ofType(type)];
  const policies = [...both("AWS::IAM::Policy"), ...both("AWS::IAM::ManagedPolicy")];
  const roles = both("AWS::IAM::Role").map(
    ({ logicalId, properties, ref, attributes }): [string, IamRole] => [
      logicalId,
      {
        kind: "role",
        arn: attributes["Arn"] ?? "",
        roleName: ref,
        path: "/",
        roleId: `AROA${logicalId.toUpperCase().slice(0, 16)}`,
        createDate: "2026-11-01T00:00:00.000Z",
        assumeRolePolicyDocument: properties.object("AssumeRolePolicyDocument"),
        policies: Object.fromEntries(
          policies
            .filter((policy) => policy.properties.texts("Roles").includes(ref))
            .map((policy) => [policy.logicalId, policy.properties.object("PolicyDocument")]),
        ),
        maxSessionDuration: 3600,
      },
    ],
  );
  const state: IamState = {
    accountId: ACCOUNT,
    roles: Object.fromEntries(roles.map(([, role]) => [role.arn, role])),
    credentials: {},
  };
  const role = (logicalId: string): IamRole => {
    const [found, second] = roles.filter(([id]) => id.startsWith(logicalId));
    if (!found || second)
      throw new Error(`${logicalId} names ${found ? "several roles" : "no role"}.`);
    return found[1];
  };
  const caller = (logicalId: string): Caller => {
    const { arn, roleName, roleId } = role(logicalId);
    return {
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/session`,
      principalArn: arn,
      accountId: ACCOUNT,
      userId: `${roleId}:session`,
      accessKeyId: "ASIAEXAMPLE",
    };
  };
  return {
    template,
    fuses,
    ofType,
    ofBoth: both,
    role,
    state,
    caller,
    decide: (logicalId, question) =>
      decide(state, caller(logicalId), question, new Date("2026-11-24T10:00:00Z")),
  };
}

/** Every action that a role's policies allow on something. */
export function allowedActions({ policies }: IamRole): readonly string[] {
  const statements = Object.values(policies).flatMap(
    (policy) =>
      policy["Statement"] as readonly { Effect: string; Action: string | readonly string[] }[],
  );
  return [
    ...new Set(
      statements
        .filter((statement) => statement.Effect === "Allow")
        .flatMap((statement) => statement.Action),
    ),
  ].sort();
}
