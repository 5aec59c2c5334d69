/** A file is about one partition of AWS, whichever ARN says otherwise. */
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const HUB = "111122223333";

interface Written {
  readonly cluster?: string;
  readonly second?: string;
  readonly identity?: string;
  readonly alice?: string;
  readonly expected?: string;
}

/** One person, who may look at one cluster. */
const text = ({
  cluster = `arn:aws:eks:us-west-2:${HUB}:cluster/prod`,
  ...more
}: Written): string =>
  [
    "version: 1",
    "clusters:",
    `  prod: { arn: "${cluster}" }`,
    ...(more.second ? [`  other: { arn: "${more.second}" }`] : []),
    ...(more.identity ? [`identity: ${more.identity}`] : []),
    "people:",
    `  alice: { email: a@example.com, groups: [dev], ${more.alice ?? "identities: {}"} }`,
    ...(more.expected
      ? [`expected: [{ principal: "${more.expected}", reason: "owns the clusters" }]`]
      : []),
    "rules:",
    "  - name: view",
    "    who: { groups: [dev] }",
    "    clusters: [prod]",
    "    access: { policies: [AmazonEKSViewPolicy], scope: cluster }",
    "    duration: { max: 1h }",
    "    approval: none",
  ].join("\n");

function faultsOf(written: Written): readonly string[] {
  try {
    parseAccessPolicy(text(written));
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ path, detail }) => `${path}: ${detail}`);
  }
}

const cn = (what: string) => `arn:aws-cn:iam::${HUB}:${what}`;

describe("A file with ARNs of two partitions", () => {
  it.each<[string, Written, string]>([
    [
      "a principal",
      { alice: `identities: {}, principals: ["${cn("role/alice")}"]` },
      "people.alice.principals.0",
    ],
    [
      "an identity",
      { alice: `identities: { iam: ["${cn("user/alice")}"] }` },
      "people.alice.identities.iam.0",
    ],
    [
      "a session",
      { alice: `identities: { iam: ["arn:aws-cn:sts::${HUB}:assumed-role/r/alice"] }` },
      "people.alice.identities.iam.0",
    ],
    [
      "a second cluster",
      { second: `arn:aws-cn:eks:cn-north-1:${HUB}:cluster/x` },
      "clusters.other.arn",
    ],
    [
      "a role of a source identity",
      { identity: `{ sourceIdentity: { roles: ["${cn("role/dev")}"] } }` },
      "identity.sourceIdentity.roles.0",
    ],
    [
      "a provider of SAML",
      {
        identity: `{ saml: { provider: "${cn("saml-provider/Okta")}", issuer: i, roles: ["arn:aws:iam::${HUB}:role/r"] } }`,
      },
      "identity.saml.provider",
    ],
    ["an expected principal", { expected: cn("role/owner") }, "expected.0.principal"],
  ])(
    "%s of another partition is refused, with its place and both partitions",
    (_what, written, at) => {
      const faults = faultsOf(written);
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/partition aws-cn, and the clusters are in aws\./);
      expect(faults[0]?.startsWith(`${at}: `), faults[0]).toBe(true);
    },
  );

  it("A cluster whose region is of another partition than its ARN says is refused", () => {
    expect(faultsOf({ cluster: `arn:aws:eks:us-gov-west-1:${HUB}:cluster/prod` })).toEqual([
      "clusters.prod.arn: The region us-gov-west-1 is in the partition aws-us-gov, and the ARN says aws. Write arn:aws-us-gov:…",
    ]);
  });

  it.each([
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-east-1"],
  ])(
    "A file that is all of %s is taken, with a service as an expected principal",
    (partition, region) => {
      const iam = (what: string) => `arn:${partition}:iam::${HUB}:${what}`;
      const alice = `identities: { iam: ["${iam("user/alice")}"] }, principals: ["${iam("role/alice")}"]`;
      const cluster = `arn:${partition}:eks:${region}:${HUB}:cluster/prod`;
      expect(faultsOf({ cluster, alice, expected: "eks.amazonaws.com" })).toEqual([]);
    },
  );
});
