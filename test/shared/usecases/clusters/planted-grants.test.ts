/** Standing access beside a record that functions which face people planted, as if a grant had lent it. */
import { expect, it } from "vitest";
import { aStep, PROD } from "../../../../lab/fakes/builders.ts";
import type { ActualEntry } from "../../../../shared/domain/entries/actual-entry.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aCall } from "../../domain/evidence/samples.ts";
import { aGrant, anEntry, CLUSTER_ADMIN, EDIT, TAGGED } from "../../domain/standing/samples.ts";
import { aLife, roleOf, standingWorld } from "./standing-fixture.ts";

const access = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } as const;
const ADMINISTERED = { [CLUSTER_ADMIN]: ["cluster"] };
const WHO = roleOf("r000");

/** A world in which prod has this on one entry. */
function worldWith(entry: Partial<ActualEntry>) {
  const world = standingWorld(0);
  world.world.entries.get(PROD.arn)?.set(WHO, anEntry(entry));
  return world;
}

it.each([
  ["ending, and never was active", { state: "ending", effectiveAt: null }],
  ["active, under a rule that there is not", { state: "active", rule: "no-such-rule" }],
] as const)(
  "What an intruder added is listed with the record's id, although a planted record is %s",
  async (_, planted) => {
    const { plant, run, listed } = worldWith({ targets: ADMINISTERED });
    const record = aGrant({ access, ...planted });
    plant(WHO, record);
    await run();
    expect(await listed()).toMatchObject([
      { policies: [{ policyArn: CLUSTER_ADMIN, elements: ["cluster"] }], claimedBy: [record.id] },
    ]);
  },
);

it("So is what converge was never about to add, although a whole history was made up as well", async () => {
  const { record, intend, run, listed } = worldWith({ tags: TAGGED, targets: ADMINISTERED });
  record(WHO, aLife(WHO, access));
  intend(WHO, { ...access, policy: "AmazonEKSViewPolicy" });
  await run();
  expect((await listed())?.flatMap(({ policies }) => policies)).toMatchObject([
    { policyArn: CLUSTER_ADMIN },
  ]);
});

it("A record claims no more than its history has, and nothing of another entry", async () => {
  const targets = { ...ADMINISTERED, [EDIT]: ["ns/payments-api"] };
  const { world, lend, plant, intend, run, listed } = worldWith({ tags: TAGGED, targets });
  lend(WHO);
  intend(WHO, access);
  const [{ request }] = aLife(WHO).slice(-1) as [ReturnType<typeof aStep>];
  plant(WHO, { ...request, access });
  world.entries.get(PROD.arn)?.set(roleOf("other"), anEntry({ tags: TAGGED, targets }));
  intend(roleOf("other"), access);
  plant(roleOf("other"), { ...request, access, principalArn: roleOf("other") });
  await run();
  const of = async (who: string) =>
    (await listed())
      ?.find(({ principalArn }) => principalArn === who)
      ?.policies.map(({ policyArn }) => policyArn);
  expect(await of(WHO)).toEqual([CLUSTER_ADMIN]);
  expect((await of(roleOf("other")))?.toSorted()).toEqual([CLUSTER_ADMIN, EDIT]);
});

it("An old record that was put back after its grant ended explains nothing", async () => {
  const { clock, record, intend, plant, run, listed } = worldWith({
    tags: TAGGED,
    targets: ADMINISTERED,
  });
  const life = aLife(WHO, access);
  const [active] = life.slice(-1) as [ReturnType<typeof aStep>];
  const ending = aStep(active.request, { type: "revoke" });
  record(WHO, [...life, ending, aStep(ending.request, { type: "settle" })]);
  intend(WHO, access);
  plant(WHO, active.request);
  clock.set(plusSeconds(clock.now(), 60));
  await run();
  expect(await listed()).toHaveLength(1);
});

it("A grant whose intents are no longer there is explained by the calls for it", async () => {
  const { evidence, record, run, listed } = worldWith({ tags: TAGGED, targets: ADMINISTERED });
  const life = aLife(WHO, access);
  record(WHO, life);
  const requestIds = life.slice(-1).map(({ request }) => request.id);
  await evidence.putCall(aCall({ clusterArn: PROD.arn, principalArn: WHO, requestIds }));
  await run();
  expect(await listed()).toEqual([]);
});

it("A grant that needed no call while another one ran is explained by what that one had added", async () => {
  const { record, intend, run, listed } = worldWith({ tags: TAGGED, targets: ADMINISTERED });
  record(WHO, aLife(WHO, access));
  // Its own call was for both.
  intend(WHO, access);
  await run();
  expect(await listed()).toEqual([]);
});
