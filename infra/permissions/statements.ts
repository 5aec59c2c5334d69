import { Effect, PolicyStatement, type PolicyStatementProps } from "aws-cdk-lib/aws-iam";

type Conditions = NonNullable<PolicyStatementProps["conditions"]>;

export const allow = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Conditions = {},
) => statement(Effect.ALLOW, sid, actions, resources, conditions);

export const deny = (
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Conditions = {},
) => statement(Effect.DENY, sid, actions, resources, conditions);

const statement = (
  effect: Effect,
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Conditions,
) =>
  new PolicyStatement({
    sid,
    effect,
    actions: [...actions],
    resources: [...resources],
    conditions,
  });
