import { describe, expect, it } from "vitest";
import { policiesGrantorStatements } from "../../../shared/domain/grantors/policies-grantor.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { grantorRights } from "../../../shared/policy-tools/compare/grantor-rights.ts";
import { ACCOUNT, REGION } from "../broker.ts";
import { byArn, grantor, NEW_TAGS, policyArn, TAG } from "./grantor.ts";

const OTHER = "444455556666";
const EDIT = "AmazonEKSEditPolicy";
const ADMIN = "AmazonEKSClusterAdminPolicy";

/** The sample, in which the named people have a role of their own beside the others. */
const personal = (...names: readonly string[]) =>
  byArn(({ people }) => {
    for (const name of names) {
      const person = people[name];
      if (person)
        Object.assign(person, { personalRole: `timelatch-person-${name}`, principals: [] });
    }
  });
const own = (name: string, account = ACCOUNT, path = "timelatch/people/") =>
  `arn:aws:iam::${account}:role/${path}timelatch-person-${name}`;

describe("the grantor role where people have roles of their own", () => {
  const mixed = grantor(personal("alice", "carol")).stack;
  const create = (principal: string) =>
    mixed.decide("GrantorsPolicies", {
      action: "eks:CreateAccessEntry",
      resource: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`,
      context: {
        "eks:principalArn": principal,
        "eks:accessEntryType": "STANDARD",
        ...NEW_TAGS,
      },
    });
  const associate = (policy: string, principal: string, scope: object) =>
    mixed.decide("GrantorsPolicies", {
      action: "eks:AssociateAccessPolicy",
      resource: `arn:aws:eks:${REGION}:${ACCOUNT}:access-entry/prod/role/${ACCOUNT}/x/0000`,
      context: {
        "eks:clusterName": "prod",
        "eks:principalArn": principal,
        "eks:policyArn": policyArn(policy),
        "eks:accessEntryType": "STANDARD",
        ...TAG,
        ...scope,
      },
    });
  const onCluster = { "eks:accessScope": "cluster" };
  const inPayments = { "eks:accessScope": "namespace", "eks:namespaces": ["payments-api"] };

  it("it lends to roles of people's own, and to no role of another path, name or account", async () => {
    await expect(create(own("alice"))).resolves.toBe("Allowed");
    await expect(associate(EDIT, own("alice"), inPayments)).resolves.toBe("Allowed");
    for (const stranger of [
      own("alice", OTHER),
      own("alice", ACCOUNT, ""),
      own("alice", ACCOUNT, "timelatch/"),
      own("alice", ACCOUNT, "x/timelatch/people/"),
      `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`,
      `arn:aws:iam::${ACCOUNT}:user/timelatch/people/timelatch-person-alice`,
    ]) {
      await expect(create(stranger)).resolves.not.toBe("Allowed");
      await expect(associate(EDIT, stranger, inPayments)).resolves.not.toBe("Allowed");
    }
  });

  it("principals that are named by ARN stay bounded one by one", async () => {
    const bob = `arn:aws:iam::${ACCOUNT}:role/people/bob`;
    await expect(create(`arn:aws:iam::${ACCOUNT}:role/people/stranger`)).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(associate(ADMIN, bob, onCluster)).resolves.toBe("ImplicitlyDenied");
  });

  it("it cannot tell one person from another: access that a rule lends to one, it could lend to all", async () => {
    await expect(associate(ADMIN, own("carol"), onCluster)).resolves.toBe("Allowed");
    await expect(associate(ADMIN, own("alice"), onCluster)).resolves.toBe("Allowed");
    await expect(associate("AmazonEKSAdminViewPolicy", own("alice"), onCluster)).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("its policy does not grow with people", () => {
    const size = (count: number) => {
      const policy = parseAccessPolicy(
        JSON.stringify({
          version: 1,
          clusters: { prod: { arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod` } },
          people: Object.fromEntries(
            Array.from({ length: count }, (_, at) => [
              `person-${at}`,
              {
                email: "a@example.com",
                groups: [at % 2 === 0 ? "dev" : "ops"],
                identities: { sourceIdentity: `person-${at}` },
              },
            ]),
          ),
          identity: { sourceIdentity: { roles: [`arn:aws:iam::${ACCOUNT}:role/developers`] } },
          rules: ["dev", "ops"].map((group) => ({
            name: group,
            who: { groups: [group] },
            clusters: ["prod"],
            access: { policies: [EDIT], namespaces: [`${group}-*`] },
            duration: { max: "1h" },
            approval: "none",
          })),
        }),
      );
      return JSON.stringify(policiesGrantorStatements(policy, ACCOUNT, [])).length;
    };
    expect(size(2_000)).toBe(size(2));
  });

  it("policy diff names the roles of people's own as one principal", () => {
    const principals = new Set(
      [...grantorRights(personal("alice"), []).values()].map(({ principal }) => principal),
    );
    expect(principals).toContain(`arn:aws:iam::${ACCOUNT}:role/timelatch/people/*`);
    expect(principals).toContain(`arn:aws:iam::${ACCOUNT}:role/people/bob`);
    expect([...principals].join()).not.toContain("timelatch-person-alice");
  });
});
