import { describe, expect, it } from "vitest";
import { ALICE, BOB, PROD, STAGING } from "../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryAccessEntries } from "../../../lab/fakes/memory-access-entries.ts";
import { memoryConvergeQueue } from "../../../lab/fakes/memory-converge-queue.ts";
import type { CallFault } from "../../../lab/fakes/memory-eks-calls.ts";
import { type ArmedTimer, memorySchedules } from "../../../lab/fakes/memory-schedules.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import { accessEntriesContract } from "../../contracts/access-entries.contract.ts";
import { convergeQueueContract } from "../../contracts/converge-queue.contract.ts";
import { type SeenTimer, schedulesContract } from "../../contracts/schedules.contract.ts";

const ADDRESS: EntryAddress = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const SESSION = { sessionName: "timelatch-1", sourceIdentity: "alice" };
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

function aws(fault?: () => CallFault | undefined) {
  return memoryAccessEntries({
    now: fixedClock().now,
    principals: new Map([[ALICE, "AROAALICE"]]),
    clusters: new Set([PROD.arn]),
    ...(fault ? { fault } : {}),
  });
}

accessEntriesContract("memoryAccessEntries", async () => ({
  entries: aws(),
  address: ADDRESS,
  principalId: "AROAALICE",
  nobody: { ...ADDRESS, principalArn: BOB },
  nowhere: { ...ADDRESS, cluster: clusterOf(STAGING.arn) },
}));

schedulesContract("memorySchedules", async () => {
  let takesFuses = true;
  const schedules = memorySchedules({
    takesFuses: () => takesFuses,
  });
  return {
    schedules,
    refuseFuses: () => {
      takesFuses = false;
    },
    armed: async () =>
      [...schedules.timers.values()]
        .toSorted((a, b) => (a.at < b.at ? -1 : 1))
        .map((timer) => ({ at: timer.at, does: whatItDoes(timer) })),
  };
});

function whatItDoes(timer: ArmedTimer): SeenTimer["does"] {
  if (timer.kind === "revocation") return { converge: timer.binding };
  const { principalArn, cluster } = timer.address;
  const entry = { principalArn, cluster: cluster.name };
  return timer.target === "groups"
    ? { deleteEntry: true, ...entry }
    : { disassociate: timer.target, ...entry };
}

convergeQueueContract("memoryConvergeQueue", async () => {
  const queue = memoryConvergeQueue();
  return { queue, sent: async () => queue.sent };
});

describe("memoryAccessEntries for failure tests", () => {
  it.each([
    { applied: "no", now: undefined, later: undefined },
    { applied: "yes", now: "STANDARD", later: "STANDARD" },
    { applied: "later", now: undefined, later: "STANDARD" },
  ] as const)("A create that fails takes effect: $applied", async ({ applied, now, later }) => {
    const faults: CallFault[] = [{ failure: "unknown", code: "Timeout", applied }];
    const entries = aws(() => faults.shift());
    const created = entries.create(ADDRESS, SESSION, "t");
    await expect(created).rejects.toMatchObject({ failure: "unknown", code: "Timeout" });
    expect(entries.peek(ADDRESS)?.type).toBe(now);
    entries.applyLate();
    expect(entries.peek(ADDRESS)?.type).toBe(later);
    expect(entries.calls.map(({ result }) => result)).toEqual(["Timeout"]);
  });

  it("A late change is dropped if EKS would refuse it by then", async () => {
    const faults: CallFault[] = [{ failure: "unknown", code: "Timeout", applied: "later" }];
    const entries = aws(() => faults.shift());
    const created = entries.create(ADDRESS, SESSION, "t");
    await expect(created).rejects.toThrow();
    entries.edit(ADDRESS, () => ({ targets: { [VIEW]: ["cluster"] } }));
    expect(entries.applyLate()).toBe(1);
    expect(entries.peek(ADDRESS)?.targets).toEqual({ [VIEW]: ["cluster"] });
  });

  it("Somebody else can create, change and delete an entry", async () => {
    const entries = aws();
    entries.edit(ADDRESS, () => ({ targets: { [VIEW]: ["ns/a"], groups: [] } }));
    const made = await entries.read(ADDRESS, SESSION);
    expect(made).toMatchObject({ tags: {}, targets: { [VIEW]: ["ns/a"] } });
    entries.edit(ADDRESS, (entry) => ({ ...entry, targets: { [VIEW]: ["ns/b"] } }));
    const changed = await entries.read(ADDRESS, SESSION);
    expect(changed).toEqual({ ...made, targets: { [VIEW]: ["ns/b"] } });
    entries.edit(ADDRESS, () => undefined);
    expect(await entries.read(ADDRESS, SESSION)).toBeUndefined();
    expect(entries.calls).toEqual([]);
  });
});
