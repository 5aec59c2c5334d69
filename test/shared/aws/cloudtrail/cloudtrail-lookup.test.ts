import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrailRecord } from "../../../../lab/sandbox/aws/cloudtrail/trail-record.ts";
import { cloudTrailLookup } from "../../../../shared/aws/cloudtrail/cloudtrail-lookup.ts";
import { trailLookupContract } from "../../../contracts/trail-lookup.contract.ts";
import {
  admin,
  stranger,
  type TrailWorld,
  trailWorld,
} from "../../../lab/sandbox/aws/cloudtrail/trail-world.ts";
import { ACCOUNT, REGION } from "../../../lab/sandbox/aws/iam-world.ts";

/** Reads its own account as this role, and the other one with its keys. */
const lookupAs = (role: typeof admin) =>
  cloudTrailLookup(world.configured(role), ({ account }) =>
    account === ACCOUNT ? undefined : async () => world.keysElsewhere(account),
  );

let world: TrailWorld;
beforeAll(async () => {
  world = await trailWorld();
});
afterAll(() => world.close());

trailLookupContract("cloudTrailLookup", async () => {
  world.history.records.length = 0;
  // Later than the last lookup of the test before.
  world.clock.ms = Math.max(Date.now(), world.clock.ms + 1_000);
  return {
    lookup: lookupAs(admin),
    add: (record) => world.history.add(record as TrailRecord),
    pass: (seconds) => world.pass(seconds),
    now: () => new Date(world.clock.ms).toISOString(),
  };
});

it("A lookup without permission fails with AWS's error", async () => {
  const lookup = lookupAs(stranger);
  const place = { partition: "aws", account: ACCOUNT, region: REGION };
  const sessions = { place, sessionName: "timelatch-1", from: "2026-11-24T10:00:00.000Z" };
  await expect(
    lookup.eventsOf({ ...sessions, until: "2026-11-24T11:00:00.000Z" }, undefined),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
});
