/** Packed, shortened and split statements together mean what the statements meant before. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactPrincipals } from "../../../infra/permissions/compact-principals.ts";
import { packStatements } from "../../../infra/permissions/pack-statements.ts";
import { accountNumber, deploymentFile } from "../../../lab/bench/deploy/deployment-file.ts";
import { decide } from "../../../lab/sandbox/aws/authorize.ts";
import type { IamRole } from "../../../lab/sandbox/aws/iam/state.ts";
import type { GrantorStatement } from "../../../shared/domain/grantors/grantor-statement.ts";
import { policiesGrantorStatements } from "../../../shared/domain/grantors/policies-grantor.ts";
import { patternCovers } from "../../../shared/domain/values/namespace-pattern.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { REGION } from "../broker.ts";
import { NEW_TAGS, policyArn, TAG } from "./grantor.ts";

const ACCOUNT = accountNumber(0);
const PEOPLE = 160;
const CLUSTERS = 3;
const OWN = `arn:aws:iam::${ACCOUNT}:role/people/person-7`;
const NOW = new Date("2026-11-24T10:00:00Z");

const policy = parseAccessPolicy(
  deploymentFile({
    rules: 12,
    people: PEOPLE,
    clusters: CLUSTERS,
    accounts: 1,
    principals: "by ARN",
  }),
);
const exact = policiesGrantorStatements(policy, ACCOUNT, [OWN]);
const coarse = policiesGrantorStatements(policy, ACCOUNT, [OWN], "coarse");

const document = (statements: readonly GrantorStatement[]) => ({
  Version: "2012-10-17",
  Statement: [...statements],
});

type Request = Parameters<typeof decide>[2];

/** The decisions for a role with these policies. */
function deciding(policies: readonly (readonly GrantorStatement[])[]) {
  const role: IamRole = {
    kind: "role",
    arn: `arn:aws:iam::${ACCOUNT}:role/r`,
    roleName: "r",
    path: "/",
    roleId: "AROAR",
    createDate: NOW.toISOString(),
    maxSessionDuration: 3600,
    assumeRolePolicyDocument: {},
    policies: Object.fromEntries(policies.map((one, at) => [String(at), document(one)])),
  };
  const caller = {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
    principalArn: role.arn,
    accountId: ACCOUNT,
    userId: "AROAR:s",
    accessKeyId: "ASIAEXAMPLE",
  };
  const state = { accountId: ACCOUNT, roles: { [role.arn]: role }, credentials: {} };
  return (request: Request) => decide(state, caller, request, NOW);
}

const asPacked = (statements: readonly GrantorStatement[]) => {
  const { inline, managed } = packStatements([], statements);
  return deciding([inline, ...managed]);
};

const principals = fc.oneof(
  fc.nat(PEOPLE + 20).map((at) => `arn:aws:iam::${ACCOUNT}:role/people/person-${at}`),
  fc.constantFrom(
    `arn:aws:iam::${ACCOUNT}:role/people/x/person-1`,
    `arn:aws:iam::${ACCOUNT}:role/person-1`,
    `arn:aws:iam::${ACCOUNT}:role/other/people/person-1`,
    `arn:aws:iam::${ACCOUNT}:user/people/person-1`,
    `arn:aws:iam::${accountNumber(1)}:role/people/person-1`,
    `arn:aws:iam::${ACCOUNT}:role/people/xperson-1`,
    OWN,
  ),
);
const namespaces = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom("team-1-a", "team-1-*", "team-11-*", "kube-system", "kube-public", "*", "k*"),
    fc.stringMatching(/^[a-z0-9*]{1,8}$/),
  ),
  { maxLength: 3 },
);

const requests: fc.Arbitrary<Request> = fc
  .record({
    principal: principals,
    cluster: fc.nat(CLUSTERS).map((at) => `cluster-${at}`),
    names: namespaces,
    policyName: fc.constantFrom(
      ...["AmazonEKSEditPolicy", "AmazonEKSViewPolicy", "AmazonEKSAdminViewPolicy"],
      "AmazonEKSClusterAdminPolicy",
    ),
    isOurs: fc.boolean(),
    isCreation: fc.boolean(),
    isOnCluster: fc.boolean(),
  })
  .map(({ principal, cluster, names, policyName, isOurs, isCreation, isOnCluster }) => {
    const common = { "eks:principalArn": principal, "eks:accessEntryType": "STANDARD" };
    const arn = (kind: string) => `arn:aws:eks:${REGION}:${ACCOUNT}:${kind}/${cluster}`;
    if (isCreation)
      return {
        action: "eks:CreateAccessEntry",
        resource: arn("cluster"),
        context: { ...common, ...NEW_TAGS },
      };
    return {
      action: "eks:AssociateAccessPolicy",
      resource: `${arn("access-entry")}/role/${ACCOUNT}/x/0000`,
      context: {
        ...common,
        ...(isOurs ? TAG : {}),
        "eks:policyArn": policyArn(policyName),
        "eks:accessScope": isOnCluster ? "cluster" : "namespace",
        ...(isOnCluster ? {} : { "eks:namespaces": names }),
      },
    };
  });

describe("packed statements", () => {
  const plain = deciding([exact]);

  it.each([
    ["split", asPacked(exact)],
    ["with names below a path", asPacked(exact.flatMap(compactPrincipals))],
  ])("%s, they allow and deny exactly what the statements do", async (_form, packed) => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const decision = await plain(request);
        seen.add(decision);
        expect(await packed(request)).toBe(decision);
      }),
      // From a seed that reaches each decision: a statement denies few random calls.
      { numRuns: 60, seed: 4_711 },
    );
    expect([...seen].sort()).toEqual(["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"]);
  });

  it("the coarse form allows all that the exact one does", async () => {
    const packed = asPacked(coarse.flatMap(compactPrincipals));
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        if ((await plain(request)) !== "Allowed") return;
        expect(await packed(request)).toBe("Allowed");
      }),
      { numRuns: 60 },
    );
  });

  it("the coarse form lends no policy, scope or system namespace beyond the exact one", async () => {
    const packed = asPacked(coarse.flatMap(compactPrincipals));
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        if ((await packed(request)) !== "Allowed" || (await plain(request)) === "Allowed") return;
        // The rest: an entry without access on another cluster, or a pattern outside the system's.
        const names = [request.context?.["eks:namespaces"] ?? []].flat();
        expect(
          request.action === "eks:CreateAccessEntry" || names.some((one) => one.includes("*")),
        ).toBe(true);
        expect(names.some((one) => patternCovers(one, "kube-system"))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
