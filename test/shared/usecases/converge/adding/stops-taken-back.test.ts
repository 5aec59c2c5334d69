/** A suspension that converge has followed, and that whoever may add records writes over. */
import { expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopDraft,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

it("Nothing is lent to a suspended person, although the copy was kept back before that was written over", async () => {
  const broker = memoryBroker({ policy: withAdmins() });
  broker.othersHad({ [EDIT]: ["ns/own"] });
  await broker.activeGrant();
  const at = broker.clock.now();
  const lift = { type: "lift", actor: "mallory", person: "alice", policyHash: "f".repeat(64), at };
  const planted = stopRecord(NO_STOPS, aStop(lift as Partial<StopDraft>));
  broker.stopRecords.push(planted);
  await changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "her laptop is gone");
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  const { hash: policyHash } = broker.front.policy;
  const other = aStop({ person: "nobody", policyHash, at });
  broker.stopRecords[1] = stopRecord(stopsAfter(planted), other);
  const next = await broker.grant({ access: edit("payments-web") });
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  expect(await broker.states(next)).not.toEqual(["active"]);
});
