/** Everyone who could reach a cluster at an instant of the past. */
import { describe, expect, it } from "vitest";
import { PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryClusterFactsStore } from "../../../../lab/fakes/memory-cluster-stores.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import {
  eventFindingId,
  findingChain,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import {
  type ReachPage,
  type ReachPorts,
  readReach,
} from "../../../../shared/usecases/clusters/read-reach.ts";
import { aFindingDraft } from "../../domain/evidence/finding-samples.ts";
import { entryOf } from "./kept-readings.ts";
import { roleOf, standingWorld } from "./standing-fixture.ts";

const entryNamed = (name: string) => entryOf(name, "2026-11-24T10:00:00.000Z");

const refused = (code: string) => expect.objectContaining({ code });
type Asked = Partial<ReachPorts> & { readonly limit?: number; readonly by?: string };

/** A broker, and its clusters at an instant: every page in one. */
function reaching() {
  const broker = memoryBroker();
  const ports = {
    ...broker.front,
    clusters: memoryClusterFactsStore(),
    standing: memoryStandingStore(broker.clock.now),
    evidence: broker.evidence,
  } as unknown as ReachPorts;
  const pagesOf = async (at: string | undefined, asked: Asked = {}, cluster = "prod") => {
    const { limit = 100, by = "carol", ...over } = asked;
    const pages: ReachPage[] = [];
    for (let after: string | undefined; pages.length < 50; ) {
      const page = { limit, ...(after === undefined ? {} : { after }) };
      const read = await readReach({ ...ports, ...over }, broker.actor(by), cluster, at, page);
      pages.push(read);
      after = read.next;
      if (after === undefined) return pages;
    }
    throw new Error("It goes on and on.");
  };
  const grantsAt = async (at: string | undefined, asked: Asked = {}) =>
    (await pagesOf(at, asked)).flatMap(({ grants }) => grants);
  return { broker, pagesOf, grantsAt };
}

describe("Grants that reached a cluster", () => {
  it("A grant is there from the read that showed it until the read that proved its end", async () => {
    const { broker, grantsAt } = reaching();
    const active = await broker.activeGrant();
    await broker.convergeAtEnd(active);
    const ending = broker.clock.now();
    await broker.settle();
    const over = await broker.reload(active);
    broker.clock.advance(3_600);
    const [shown, gone] = [active.effectiveAt ?? "", over.endProof?.readAt ?? ""];
    const stateAt = async (at: string) => (await grantsAt(at))[0]?.state;
    expect(await grantsAt(plusSeconds(active.approvedAt ?? "", -1))).toEqual([]);
    expect(await stateAt(shown)).toBe("active");
    expect(await grantsAt(shown)).toMatchObject([
      {
        id: active.id,
        requester: "alice",
        goneAt: gone,
        effectiveAt: shown,
        revokeAt: active.revokeAt,
      },
    ]);
    expect(await stateAt(plusSeconds(ending, 1))).toBe("ending");
    expect(await grantsAt(gone)).toEqual([]);
    expect(await grantsAt(undefined)).toEqual([]);
  });

  it("A record that others wrote hides no grant, and ends nothing", async () => {
    const { broker, grantsAt } = reaching();
    const grant = await broker.activeGrant();
    const requests = Object.assign(Object.create(broker.front.requests), {
      lentOn: async () => ({
        items: [{ ...grant, state: "ended", endedAt: grant.approvedAt }],
        leftOut: 0,
      }),
    });
    const shown = await grantsAt(undefined, { requests });
    expect(shown).toMatchObject([{ id: grant.id, state: "active" }]);
    const unknown = { historyPage: async () => ({ items: [] }) };
    expect(await grantsAt(undefined, { requests: Object.assign(requests, unknown) })).toMatchObject(
      [{ id: grant.id, state: "unknown" }],
    );
  });

  it("A history that was not read to its end leaves open what the grant was from there on", async () => {
    const { broker, grantsAt } = reaching();
    const grant = await broker.activeGrant();
    const real = broker.front.requests;
    const requests = Object.assign(Object.create(real), {
      historyPage: async (id: string) => ({
        ...(await real.historyPage(id, { limit: 9 })),
        next: "more",
      }),
    });
    expect(await grantsAt(undefined, { requests })).toMatchObject([{ state: "unknown" }]);
    const before = plusSeconds(grant.effectiveAt ?? "", -0.001);
    expect(await grantsAt(before, { requests })).toEqual([]);
  });

  it("A grant that is still open after days is listed, however long ago it began", async () => {
    const { broker, grantsAt } = reaching();
    const { id } = await broker.activeGrant();
    broker.clock.advance(5 * 86_400);
    expect(await grantsAt(undefined)).toMatchObject([{ id }]);
    expect(await grantsAt(plusSeconds(broker.clock.now(), -86_400))).toMatchObject([{ id }]);
  });

  it("Pages have each grant once, and stay with the instant of the first", async () => {
    const { broker, pagesOf } = reaching();
    for (const name of ["payments-a", "payments-b", "payments-c"])
      await broker.activeGrant({ access: edit(name) });
    const pages = await pagesOf(undefined, { limit: 2 });
    const ids = pages.flatMap(({ grants }) => grants.map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
    expect(ids).toHaveLength(3);
    expect(new Set(pages.map(({ at }) => at)).size).toBe(1);
    const first = await readFirst(broker, pagesOf);
    expect(first).toMatchObject({ since: expect.any(String), leftOut: 0 });
  });
});

const readFirst = async (
  broker: ReturnType<typeof memoryBroker>,
  pagesOf: (at: string) => Promise<readonly ReachPage[]>,
) => (await pagesOf(broker.clock.now()))[0];

describe("Findings around the instant", () => {
  it("One that happened within an hour is beside it, and no other, nor one of another cluster", async () => {
    const { broker, pagesOf } = reaching();
    const draft = aFindingDraft();
    await broker.evidence.appendFinding(draft);
    broker.clock.set("2026-11-25T10:00:00.000Z");
    const happened = draft.details.code === "missing-event" ? "" : draft.details.event.eventTime;
    const foundAt = async (at: string, cluster = "prod") =>
      (await pagesOf(at, {}, cluster)).flatMap(({ findings }) => findings);
    for (const seconds of [-3_600, 0, 3_600])
      expect(await foundAt(plusSeconds(happened, seconds))).toHaveLength(1);
    for (const seconds of [-3_601, 3_601])
      expect(await foundAt(plusSeconds(happened, seconds))).toEqual([]);
    expect(await foundAt(happened, "staging")).toEqual([]);
  });
});

describe("Standing access of then", () => {
  it("It is that of the last complete reading before, and not known without one", async () => {
    const { broker, pagesOf } = reaching();
    const reading = standingWorld(3);
    await reading.run();
    const done = (await reading.store.load(PROD.arn))?.complete?.completedAt ?? "";
    broker.clock.set(plusSeconds(done, 60));
    const standing = reading.store;
    const at = async (instant: string) => {
      const pages = await pagesOf(instant, { standing, limit: 2 });
      return { ...pages[0]?.standing, entries: pages.flatMap(({ entries }) => entries) };
    };
    const known = await at(plusSeconds(done, 30));
    expect(known).toMatchObject({ pass: { completedAt: done }, unknown: null });
    expect(known.entries).toHaveLength(3);
    const before = await at(plusSeconds(done, -1));
    const nothing = { pass: null, following: null, changed: [], entries: [] };
    expect(before).toEqual({ ...nothing, unknown: "not-kept" });
  });

  it("After another reading it is still that of the one before, each entry as of then", async () => {
    const { broker, pagesOf } = reaching();
    const reading = standingWorld(3);
    await reading.run();
    const first = (await reading.store.load(PROD.arn))?.complete?.completedAt ?? "";
    reading.world.entries.get(PROD.arn)?.clear();
    reading.clock.advance(7 * 3_600);
    await reading.run();
    const second = (await reading.store.load(PROD.arn))?.complete?.completedAt ?? "";
    broker.clock.set(plusSeconds(second, 60));
    const countAt = async (at: string) =>
      (await pagesOf(at, { standing: reading.store })).flatMap(({ entries }) => entries).length;
    expect(await countAt(plusSeconds(first, 60))).toBe(3);
    expect(await countAt(plusSeconds(second, -1))).toBe(3);
    expect(await countAt(second)).toBe(0);
  });

  /** Two readings seven hours apart, between which something happens. */
  const around = async (between: (reading: ReturnType<typeof standingWorld>) => void) => {
    const { broker, pagesOf } = reaching();
    const reading = standingWorld(3);
    await reading.run();
    const first = (await reading.store.load(PROD.arn))?.complete?.completedAt ?? "";
    between(reading);
    reading.clock.advance(7 * 3_600);
    await reading.run();
    broker.clock.set(plusSeconds(reading.clock.now(), 60));
    const standingAt = async (seconds: number, over: Partial<ReachPorts["standing"]> = {}) => {
      const standing = { ...reading.store, ...over };
      return (await pagesOf(plusSeconds(first, seconds), { standing, limit: 2 }))[0]?.standing;
    };
    const found = async (
      seconds: number,
      principalArn: string,
      errorCode: string | null = null,
    ) => {
      const { details, ...draft } = aFindingDraft();
      if (details.code === "missing-event") throw new Error("It has no event.");
      const eventTime = plusSeconds(first, seconds);
      const eventKey = `${seconds} ${principalArn}`;
      const event = { ...details.event, principalArn, eventTime, errorCode };
      const chain = findingChain(PROD.arn, eventTime);
      const findingId = eventFindingId(eventKey);
      await broker.evidence.appendFinding({
        ...draft,
        chain,
        details: { ...details, eventKey, event, findingId },
      });
    };
    return { standingAt, found };
  };
  const gone = roleOf("r001");
  const leaves = (reading: ReturnType<typeof standingWorld>) =>
    void reading.world.entries.get(PROD.arn)?.delete(gone);

  it("Between two readings that found the same, it is known", async () => {
    const { standingAt } = await around(() => undefined);
    const all = () => {
      throw new Error("Nobody has to compare them.");
    };
    expect(await standingAt(3_600, { all })).toMatchObject({ unknown: null, changed: [] });
  });

  it("Between two readings that differ, what no finding dates is not known", async () => {
    const { standingAt } = await around(leaves);
    expect(await standingAt(3_600)).toMatchObject({
      unknown: "changed",
      changed: [{ principalArn: gone, changedAt: null }],
      following: { completedAt: expect.any(String) },
    });
  });

  it("A change that a finding dates after the instant had not happened by then", async () => {
    const { standingAt, found } = await around(leaves);
    await found(7_200, gone);
    expect(await standingAt(7_199)).toMatchObject({ unknown: null, changed: [] });
    const changedAt = expect.stringMatching(/Z$/);
    for (const seconds of [7_200, 10_000])
      expect(await standingAt(seconds)).toMatchObject({
        unknown: "changed",
        changed: [{ principalArn: gone, changedAt }],
      });
  });

  it.each([
    ["of somebody else's entry", 7_200, roleOf("r002"), null],
    ["of a call that EKS refused", 7_200, gone, "AccessDenied"],
    ["from before the first reading", -7_200, gone, null],
    ["from after the second reading", 40_000, gone, null],
  ] as const)("A finding %s dates nothing", async (_, seconds, principalArn, errorCode) => {
    const { standingAt, found } = await around(leaves);
    await found(seconds, principalArn, errorCode);
    expect((await standingAt(3_600))?.changed).toEqual([{ principalArn: gone, changedAt: null }]);
  });

  it("Lists that are too large to compare leave open what changed", async () => {
    const { standingAt } = await around(leaves);
    const large = { groups: ["x".repeat(5 * 1_024 * 1_024)] };
    const all = async function* () {
      yield { ...entryNamed("huge"), ...large };
    };
    expect(await standingAt(3_600, { all })).toMatchObject({ unknown: "changed", changed: null });
  });

  it("A page after the cluster was read again is refused, so no list mixes two readings", async () => {
    const { broker, pagesOf } = reaching();
    const reading = standingWorld(3);
    await reading.run();
    broker.clock.set(reading.clock.now());
    const load = async (arn: string) => {
      const record = await reading.store.load(arn);
      const passId = `p${loads++}`;
      return record?.complete ? { ...record, complete: { ...record.complete, passId } } : record;
    };
    let loads = 0;
    const standing = { ...reading.store, load };
    await expect(pagesOf(undefined, { standing })).rejects.toEqual(refused("invalid-cursor"));
  });
});

describe("What is refused", () => {
  it("Only auditors and admins may ask, and only about clusters of the policy", async () => {
    const { broker, pagesOf } = reaching();
    const now = broker.clock.now();
    for (const by of ["alice", "bob"])
      for (const cluster of ["prod", "nope"])
        await expect(pagesOf(now, { by }, cluster)).rejects.toEqual(refused("forbidden"));
    for (const cluster of ["nope", "", "__proto__", STAGING.arn])
      await expect(pagesOf(now, {}, cluster)).rejects.toEqual(refused("cluster-not-found"));
  });

  it("An instant to come is refused: nobody knows of then", async () => {
    const { broker, pagesOf } = reaching();
    const now = broker.clock.now();
    await expect(pagesOf(plusSeconds(now, 0.001))).rejects.toThrow("is an instant to come");
    expect(await pagesOf(now)).not.toEqual([]);
  });
});
