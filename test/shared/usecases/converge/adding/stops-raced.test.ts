/** A suspension that one run has followed, while another run reads a chain that somebody wrote over meanwhile. */
import { expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import { NO_STOPS, stopRecord, stopsAfter } from "../../../../../shared/domain/stops/stops.ts";
import { readStops } from "../../../../../shared/usecases/converge/read-stops.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

it("A suspension that a run has kept stays, where another run had read the copy before it", async () => {
  const broker = memoryBroker({ policy: withAdmins() });
  broker.othersHad({ [EDIT]: ["ns/own"] });
  await broker.activeGrant();
  const at = broker.clock.now();
  const { hash: policyHash } = broker.front.policy;
  const record = (before: typeof NO_STOPS, person: string) =>
    stopRecord(before, aStop({ person, policyHash, at }));
  // The run of another entry has read the copy, and not the records yet.
  const earlier = broker.ports.stopCopy.load();
  await earlier;
  await changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "her laptop is gone");
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  const first = record(NO_STOPS, "dave");
  broker.stopRecords.splice(0, 1, first, record(stopsAfter(first), "bella"));
  await readStops(broker.ports, { log: () => undefined }, { copy: earlier });
  const next = await broker.grant({ access: edit("payments-web") });
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  expect(await broker.states(next)).not.toEqual(["active"]);
});
