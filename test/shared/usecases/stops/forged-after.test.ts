/** Records that say of somebody that they are stopped, although no record stopped them. */
import { expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { NO_STOPS, type StopRecord, stopRecord } from "../../../../shared/domain/stops/stops.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";

it("A suspension is made although a record says that somebody else has made it", async () => {
  const broker = memoryBroker({ policy: withAdmins() });
  await broker.activeGrant();
  const { hash: policyHash } = broker.front.policy;
  const { hash: _, ...plain } = stopRecord(NO_STOPS, aStop({ person: "dave", policyHash }));
  const by = { by: "dora", at: broker.clock.now(), reason: "INC-9" };
  const after = { people: { alice: by }, drain: null };
  broker.stopRecords.push(
    linked({ ...plain, details: { ...plain.details, after } } as never) as StopRecord,
  );
  await broker.converge();
  expect(broker.actual()).toBeDefined();
  const suspend = () =>
    changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "her laptop is gone");
  await suspend().catch(() => undefined);
  await broker.converge();
  expect(broker.actual()).toBeUndefined();
});
