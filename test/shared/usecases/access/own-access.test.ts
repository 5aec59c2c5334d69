/** The access that somebody has themselves, on all clusters at once. */
import { describe, expect, it } from "vitest";
import { PROD, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { readOwnAccess } from "../../../../shared/usecases/access/own-access.ts";

const PASS = "01935e00-0000-7000-8000-00000000aaaa";
const LATER = plusSeconds(T0, 60);

/** Alice asks where these clusters were read at these instants, and nothing stood there. */
async function asksWhere(...readings: readonly (readonly [{ readonly arn: string }, string])[]) {
  const broker = memoryBroker();
  const standing = memoryStandingStore();
  for (const [{ arn }, at] of readings) {
    const begun = beginPass(noRecord(arn, at), PASS, at);
    if (!begun.reading) throw new Error("No pass began.");
    await standing.save(completePass(begun, begun.reading, at));
  }
  broker.clock.set(LATER);
  return readOwnAccess({ ...broker.front, standing }, broker.actor("alice"), []);
}

describe("The own access of a person", () => {
  it("Standing access is known as of the earliest of all readings", async () => {
    for (const [prod, staging] of [
      [T0, LATER],
      [LATER, T0],
    ] as const)
      expect(await asksWhere([PROD, prod], [STAGING, staging])).toMatchObject({
        standingAsOf: T0,
        unread: [],
      });
  });

  it.each([
    ["prod", PROD],
    ["staging", STAGING],
  ])("Standing access is known as of no instant where only %s was read", async (_, cluster) => {
    const { standingAsOf, unread } = await asksWhere([cluster, T0]);
    expect(standingAsOf).toBeNull();
    expect(unread).toMatchObject([{ why: "never-read" }]);
  });
});
