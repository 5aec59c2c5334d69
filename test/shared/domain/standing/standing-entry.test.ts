import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { standingOrder } from "../../../../shared/domain/standing/standing-entry.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import {
  aGrant,
  anEntry,
  CLUSTER_ADMIN,
  EDIT,
  NODE,
  policyArn,
  SERVICE,
  standing,
  TAGGED,
  VIEW,
} from "./samples.ts";

const IN_API = { [EDIT]: ["ns/payments-api"] };

describe("The access that a grant explains", () => {
  it("An entry of ours with nothing but what its grants lend does not stand", () => {
    expect(standing({ tags: TAGGED, targets: IN_API }, [aGrant()])).toBeUndefined();
    expect(standing({ tags: TAGGED, targets: {} }, [aGrant()])).toBeUndefined();
  });

  it("An entry of somebody else stands, even if grants explain all that is on it", () => {
    expect(standing({ targets: IN_API }, [aGrant()])).toMatchObject({
      policies: [],
      groups: [],
      power: "none",
      tagged: false,
    });
  });

  it("An entry with our tag stands if no grant is there, since anybody may set a tag", () => {
    expect(standing({ tags: TAGGED, targets: IN_API })).toMatchObject({
      tagged: true,
      policies: [{ policyArn: EDIT, elements: ["ns/payments-api"] }],
    });
    expect(standing({ tags: TAGGED })).toMatchObject({ tagged: true, power: "none" });
  });

  it("Only the part of a scope that no grant lends stands", () => {
    const targets = { [EDIT]: ["ns/ci", "ns/payments-api"] };
    expect(standing({ tags: TAGGED, targets }, [aGrant()])?.policies).toEqual([
      { policyArn: EDIT, power: "edit", elements: ["ns/ci"] },
    ]);
  });

  it("The whole cluster is not explained by namespaces, and explains all of them", () => {
    const wide = { [EDIT]: ["cluster"] };
    expect(standing({ tags: TAGGED, targets: wide }, [aGrant()])?.policies).toMatchObject([
      { elements: ["cluster"] },
    ]);
    const onCluster = aGrant({
      access: { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } },
    });
    expect(standing({ tags: TAGGED, targets: IN_API }, [onCluster])).toBeUndefined();
  });

  it("Several grants explain what they lend together", () => {
    const another = aGrant({
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: ["payments-worker"] },
      },
    });
    const targets = { [EDIT]: ["ns/payments-api", "ns/payments-worker"] };
    expect(standing({ tags: TAGGED, targets }, [aGrant(), another])).toBeUndefined();
  });

  it("A grant of one policy explains no other", () => {
    expect(
      standing({ tags: TAGGED, targets: { ...IN_API, [VIEW]: ["ns/payments-api"] } }, [aGrant()])
        ?.policies,
    ).toMatchObject([{ policyArn: VIEW }]);
  });

  it("Groups that no grant lends stand, and those that one lends do not", () => {
    const lent = aGrant({ access: { groups: ["eks-admins"] } });
    const targets = { groups: ["group/eks-admins", "group/root"] };
    expect(standing({ tags: TAGGED, targets }, [lent])).toMatchObject({
      groups: ["root"],
      power: "unknown",
      policies: [],
    });
  });

  it("A grant for later explains nothing until it starts", () => {
    const later = aGrant({ state: "approved", startsAt: plusSeconds(T0, 60) });
    expect(standing({ tags: TAGGED, targets: IN_API }, [later])?.policies).toHaveLength(1);
    const now = aGrant({ state: "approved", startsAt: null });
    expect(standing({ tags: TAGGED, targets: IN_API }, [now])).toBeUndefined();
  });

  it("A grant that is ending explains its access until that is gone", () => {
    expect(
      standing({ tags: TAGGED, targets: IN_API }, [aGrant({ state: "ending" })]),
    ).toBeUndefined();
  });
});

describe("The facts of an entry", () => {
  it.each([
    ["node", { type: "EC2_LINUX" }, NODE],
    ["service", {}, SERVICE],
    ["capability", { targets: { [policyArn("AmazonEKSArgoCDPolicy")]: ["ns/argocd"] } }, NODE],
    [
      "ordinary",
      {
        targets: { [policyArn("AmazonEKSArgoCDPolicy")]: ["ns/argocd"], [EDIT]: ["cluster"] },
      },
      NODE,
    ],
    [
      "ordinary",
      { targets: { [policyArn("AmazonEKSACKPolicy")]: ["cluster"], groups: ["group/x"] } },
      NODE,
    ],
    ["ordinary", {}, NODE],
    ["ordinary", {}, "arn:aws:iam::111122223333:user/aws-service-role/eve"],
  ])("An entry is of kind %s", (kind, changes, principal) => {
    const expected = principal.includes(":user/aws-service-role/") ? "service" : kind;
    expect(standing(changes, [], principal)?.kind).toBe(expected);
  });

  it("The power of an entry is that of its most powerful policy", () => {
    const targets = { [VIEW]: ["cluster"], [CLUSTER_ADMIN]: ["ns/ci"] };
    expect(standing({ targets })?.power).toBe("everything");
  });

  it("A very long scope is cut, no policy is left out, and the entry says so", () => {
    const many = Array.from({ length: 1_200 }, (_, at) => `ns/n-${at}`);
    const cut = standing({ targets: { [EDIT]: many, [VIEW]: ["ns/a", "ns/b"] } });
    expect(cut?.isCut).toBe(true);
    expect(cut?.policies.map(({ elements }) => elements.length)).toEqual([1_000, 1]);
    expect(standing({ targets: { [EDIT]: many.slice(0, 1_000) } })?.isCut).toBe(false);
  });

  it("EKS's facts about the entry are kept", () => {
    const { username, createdAt, type } = anEntry();
    expect(standing({})).toMatchObject({ username, createdAt, type, readAt: T0 });
  });
});

describe("The order of entries", () => {
  const order = (entry: Parameters<typeof standing>[0], principal?: string) =>
    standingOrder(standing(entry, [], principal) ?? expect.fail("It does not stand."));

  it("Ordinary entries come first, then by power, and the whole cluster before namespaces", () => {
    const inOrder = [
      order({ targets: { [CLUSTER_ADMIN]: ["cluster"] } }),
      order({ targets: { [CLUSTER_ADMIN]: ["ns/a"], [VIEW]: ["cluster"] } }),
      order({ targets: { groups: ["group/a"] } }),
      order({ targets: { [EDIT]: ["cluster"] } }),
      order({ targets: { [EDIT]: ["ns/a"] } }),
      order({ targets: { [VIEW]: ["cluster"] } }),
      order({}),
      order({ targets: { [policyArn("AmazonEKSKROPolicy")]: ["cluster"] } }),
      order({}, SERVICE),
      order({ type: "EC2_LINUX" }, NODE),
    ];
    expect(inOrder.toSorted()).toEqual(inOrder);
    expect(new Set(inOrder).size).toBe(inOrder.length);
  });
});
