/** A suspension of somebody whom converge's policy named only after it had followed the record, while its copy is kept back. */
import { expect, it } from "vitest";
import { aPolicy, settings, T0 } from "../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { memoryStopCopyStore, memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import {
  NO_STOPS,
  type StopDraft,
  type StopRecord,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../../../shared/domain/stops/stops.ts";
import { loadCopy, readStops } from "../../../../shared/usecases/converge/read-stops.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";

const NEW = withAdmins(aPolicy());
const { alice: _, ...others } = NEW.people;
const OLD: AccessPolicy = { ...NEW, people: others, hash: "a".repeat(64) };

const after = (before: Stops, over: Partial<StopDraft> & { readonly person?: string }) =>
  stopRecord(before, aStop({ at: T0, policyHash: NEW.hash, ...over } as never));

it("It is kept by the next run, whatever somebody puts over the record", async () => {
  const records: StopRecord[] = [];
  const ports = {
    stops: memoryStopStore(records),
    stopCopy: memoryStopCopyStore(),
    settings: settings(),
    clock: fixedClock(T0),
  };
  const run = (policy: AccessPolicy) =>
    readStops({ ...ports, policy }, { log: () => undefined }, loadCopy(ports));
  // The api, taken over, keeps the copy back by a lift that nobody believes yet.
  const lift = {
    type: "lift",
    actor: "mallory",
    person: "bob",
    policyHash: "f".repeat(64),
  } as const;
  const planted = after(NO_STOPS, lift);
  records.push(planted, after(stopsAfter(planted), { person: "alice" }));
  await run(OLD);
  expect((await run(NEW)).ending?.people).toHaveProperty("alice");
  records[1] = after(stopsAfter(planted), { person: "nobody" });
  expect((await run(NEW)).ending?.people).toHaveProperty("alice");
});
