/** The stacks of one policy in each partition of AWS: nothing in them is of another one. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { addClusterAccounts } from "../../infra/synth/cluster-accounts.ts";
import { addPeopleStacks, peopleWithRoles } from "../../infra/synth/people.ts";
import { assignStacks } from "../../infra/synth/people-stacks.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { brokerStack } from "./broker.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";

interface Zone {
  readonly partition: string;
  readonly region: string;
  readonly far: string;
}

const ZONES: readonly Zone[] = [
  { partition: "aws", region: "us-west-2", far: "eu-west-1" },
  { partition: "aws-us-gov", region: "us-gov-west-1", far: "us-gov-east-1" },
  { partition: "aws-cn", region: "cn-north-1", far: "cn-northwest-1" },
];

/** With every kind of identity and access, on clusters in two accounts and two regions. */
function policyIn({ partition, region, far }: Zone): AccessPolicy {
  const iam = (what: string, account = HUB) => `arn:${partition}:iam::${account}:${what}`;
  const cluster = (name: string, place: string, account = HUB) => ({
    [name]: {
      arn: `arn:${partition}:eks:${place}:${account}:cluster/${name}`,
      activity: { maxScanGb: 1 },
    },
  });
  const rule = (name: string, access: object) => ({
    ...{ name, access, who: { groups: ["dev"] }, clusters: ["near", "far", "other"] },
    ...{ duration: { max: "1h" }, approval: "none" },
  });
  const person = (identities: object, more: object = {}) => ({
    ...{ email: "a@example.com", groups: ["dev"], identities, ...more },
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
function stacksIn(zone: Zone): readonly Stack[] {
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
  return [
    broker,
    ...addClusterAccounts(app, broker, access, topologyOf(access, env), topics),
    ...addPeopleStacks(app, broker, access, record, env),
  ];
}

const templatesIn = (zone: Zone) =>
  stacksIn(zone).map((stack) => ({
    name: stack.stackName,
    json: JSON.stringify(Template.fromStack(stack).toJSON()),
  }));

/** ARNs by their partition, whatever resource they are of. */
const partitionsIn = (json: string) =>
  new Set([...json.matchAll(/\barn:([a-z][a-z-]*):/g)].map(([, partition]) => partition));

/**
 * Names of services, which are the same in every partition, as the template's trust and conditions have them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
const SERVICES = /^(?:account-access|eks|events|lambda|scheduler|sso|apigateway|delivery\.logs)$/;

describe.each(ZONES)("A deployment in $partition", (zone) => {
  const templates = templatesIn(zone);

  it("It has a stack for the broker, the other account, the other region and people in both accounts", () => {
    expect(templates.map(({ name }) => name).sort()).toEqual([
      "Timelatch",
      `TimelatchAccount-${HUB}-${zone.far}`,
      `TimelatchAccount-${SPOKE}`,
      "TimelatchPeople-1",
      `TimelatchPeople-${SPOKE}-1`,
    ]);
  });

  it("No ARN is of another partition", () => {
    for (const { name, json } of templates)
      expect(
        [...partitionsIn(json)].filter((one) => one !== zone.partition),
        name,
      ).toEqual([]);
  });

  it("amazonaws.com stands only behind the name of a service", () => {
    for (const { name, json } of templates)
      for (const [, service = ""] of json.matchAll(/([\w.-]*?)\.amazonaws\.com\b/g))
        expect(service, name).toMatch(SERVICES);
  });
});

describe("A deployment beside its partition", () => {
  it.each([
    ["aws", "cn-north-1"],
    ["aws-cn", "us-west-2"],
    ["aws-us-gov", "us-west-2"],
  ])("Clusters in %s are refused for a broker in %s, with both partitions", (partition, region) => {
    const zone = ZONES.find((one) => one.partition === partition) as Zone;
    expect(() => topologyOf(policyIn(zone), { account: HUB, region })).toThrow(
      new RegExp(`${region}.*${partition}.*Nothing was synthesized`),
    );
  });
});

describe("The sources of what ships", () => {
  const ROOT = path.resolve(import.meta.dirname, "../..");
  const sources = ["functions", "shared", "infra", "cli"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, name)),
  );

  it("No code makes an ARN of one partition, whichever a value is of", () => {
    expect(sources.length).toBeGreaterThan(500);
    const made = sources.flatMap((file) =>
      readFileSync(path.join(ROOT, file), "utf8")
        .split("\n")
        .filter((line) => /\barn:aws:[^"'\s]*\$\{/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(made).toEqual([]);
  });
});
