import { describe, expect, it, vi } from "vitest";
import { ACCOUNT, PROD, REGION } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, identity, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { LookupThrottled } from "../../../../shared/ports/trail-lookup.ts";

type Broker = ReturnType<typeof correlateBroker>;

const MALLORY = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
const LOOKUP_SECONDS = 1_200;

const typesOf = async ({ evidence }: Broker, id: string) =>
  (await evidence.evidenceOf(id)).map(({ type }) => type);

/** A grant whose calls CloudTrail has, and EventBridge lost. */
async function withLostEvents(broker = correlateBroker()) {
  const grant = await broker.activeGrant();
  const calls = await broker.waiting();
  for (const call of calls) broker.trail.add(recordOf(call));
  return { broker, grant, calls, session: calls[0]?.sessionName ?? "" };
}

/** Somebody only reads, in a session of this name, in the ten seconds from an instant on. */
function flood(broker: Broker, session: string, from: string, count: number) {
  for (let index = 0; index < count; index += 1)
    broker.trail.add({
      eventSource: "eks.amazonaws.com",
      recipientAccountId: ACCOUNT,
      awsRegion: REGION,
      readOnly: true,
      eventTime: `${plusSeconds(from, index % 10).slice(0, 19)}Z`,
      userIdentity: identity(MALLORY, session),
    });
}

describe("Calls whose events EventBridge lost", () => {
  it("CloudTrail's event history confirms the calls, twenty minutes after they were made", async () => {
    const { broker, grant, session } = await withLostEvents();
    broker.clock.advance(LOOKUP_SECONDS - 1);
    await broker.lookUp();
    expect(broker.trail.lookups).toEqual([]);
    broker.clock.advance(1);
    expect(await broker.lookUp()).toMatchObject({ missing: 0 });
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
    expect(broker.trail.lookups).toMatchObject([{ sessionName: session }]);
    expect(await broker.waiting()).toEqual([]);
  });

  it("Events that come by EventBridge after all add nothing", async () => {
    const { broker, grant, calls } = await withLostEvents();
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp();
    for (const call of calls) await broker.deliver(recordOf(call));
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
  });

  it("A call that EventBridge confirmed is not looked up", async () => {
    const { broker, calls } = await withLostEvents();
    for (const call of calls) await broker.deliver(recordOf(call));
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp();
    expect(broker.trail.lookups).toEqual([]);
  });

  it("A change in a grant's session that the broker did not make becomes a finding", async () => {
    const { broker, calls, session } = await withLostEvents();
    const [call] = calls;
    if (!call) throw new Error("A call was expected.");
    broker.trail.add(
      recordOf({ ...call, eksRequestId: "other" }, { userIdentity: identity(MALLORY, session) }),
    );
    broker.clock.advance(LOOKUP_SECONDS);
    const { correlated } = await broker.lookUp();
    expect(correlated.map(({ outcome }) => outcome)).toContain("finding");
    const chain = findingChain(PROD.arn, broker.clock.now());
    expect(await broker.evidence.findingsIn(chain)).toMatchObject([
      { details: { code: "outside-change" } },
    ]);
  });

  it("Lookups keep to two calls a second", async () => {
    const { broker, grant, calls, session } = await withLostEvents();
    flood(broker, session, plusSeconds(calls[0]?.at ?? "", 1), 100);
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp();
    expect(broker.trail.lookups).toHaveLength(3);
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
  });
});

describe("A search that ends midway", () => {
  it("The next run goes on where a run without time left off", async () => {
    const { broker, grant, calls, session } = await withLostEvents();
    const answered = calls[0]?.at ?? "";
    // The calls come behind two pages of what somebody read in a session of the same name.
    flood(broker, session, plusSeconds(answered, 1), 100);
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp(8_600);
    expect(await typesOf(broker, grant.id)).toEqual([]);
    expect(broker.trail.lookups).toHaveLength(2);
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp();
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
    const [first, , later] = broker.trail.lookups;
    expect(Date.parse(later?.until ?? "")).toBeLessThan(Date.parse(first?.until ?? ""));
  });

  it("A search that others have used up the limit for goes on with the next run", async () => {
    const { broker, grant } = await withLostEvents();
    broker.clock.advance(LOOKUP_SECONDS);
    broker.trail.fail(new LookupThrottled());
    expect(await broker.lookUp()).toEqual({ missing: 0, correlated: [] });
    broker.trail.fail(undefined);
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp();
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
  });

  it("A run that CloudTrail refuses says so, and calls nothing missing", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(90_000);
    const denied = new Error("AccessDeniedException");
    broker.trail.fail(denied);
    expect(await broker.lookUp()).toMatchObject({ missing: 0, error: denied });
    expect(await typesOf(broker, grant.id)).toEqual([]);
    expect(await broker.waiting()).toHaveLength(2);
  });

  it("A session that takes all of a run's time does not keep later sessions waiting", async () => {
    const { broker, calls, session } = await withLostEvents();
    flood(broker, session, plusSeconds(calls[0]?.at ?? "", 1), 1_000);
    broker.clock.advance(60);
    const other = await broker.activeGrant({ access: edit("payments-web") });
    const known = new Set(calls.map(({ eksRequestId }) => eksRequestId));
    const added = (await broker.waiting()).filter(({ eksRequestId }) => !known.has(eksRequestId));
    for (const call of added) broker.trail.add(recordOf(call));
    broker.clock.advance(LOOKUP_SECONDS);
    await broker.lookUp(8_600);
    await broker.lookUp(8_600);
    expect(added).toHaveLength(1);
    expect(await typesOf(broker, other.id)).toEqual(["confirmed"]);
  });
});

describe("Calls that CloudTrail does not show", () => {
  it("A call without an event for a day is missing, once, and a finding", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [first] = await broker.waiting();
    broker.clock.advance(86_399);
    expect(await broker.lookUp()).toMatchObject({ missing: 0 });
    broker.clock.advance(1);
    expect(await broker.lookUp()).toMatchObject({ missing: 2 });
    expect(await broker.lookUp()).toMatchObject({ missing: 0 });
    expect(await broker.evidence.evidenceOf(grant.id)).toMatchObject([
      { type: "missing", details: { eksRequestId: first?.eksRequestId } },
      { type: "missing" },
    ]);
    expect(await broker.evidence.findingsIn(findingChain(PROD.arn, grant.createdAt))).toMatchObject(
      [{ details: { code: "missing-event", requestIds: [grant.id] } }, {}],
    );
  });

  it("A call that the event history has is confirmed a day later, and never missing", async () => {
    const { broker, grant } = await withLostEvents();
    broker.clock.advance(90_000);
    expect(await broker.lookUp()).toMatchObject({ missing: 0 });
    expect(await typesOf(broker, grant.id)).toEqual(["confirmed", "confirmed"]);
  });

  it("A call is not missing before a search has read all of its time", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [call] = await broker.waiting();
    flood(broker, call?.sessionName ?? "", call?.at ?? "", 120);
    broker.clock.advance(90_000);
    expect(await broker.lookUp(8_600)).toMatchObject({ missing: 0 });
    expect(await typesOf(broker, grant.id)).toEqual([]);
    broker.clock.advance(LOOKUP_SECONDS);
    expect(await broker.lookUp()).toMatchObject({ missing: 2 });
  });

  it("A call that is older than the event history is missing", async () => {
    const { broker } = await withLostEvents();
    broker.clock.advance(91 * 86_400);
    expect(await broker.lookUp()).toMatchObject({ missing: 2 });
    expect(broker.trail.lookups).toEqual([]);
  });

  it("An event that comes after its call was missing confirms it", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [first] = await broker.waiting();
    if (!first) throw new Error("A call was expected.");
    broker.clock.advance(90_000);
    await broker.lookUp();
    await broker.deliver(recordOf(first));
    expect(await typesOf(broker, grant.id)).toEqual(["missing", "missing", "confirmed"]);
  });

  it("A call is a finding before its evidence says that it is missing", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [first] = await broker.waiting();
    if (!first) throw new Error("A call was expected.");
    broker.clock.advance(90_000);
    const append = broker.evidence.appendEvidence;
    vi.spyOn(broker.evidence, "appendEvidence").mockImplementationOnce(async (draft) => {
      await append(draft);
      throw new Error("The answer was lost.");
    });
    await expect(broker.lookUp()).rejects.toThrow("The answer was lost.");
    // The event comes before the next run, which then has nothing left to look for.
    await broker.deliver(recordOf(first));
    expect(await typesOf(broker, grant.id)).toEqual(["missing", "confirmed"]);
    expect(await broker.evidence.findingsAbout(grant.id, [])).toMatchObject([
      { details: { code: "missing-event", eksRequestId: first.eksRequestId } },
    ]);
  });
});
