/** How far back intents are read for grants that a ledger does not know. */
import { expect, it } from "vitest";
import { ALICE, aFirstStep, PROD, settings } from "../../../../../lab/fakes/builders.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { uuidV7 } from "../../../../../shared/aws/machine/uuid-ids.ts";
import type { CallIntent } from "../../../../../shared/domain/evidence/calls/call-intent.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { MOST_INTENTS, readIntents } from "../../../../../shared/usecases/converge/read-intents.ts";

const NOW = "2026-11-24T10:00:00.000Z";
const PAGE = 500;

/** An intent each second before now, the newest first. The last one serves `grant`. */
const intents = (count: number, apart = 1): readonly CallIntent[] =>
  Array.from({ length: count }, (_, at) => ({
    sessionName: "s",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    from: plusSeconds(NOW, -at * apart),
    until: NOW,
    calls: [
      {
        operation: "AssociateAccessPolicy",
        target: EDIT,
        elements: [],
        requestIds: [at === count - 1 ? "grant" : `other ${at}`],
      },
    ],
    owners: {},
  }));

const grant = (over: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aFirstStep().request,
  id: "grant",
  ...over,
});

/** Reads these intents, and counts the reads. */
async function read(stored: readonly CallIntent[], strangers: readonly AccessRequest[]) {
  let reads = 0;
  const evidence: ReturnType<typeof memoryBroker>["ports"]["evidence"] = {
    ...memoryBroker().ports.evidence,
    intents: async (_, before, most) => {
      reads += 1;
      return stored.filter(({ from }) => from < before).slice(0, most);
    },
  };
  const ports = { evidence, settings: settings() };
  const found = await readIntents(ports, "binding", strangers);
  const ids = new Set(found.intents.flatMap(({ calls }) => calls[0]?.requestIds ?? []));
  return { reads, isCut: found.isCut, count: ids.size };
}

const madeAgo = (seconds: number) =>
  uuidV7(Date.parse(plusSeconds(NOW, -seconds)), new Uint8Array(10));

it("One read is enough where the entry has fewer intents than a page", async () => {
  const found = await read(intents(PAGE - 1), [grant({ effectiveAt: NOW })]);
  expect(found).toEqual({ reads: 1, isCut: false, count: PAGE - 1 });
});

it("One read is enough where it goes back to before the oldest grant was asked for", async () => {
  const young = grant({ id: madeAgo(60) });
  expect(await read(intents(3 * PAGE), [young])).toMatchObject({ reads: 1, isCut: false });
  const older = grant({ id: madeAgo(PAGE + 10) });
  expect(await read(intents(3 * PAGE), [young, older])).toMatchObject({ reads: 2, isCut: false });
});

it("Intents are read on for an active grant that no call served, since earlier calls may have given it its access", async () => {
  const active = grant({ id: madeAgo(60), effectiveAt: NOW });
  const found = await read(intents(2 * PAGE), [active]);
  expect(found).toMatchObject({ isCut: false, count: 2 * PAGE });
});

it("An id that does not say when it was made has all intents read", async () => {
  expect(await read(intents(2 * PAGE + 1), [grant()])).toMatchObject({
    isCut: false,
    count: 2 * PAGE + 1,
  });
});

it("A page that ends within an instant loses no intent of it", async () => {
  const stored = intents(PAGE + 10, 0.000334);
  expect(await read(stored, [grant()])).toMatchObject({ isCut: false, count: PAGE + 10 });
});

it.each([
  ["more intents than are read", 1],
  ["one instant's intents, which go on without end", 0],
])("The list is cut at %s", async (_, apart) => {
  const found = await read(intents(MOST_INTENTS + PAGE, apart), [grant()]);
  expect(found.isCut).toBe(true);
  expect(found.reads).toBeLessThanOrEqual(MOST_INTENTS / PAGE + 1);
});
