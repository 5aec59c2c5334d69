import { describe, expect, it } from "vitest";
import { useCommands } from "../../../../shared/domain/requests/use-commands.ts";

const CLUSTER = {
  cluster: "prod",
  clusterArn: "arn:aws:eks:us-west-2:111122223333:cluster/payments-prod",
};
const used = (role: string, over: Partial<typeof CLUSTER> = {}) =>
  useCommands({
    ...CLUSTER,
    principalArn: `arn:aws:iam::111122223333:role/${role}`,
    ...over,
  });

describe("The commands of a requester once access is there", () => {
  it.each(["timelatch/people/timelatch-person-alice", "blue/people/blue-person-alice"])(
    "To use the personal role %s it takes only timelatch and kubectl",
    (role) => {
      expect(used(role)).toEqual([
        "timelatch kubeconfig prod",
        "kubectl --context timelatch-prod get pods",
      ]);
    },
  );

  it.each([
    "people/alice",
    "timelatch-person-alice",
    "timelatch/people/alice",
    "blue/people/timelatch-person-alice",
    "a/timelatch/people/timelatch-person-alice",
  ])("To use the role %s of somebody's own making it takes the AWS CLI", (role) => {
    expect(used(role)).toEqual([
      "aws eks update-kubeconfig --region us-west-2 --name payments-prod",
    ]);
  });

  it("For a cluster with an invalid ARN, nothing is said", () => {
    expect(used("timelatch/people/timelatch-person-alice", { clusterArn: "prod" })).toEqual([]);
  });
});
