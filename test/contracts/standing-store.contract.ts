import { beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { collected } from "../../lab/fakes/collected.ts";
import type { StandingEntry } from "../../shared/domain/standing/standing-entry.ts";
import { beginPass, noRecord } from "../../shared/domain/standing/standing-record.ts";
import type { StandingStore } from "../../shared/ports/standing-store.ts";
import { CLUSTER_ADMIN, EDIT, NODE, standing, VIEW } from "../shared/domain/standing/samples.ts";

const PASS = "01935e00-0000-7000-8000-000000000001";
const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const made = (...args: Parameters<typeof standing>): StandingEntry => {
  const entry = standing(...args);
  if (!entry) throw new Error("It does not stand.");
  return entry;
};

const NODES = made({ type: "EC2_LINUX" }, [], NODE);
const ADMIN = made({ targets: { [CLUSTER_ADMIN]: ["cluster"] } }, [], roleOf("z"));
const EDITORS = ["b", "a", "c"].map((name) =>
  made({ targets: { [EDIT]: ["ns/ci"] } }, [], roleOf(name)),
);
const VIEWER = made({ targets: { [VIEW]: ["cluster"] } }, [], roleOf("a-viewer"));
const ALL = [NODES, VIEWER, ...EDITORS, ADMIN];
const IN_ORDER = ["z", "a", "b", "c", "a-viewer", "eks-node"].map(roleOf);

/** The promises of every StandingStore. `make` returns an empty one. */
export function standingStoreContract(name: string, make: () => Promise<StandingStore>) {
  describe(`${name} as a StandingStore`, () => {
    let store: StandingStore;
    beforeEach(async () => {
      store = await make();
    });
    const filled = async () => {
      for (const entry of ALL) await store.put(PROD.arn, PASS, entry);
    };

    it("A record is returned as it was saved last, and none for another cluster", async () => {
      expect(await store.load(PROD.arn)).toBeUndefined();
      await store.save(noRecord(PROD.arn, T0));
      const begun = beginPass(noRecord(PROD.arn, T0), PASS, T0);
      await store.save(begun);
      expect(await store.load(PROD.arn)).toEqual(begun);
      expect(await store.load(STAGING.arn)).toBeUndefined();
    });

    it("The entries of a pass are listed by kind, then by power, then by principal", async () => {
      await filled();
      const { items, next } = await store.entries(PROD.arn, PASS, { limit: 10 });
      expect(items.map(({ principalArn }) => principalArn)).toEqual(IN_ORDER);
      expect(items[0]).toEqual(ADMIN);
      expect(next).toBeUndefined();
    });

    it("All entries of a pass are there at once, in the same order, and of no other pass", async () => {
      await filled();
      await store.put(PROD.arn, `${PASS}0`, ADMIN);
      const all = await collected(store.all(PROD.arn, PASS));
      expect(all.map(({ principalArn }) => principalArn)).toEqual(IN_ORDER);
      expect(all[0]).toEqual(ADMIN);
      expect(await collected(store.all(STAGING.arn, PASS))).toEqual([]);
    });

    it("The entry of one principal is found in its pass, whatever its power, and in no other", async () => {
      await filled();
      for (const entry of [ADMIN, VIEWER, ...EDITORS])
        expect(await store.entryOf(PROD.arn, PASS, entry.principalArn)).toEqual(entry);
      expect(await store.entryOf(PROD.arn, PASS, roleOf("nobody"))).toBeUndefined();
      expect(await store.entryOf(STAGING.arn, PASS, ADMIN.principalArn)).toBeUndefined();
      expect(await store.entryOf(PROD.arn, `${PASS}0`, ADMIN.principalArn)).toBeUndefined();
    });

    it.each([1, 2, 3, 5, 6])("Pages of %i hold each entry once", async (limit) => {
      await filled();
      const seen: string[] = [];
      let after: string | undefined;
      for (let pages = 0; pages < 10; pages += 1) {
        const page = await store.entries(PROD.arn, PASS, {
          limit,
          ...(after === undefined ? {} : { after }),
        });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ principalArn }) => principalArn));
        after = page.next;
        if (after === undefined) break;
      }
      expect(seen).toEqual(IN_ORDER);
    });

    it("The place of a page is short enough for a cursor, however long the ARN", async () => {
      const long = (end: string) => roleOf(`${"p".repeat(505)}/${"n".repeat(60)}${end}`);
      for (const end of ["a", "b"]) await store.put(PROD.arn, PASS, made({}, [], long(end)));
      const { next = "" } = await store.entries(PROD.arn, PASS, { limit: 1 });
      expect(next.length).toBeLessThan(610);
      const rest = await store.entries(PROD.arn, PASS, { limit: 5, after: next });
      expect(rest.items).toHaveLength(1);
    });

    it("An entry that is put again is there once", async () => {
      await store.put(PROD.arn, PASS, ADMIN);
      await store.put(PROD.arn, PASS, { ...ADMIN, readAt: "2026-11-24T11:00:00.000Z" });
      const { items } = await store.entries(PROD.arn, PASS, { limit: 10 });
      expect(items).toMatchObject([{ readAt: "2026-11-24T11:00:00.000Z" }]);
    });

    it("An entry that changed its power between two reads of a pass is found as it was read last", async () => {
      const later = "2026-11-24T11:00:00.000Z";
      for (const [first, second] of [
        [ADMIN, VIEWER],
        [VIEWER, ADMIN],
      ] as const) {
        const { principalArn } = made({}, [], roleOf(`changed-${second === ADMIN}`));
        const last = { ...second, principalArn, readAt: later };
        await store.put(PROD.arn, PASS, { ...first, principalArn });
        await store.put(PROD.arn, PASS, last);
        expect(await store.entryOf(PROD.arn, PASS, principalArn)).toEqual(last);
      }
    });

    it("Another pass and another cluster have their own entries", async () => {
      await filled();
      expect((await store.entries(PROD.arn, `${PASS}2`, { limit: 10 })).items).toEqual([]);
      expect((await store.entries(STAGING.arn, PASS, { limit: 10 })).items).toEqual([]);
    });
  });
}
