import { describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import type { EksCaller } from "../../../../shared/aws/eks/eks-caller.ts";
import { eksEntryReads } from "../../../../shared/aws/eks/eks-entry-reads.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import { CallFailed } from "../../../../shared/ports/access-entries.ts";

const ADDRESS = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const SESSION = { sessionName: "timelatch-1", sourceIdentity: "alice" };
const ENTRY = {
  accessEntryArn: "arn:aws:eks:us-west-2:111122223333:access-entry/prod/role/x/y/z",
  createdAt: new Date(T0),
  username: "somebody",
  type: "STANDARD",
};
const record = (operation: string) => ({
  operation,
  requestId: "r-1",
  sessionName: SESSION.sessionName,
  at: T0,
  result: "ok",
});

/** An EKS that gives these answers. */
function reading(answers: Readonly<Record<string, () => object>>) {
  const eks = (async (_at, _session, operation) => ({
    output: answers[operation]?.(),
    record: record(operation),
  })) as EksCaller;
  return eksEntryReads(eks, { deadline: () => 8_000 }).read(ADDRESS, SESSION);
}

const described = (accessEntry: object) => ({ DescribeAccessEntry: () => ({ accessEntry }) });
const missing = (operation: string) => () => {
  throw new CallFailed("refused", "ResourceNotFoundException", "not found", record(operation));
};

describe("A read of an entry", () => {
  it("A read contains the username, which an update of the groups has to include", async () => {
    const answers = { ...described(ENTRY), ListAssociatedAccessPolicies: () => ({}) };
    expect(await reading(answers)).toMatchObject({ username: "somebody", createdAt: T0 });
  });

  it("A read has no associations if EKS describes the entry but does not find it to list them", async () => {
    const answers = {
      ...described({ ...ENTRY, kubernetesGroups: ["admins"] }),
      ListAssociatedAccessPolicies: missing("ListAssociatedAccessPolicies"),
    };
    expect((await reading(answers))?.targets).toEqual({ groups: ["group/admins"] });
  });

  it("A policy without a scope is none, so that nothing is looked for on it", async () => {
    const associatedAccessPolicies = [
      { policyArn: "arn:edit", accessScope: { type: "namespace", namespaces: [] } },
      { policyArn: "arn:view", accessScope: { type: "cluster" } },
    ];
    const answers = {
      ...described(ENTRY),
      ListAssociatedAccessPolicies: () => ({ associatedAccessPolicies }),
    };
    expect((await reading(answers))?.targets).toEqual({ "arn:view": ["cluster"] });
  });

  it("A read is undefined if EKS describes no entry", async () => {
    const answers = { DescribeAccessEntry: missing("DescribeAccessEntry") };
    expect(await reading(answers)).toBeUndefined();
  });

  it.each(["createdAt", "accessEntryArn"])("A read fails if the answer lacks %s", async (name) => {
    const answers = {
      ...described({ ...ENTRY, [name]: undefined }),
      ListAssociatedAccessPolicies: () => ({}),
    };
    await expect(reading(answers)).rejects.toMatchObject({
      failure: "unknown",
      code: "IncompleteAnswer",
      message: `DescribeAccessEntry answered without ${name}.`,
      record: { operation: "DescribeAccessEntry", result: "IncompleteAnswer" },
    });
  });
});
