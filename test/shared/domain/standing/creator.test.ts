/** Entries that EKS probably made for whoever created the cluster. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { mayBeCreators } from "../../../../shared/domain/standing/creator.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const ADMIN = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } as const;
const entry = (over: Partial<Parameters<typeof mayBeCreators>[0]> = {}) => ({
  kind: "ordinary",
  createdAt: plusSeconds(T0, 600),
  policies: [ADMIN],
  ...over,
});

describe("An entry that may be the cluster's creator's", () => {
  it.each<[boolean, string, Parameters<typeof entry>[0]]>([
    [true, "is an admin of all, made with the cluster", {}],
    [true, "was made an hour after it", { createdAt: plusSeconds(T0, 3_600) }],
    [false, "was made later", { createdAt: plusSeconds(T0, 3_601) }],
    [false, "is a node's", { kind: "node" }],
    [false, "has another policy", { policies: [{ ...ADMIN, policy: "AmazonEKSAdminPolicy" }] }],
    [
      false,
      "is an admin of namespaces",
      { policies: [{ ...ADMIN, scope: { type: "namespace" } }] },
    ],
    [false, "has no policy", { policies: [] }],
  ])("%s: it %s", (is, _, over) => {
    expect(mayBeCreators(entry(over), T0)).toBe(is);
  });
});
