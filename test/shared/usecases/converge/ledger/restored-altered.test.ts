/** A ledger that was restored to before a grant, whose record others forged as other access that the same call carried. */
import { expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, PROD } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
} from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";
import type { CallIntent } from "../../../../../shared/domain/evidence/calls/call-intent.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { MOST_INTENTS } from "../../../../../shared/usecases/converge/read-intents.ts";

const LONG = { durationSeconds: 7_200 } as const;

it.each([
  ["its owner's", { access: edit("base") }],
  ["another live grant's", { access: edit("payments-web") }],
  [
    "another live grant's, of one that seems not to have begun",
    { access: edit("payments-web"), state: "approved", effectiveAt: null },
  ],
] as const)("Access is no baseline where a record is forged as %s", async (_, change) => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant();
  older();
  forge(broker, lent, change);
  await broker.converge();
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).not.toContain("payments-api");
});

it("Nor where a record of two namespaces is forged as one of them", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: edit("payments-web"), ...LONG });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant({ access: edit("payments-api", "payments-two") });
  older();
  forge(broker, lent, { access: edit("payments-api") });
  await broker.converge();
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
});

/** Stores intents of other calls on the entry, from one second after now. */
function plant({ evidence, binding, clock }: MemoryBroker, count: number): void {
  const intents = evidence.kept[2];
  const stored = (intents?.get(binding) ?? new Map()) as ReadonlyMap<string, CallIntent>;
  const calls = [{ operation: "AssociateAccessPolicy", target: VIEW, requestIds: ["other"] }];
  const planted = Array.from({ length: count }, (_, at) => {
    const from = plusSeconds(clock.now(), 1 + at / 1_000);
    const intent = { calls: [{ ...calls[0], elements: [] }], owners: {}, from, until: from };
    return [
      from,
      { ...intent, sessionName: "s", clusterArn: PROD.arn, principalArn: ALICE },
    ] as const;
  });
  intents?.set(binding, new Map<string, unknown>([...stored, ...planted]));
  clock.advance(60);
}

it("Nor where hundreds of intents were stored on the entry since the grant began", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant(LONG);
  plant(broker, 512);
  older();
  await broker.converge();
  await broker.convergeAtEnd(lent);
  await broker.settle(900);
  expect(broker.namespaces(EDIT)).toEqual(["base"]);
});

it("Where there are more than are read, nothing is added, and the grant does not end while its access may be there", async () => {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  const older = tablesAsOf(broker).ledgers;
  const lent = await broker.activeGrant(LONG);
  plant(broker, MOST_INTENTS);
  older();
  const next = await broker.grant({ access: edit("payments-web"), ...LONG });
  await broker.converge();
  broker.clock.advance(600);
  await broker.converge();
  expect((await broker.ledger())?.unsureSince).toBeDefined();
  await broker.convergeAtEnd(lent);
  expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
  expect(await broker.states(lent, next)).toEqual(["ending", "failed"]);
  broker.othersHad({ [EDIT]: ns("base") });
  broker.clock.advance(60);
  await broker.converge();
  expect(await broker.states(lent)).toEqual(["ended"]);
});
