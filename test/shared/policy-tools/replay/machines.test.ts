/** A replay under a policy in which an approver is a machine, or the asker is one that its approver owns. */
import { expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy, MachineTerms } from "../../../../shared/domain/policy/policy.ts";
import { replayed, verdicts } from "./played-record.ts";

const asMachine = (name: string, owners: readonly string[]): AccessPolicy => {
  const policy = aPolicy();
  const person = policy.people[name];
  if (!person) throw new Error(`There is no ${name}.`);
  const machine: MachineTerms = { owners, ownersApprove: false };
  return { ...policy, people: { ...policy.people, [name]: { ...person, machine } } };
};

it("What bob agreed to needs others where bob is a machine, or owns the machine that asked", async () => {
  const policy = aPolicy();
  const broker = memoryBroker({ policy });
  await broker.approve(await broker.ask());
  const under = (other: AccessPolicy) => verdicts(replayed(broker, policy, other));
  expect(under(policy)).toEqual(["same"]);
  expect(under(asMachine("bob", ["sre"]))).toEqual(["others-needed"]);
  expect(under(asMachine("alice", ["payments-leads"]))).toEqual(["others-needed"]);
  expect(under(asMachine("alice", ["sre"]))).toEqual(["same"]);
});

it("A break-glass that carol used is refused where carol is a machine", async () => {
  const policy = aPolicy();
  const broker = memoryBroker({ policy });
  const glass = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } as const;
  await broker.ask({ access: glass, durationSeconds: 1_800 }, "carol");
  expect(verdicts(replayed(broker, policy, asMachine("carol", ["payments-leads"])))).toEqual([
    "refused",
  ]);
});
