/** Asks IAM what the grantor roles of a synthesized stack may do. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { iamRoleArn as person } from "../../sample-principals.ts";
import { ACCOUNT, type Broker, broker, REGION, sampleWith } from "../broker.ts";

export { iamRoleArn as person } from "../../sample-principals.ts";

/**
 * The sample with everybody's principal by ARN, so that each has statements of their own, and with
 * something else changed in it.
 */
export const byArn = (change: (policy: AccessPolicy) => unknown = () => undefined): AccessPolicy =>
  sampleWith((policy) => {
    for (const [name, { personalRole: _own, ...known }] of Object.entries(policy.people))
      Object.assign(policy.people, { [name]: { ...known, principals: [person(name)] } });
    change(policy);
  });

export const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const clusterArn = (name: string) => `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`;
export const TAG = { "aws:ResourceTag/timelatch:managed-by": "timelatch" };
export const NEW_TAGS = {
  "aws:RequestTag/timelatch:managed-by": "timelatch",
  "aws:RequestTag/timelatch:token": "t",
  "aws:TagKeys": ["timelatch:managed-by", "timelatch:token"],
};
export const OURS = { ours: true };
export const THEIRS = { ours: false };

export interface Entry {
  readonly cluster?: string;
  readonly of: string;
  readonly ours?: boolean;
  readonly type?: string;
}

/** IAM's facts about an entry when a call names it. */
export const entry = ({ cluster = "prod", of, ours = true, type = "STANDARD" }: Entry) => ({
  resource: `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/${cluster}/role/${ACCOUNT}/${of}/0000`,
  context: {
    "eks:clusterName": cluster,
    "eks:principalArn": person(of),
    "eks:accessEntryType": type,
    ...(ours ? TAG : {}),
  },
});

export function grantor(policy: AccessPolicy = byArn(), role = "GrantorsPolicies") {
  const stack: Broker = broker(policy);
  return {
    stack,
    create: (cluster: string, of: string, more: Record<string, string | string[]> = {}) =>
      stack.decide(role, {
        action: "eks:CreateAccessEntry",
        resource: clusterArn(cluster),
        context: {
          "eks:principalArn": person(of),
          "eks:accessEntryType": "STANDARD",
          ...NEW_TAGS,
          ...more,
        },
      }),
    /** `namespaces` undefined is cluster scope. */
    associate: (policyName: string, namespaces: string[] | undefined, target: Entry) => {
      const { resource, context } = entry(target);
      return stack.decide(role, {
        action: "eks:AssociateAccessPolicy",
        resource,
        context: {
          ...context,
          "eks:policyArn": policyArn(policyName),
          "eks:accessScope": namespaces ? "namespace" : "cluster",
          ...(namespaces ? { "eks:namespaces": namespaces } : {}),
        },
      });
    },
    onEntry: (action: string, target: Entry, more: Record<string, string | string[]> = {}) => {
      const { resource, context } = entry(target);
      return stack.decide(role, { action, resource, context: { ...context, ...more } });
    },
  };
}
