import { beforeEach, describe, expect, it } from "vitest";
import { findingVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import {
  eventFindingId,
  findingChain,
} from "../../shared/domain/evidence/findings/finding-record.ts";
import { PAGE_BYTES } from "../../shared/domain/requests/page-bytes.ts";
import type { FindingStore } from "../../shared/ports/finding-store.ts";
import type { PageQuery } from "../../shared/ports/request-store.ts";
import {
  aFinding,
  aMissingCall,
  CHAIN,
  expectedChange,
  seen,
} from "../shared/domain/evidence/finding-drafts.ts";
import { CLUSTER } from "../shared/domain/evidence/samples.ts";

/** The event keys of findings, in their order. */
const keys = (found: readonly { readonly details: object }[]) =>
  found.map(({ details }) => ("eventKey" in details ? details.eventKey : undefined));

const minute = (n: number) => `2026-11-24T10:${String(n).padStart(2, "0")}:00.000Z`;

const NOON = "2026-11-24T12:00:00.000Z";

/** The promises of every FindingStore. */
export function findingStoreContract(name: string, make: () => Promise<FindingStore>) {
  describe(`${name} as a FindingStore: chains`, () => {
    let store: FindingStore;
    beforeEach(async () => {
      store = await make();
    });

    it("The store chains findings by cluster and month, and adds each event's finding once", async () => {
      expect(await store.appendFinding(expectedChange("one"))).toBe(true);
      expect(await store.appendFinding(expectedChange("two"))).toBe(true);
      expect(await store.appendFinding(aFinding("one"))).toBe(false);
      const records = await store.findingsIn(CHAIN);
      expect(records).toMatchObject([
        { ...expectedChange("one"), seq: 1 },
        { ...expectedChange("two"), seq: 2 },
      ]);
      const verifier = findingVerifier();
      expect(records.map((record) => verifier.add(record))).toEqual([undefined, undefined]);
      expect(await store.findingsIn(findingChain(CLUSTER, "2026-12-01T00:00:00.000Z"))).toEqual([]);
    });

    it("The store adds an event's finding once, also where a correction moves it to another month", async () => {
      expect(await store.appendFinding(aFinding("one"))).toBe(true);
      const moved = findingChain(CLUSTER, "2026-12-01T00:00:00.000Z");
      expect(await store.appendFinding({ ...aFinding("one"), chain: moved })).toBe(false);
      expect(await store.findingsIn(moved)).toEqual([]);
    });

    it("The store gives the last records of a chain, the last one first", async () => {
      for (const key of ["one", "two", "three"]) await store.appendFinding(expectedChange(key));
      expect(keys(await store.latestFindings(CHAIN, 2))).toEqual(["three", "two"]);
      expect(keys(await store.latestFindings(CHAIN, 9))).toEqual(["three", "two", "one"]);
      const other = findingChain(CLUSTER, "2026-12-01T00:00:00.000Z");
      expect(await store.latestFindings(other, 9)).toEqual([]);
    });

    it("The store keeps one chain where several writers append at once", async () => {
      const written = ["one", "two", "three", "one", "two"];
      const added = await Promise.all(
        written.map((key) => store.appendFinding(expectedChange(key))),
      );
      expect(added.filter(Boolean)).toHaveLength(3);
      const verifier = findingVerifier();
      const records = await store.findingsIn(CHAIN);
      expect(records.map((record) => verifier.add(record))).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(verifier.end()).toEqual([]);
    });

    it("The store adds the same acknowledgement once, and another note or person as well", async () => {
      await store.appendFinding(aFinding("one"));
      const again = seen("one", "CHG-1 planned", "2026-11-24T13:00:00.000Z");
      expect(await store.appendFinding(seen("one"))).toBe(true);
      expect(await store.appendFinding(again)).toBe(false);
      expect(await store.appendFinding(seen("one", "CHG-2", NOON, "carol"))).toBe(true);
      expect(await store.appendFinding(seen("one", "CHG-3"))).toBe(true);
      const records = await store.acknowledgements(eventFindingId("one"));
      expect(records.map(({ details }) => [details.actor, details.note])).toEqual([
        ["dave", "CHG-1 planned"],
        ["carol", "CHG-2"],
        ["dave", "CHG-3"],
      ]);
      expect(records[0]).toMatchObject(seen("one"));
    });
  });

  describe(`${name} as a FindingStore: lists`, () => {
    let store: FindingStore;
    beforeEach(async () => {
      store = await make();
    });

    const open = async (page: PageQuery = { limit: 10 }, between = {}) =>
      keys((await store.openFindings(between, page)).items);

    it("The store returns a finding by its id, and neither an expected change nor an unknown id", async () => {
      await store.appendFinding(aFinding("one"));
      await store.appendFinding(expectedChange("two"));
      await store.appendFinding(aMissingCall("call"));
      expect(await store.finding(eventFindingId("one"))).toMatchObject(aFinding("one"));
      const { findingId } = aMissingCall("call").details;
      expect(await store.finding(findingId)).toMatchObject(aMissingCall("call"));
      expect(await store.finding(eventFindingId("two"))).toBeUndefined();
      expect(await store.finding("0".repeat(32))).toBeUndefined();
      expect(await store.acknowledgements(findingId)).toEqual([]);
    });

    it("A finding is open until its first acknowledgement, and each is listed by the time of its record", async () => {
      await store.appendFinding(aFinding("late", minute(30)));
      await store.appendFinding(aFinding("early", minute(10)));
      await store.appendFinding(expectedChange("expected"));
      await store.appendFinding(aFinding("middle", minute(20)));
      expect(await open()).toEqual(["early", "middle", "late"]);
      await store.appendFinding(seen("middle"));
      expect(await open()).toEqual(["early", "late"]);
      await store.appendFinding(seen("middle", "again"));
      await store.appendFinding(seen("early"));
      expect(await open()).toEqual(["late"]);
    });

    it("Open findings come page by page, within an interval that includes only its beginning", async () => {
      for (const n of [1, 2, 3, 4, 5]) await store.appendFinding(aFinding(`n${n}`, minute(n)));
      const between = { from: minute(2), to: minute(5) };
      expect(await open({ limit: 10 }, between)).toEqual(["n2", "n3", "n4"]);
      const first = await store.openFindings(between, { limit: 2 });
      expect(keys(first.items)).toEqual(["n2", "n3"]);
      const second = await store.openFindings(between, { limit: 2, after: first.next ?? "" });
      expect(keys(second.items)).toEqual(["n4"]);
      expect(second.next).toBeUndefined();
      expect(await open({ limit: 10 }, { to: minute(3) })).toEqual(["n1", "n2"]);
      expect(await open({ limit: 10 }, { from: minute(5) })).toEqual(["n5"]);
    });

    it("Open findings that are too large together for a page go on with the next one", async () => {
      const userAgent = "x".repeat(0.35 * PAGE_BYTES);
      for (const n of [1, 2, 3])
        await store.appendFinding(aFinding(`n${n}`, minute(n), [], { userAgent }));
      const first = await store.openFindings({}, { limit: 10 });
      expect(keys(first.items)).toEqual(["n1", "n2"]);
      const rest = await store.openFindings({}, { limit: 10, after: first.next ?? "" });
      expect(keys(rest.items)).toEqual(["n3"]);
      expect(rest.next).toBeUndefined();
    });

    it("The store returns the findings that stand on a request, acknowledged or not", async () => {
      await store.appendFinding(aFinding("one", minute(2), ["r1", "r2"]));
      await store.appendFinding(aFinding("two", minute(1), ["r1"]));
      await store.appendFinding(aFinding("three", minute(3), ["r2"]));
      await store.appendFinding(seen("one"));
      const about = async (id: string) => keys(await store.findingsAbout(id, [CHAIN]));
      expect(await about("r1")).toEqual(["two", "one"]);
      expect(await about("r2")).toEqual(["one", "three"]);
      expect(await about("r3")).toEqual([]);
    });
  });
}
