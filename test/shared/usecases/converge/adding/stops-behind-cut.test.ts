/** A suspension behind a break of the chain that lies before what converge had followed once. */
import { expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopDraft,
  type StopRecord,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

it("It is kept while the copy is kept back, also once others restore what they broke", async () => {
  const broker = memoryBroker({ policy: withAdmins() });
  broker.othersHad({ [EDIT]: ["ns/own"] });
  await broker.activeGrant();
  const at = broker.clock.now();
  const lift = { type: "lift", actor: "mallory", person: "alice", policyHash: "f".repeat(64), at };
  const planted = stopRecord(NO_STOPS, aStop(lift as Partial<StopDraft>));
  broker.stopRecords.push(planted);
  await broker.converge();
  broker.stopRecords[0] = "junk" as unknown as StopRecord;
  await changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "her laptop is gone");
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  const { hash: policyHash } = broker.front.policy;
  const other = aStop({ person: "nobody", policyHash, at });
  broker.stopRecords.splice(0, 2, planted, stopRecord(stopsAfter(planted), other));
  const next = await broker.grant({ access: edit("payments-web") });
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  expect(await broker.states(next)).not.toEqual(["active"]);
});
