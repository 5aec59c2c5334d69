/** Every kind of stack of one policy, in each partition of AWS, without bundles. */
import type { App, Stack } from "aws-cdk-lib";
import { addClusterAccounts } from "../../infra/synth/cluster-accounts.ts";
import { addForwardStacks } from "../../infra/synth/forward-stacks.ts";
import { addFusesStack } from "../../infra/synth/fuses.ts";
import { addPeopleStacks, peopleWithRoles } from "../../infra/synth/people.ts";
import { assignStacks } from "../../infra/synth/people-stacks.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { brokerStack } from "./broker.ts";

export const HUB = "111122223333";
export const SPOKE = "444455556666";

export interface Zone {
  readonly partition: string;
  readonly region: string;
  readonly far: string;
}

export const ZONES: readonly Zone[] = [
  { partition: "aws", region: "us-west-2", far: "eu-west-1" },
  { partition: "aws-us-gov", region: "us-gov-west-1", far: "us-gov-east-1" },
  { partition: "aws-cn", region: "cn-north-1", far: "cn-northwest-1" },
];

/** With every kind of identity and access, on clusters in two accounts and two regions. */
export function policyIn({ partition, region, far }: Zone): AccessPolicy {
  const iam = (what: string, account = HUB) => `arn:${partition}:iam::${account}:${what}`;
  const cluster = (name: string, place: string, account = HUB) => ({
    [name]: {
      arn: `arn:${partition}:eks:${place}:${account}:cluster/${name}`,
      activity: { maxScanGb: 1 },
    },
  });
  const rule = (name: string, access: object) => ({
    name,
    access,
    who: { groups: ["dev"] },
    clusters: ["near", "far", "other"],
    duration: { max: "1h" },
    approval: "none",
  });
  const person = (identities: object, more: object = {}) => ({
    email: "a@example.com",
    groups: ["dev"],
    identities,
    ...more,
  });
  return parseAccessPolicy(
    JSON.stringify({
      version: 1,
      clusters: {
        ...cluster("near", region),
        ...cluster("far", far),
        ...cluster("other", region, SPOKE),
      },
      identity: {
        account: HUB,
        saml: {
          provider: iam("saml-provider/Okta"),
          issuer: "http://www.okta.com/exk1",
          roles: [iam("role/okta")],
        },
        oidc: { issuer: "login.example.com", audience: "timelatch" },
        accountAccess: {
          application: `arn:${partition}:account-access:${region}:${HUB}:application/app-1`,
        },
        sourceIdentity: { roles: [iam("role/developers")] },
      },
      people: {
        alice: person({
          identityCenter: { userId: "906701d9d2-0a1b2c3d-1111-2222-3333-00000000a11c" },
        }),
        bob: person({ saml: "bob@example.com" }),
        carol: person({ oidc: "00u1" }),
        dave: person({ sourceIdentity: "dave" }),
        heidi: person({ iam: [iam("user/heidi")] }, { principals: [iam("role/people/heidi")] }),
      },
      slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
      expected: [{ principal: iam("role/owner"), reason: "the team that owns the clusters" }],
      rules: [
        rule("cluster", { policies: ["AmazonEKSViewPolicy"], scope: "cluster" }),
        rule("namespaces", { policies: ["AmazonEKSEditPolicy"], namespaces: ["payments-*"] }),
        rule("groups", { groups: ["payments"] }),
      ],
    }),
  );
}

/** Every stack of the policy, without CDK's own bundles. */
export function stacksIn(zone: Zone): readonly Stack[] {
  const access = policyIn(zone);
  const env = { account: HUB, region: zone.region };
  const topics = [zone.region, zone.far].map(
    (one) => `arn:${zone.partition}:sns:${one}:${HUB}:ops`,
  );
  const settings = {
    ...PRODUCTION,
    alarmTopics: topics,
    dashboard: true,
    lambdaConcurrency: 1_000,
  };
  const broker = brokerStack(access, { name: "production", settings, env });
  const app = broker.node.root as App;
  const record = assignStacks({}, peopleWithRoles(access));
  const topology = topologyOf(access, env);
  return [
    broker,
    addFusesStack(app, access, topology, env),
    ...addClusterAccounts(app, access, topology, topics),
    ...addPeopleStacks(app, access, record, env),
    ...addForwardStacks(app, access, topology),
  ];
}
