import { describe, expect, it } from "vitest";
import { clusterNamed, lentClusters } from "../../../cli/kubernetes/lent-cluster.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";
const own = (account: string) =>
  `arn:aws:iam::${account}:role/timelatch/people/timelatch-person-alice`;
const LENT: AccessAnswer = {
  person: "alice",
  principals: [own(HUB), own(SPOKE)],
  clusters: [
    { name: "near", arn: `arn:aws:eks:us-west-2:${HUB}:cluster/prod` },
    { name: "far", arn: `arn:aws:eks:eu-west-1:${SPOKE}:cluster/prod` },
  ],
  rules: [],
};

describe("The cluster that somebody means", () => {
  it("A cluster is found by its name in access.yaml, with the role in its account", () => {
    expect(clusterNamed(LENT, "far")).toMatchObject({
      name: "far",
      cluster: { name: "prod", region: "eu-west-1", account: SPOKE },
      roleArn: own(SPOKE),
    });
    expect(lentClusters(LENT).map(({ roleArn }) => roleArn)).toEqual([own(HUB), own(SPOKE)]);
  });

  it("An unknown name is refused with the nearest", () => {
    expect(() => clusterNamed(LENT, "neer")).toThrow('on a cluster called "neer"');
  });

  it("With several roles in the account, one has to be named, and only one's own", () => {
    const two = { ...LENT, principals: [own(HUB), `arn:aws:iam::${HUB}:role/alice`] };
    expect(() => clusterNamed(two, "near")).toThrow("You have several roles in the account");
    expect(clusterNamed(two, "near", own(HUB)).roleArn).toBe(own(HUB));
    expect(() => clusterNamed(two, "near", `arn:aws:iam::${HUB}:role/bob`)).toThrow(
      "is not among your principals",
    );
  });

  it("Without a role in the account, the failure says so", () => {
    expect(() => clusterNamed({ ...LENT, principals: [own(HUB)] }, "far")).toThrow(
      "You have no role in the account of far.",
    );
  });
});
