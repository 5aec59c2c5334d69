import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../lab/fakes/builders.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

/** The first digits of an id that was made at an instant, and the rest. */
const timeOf = (instant: string) => {
  const digits = Date.parse(instant).toString(16).padStart(12, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
};
const idAt = (instant: string, n: number) =>
  `${timeOf(instant)}-7000-8000-${String(n).padStart(12, "0")}`;

/** The guarantees of every RequestStore about finding requests by the beginning of an id. */
export function idPrefixesContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: requests by the beginning of an id`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    /** A request, created `seconds` after T0, whose id was made `late` seconds after that. */
    async function stored(n: number, seconds: number, late = 0): Promise<AccessRequest> {
      const createdAt = plusSeconds(T0, seconds);
      const id = idAt(plusSeconds(createdAt, late), n);
      const step = aFirstStep({ id, createdAt, requester: `person-${n}` });
      await store.create([step]);
      return step.request;
    }
    const found = async (prefix: string, ...rest: readonly ((r: AccessRequest) => boolean)[]) =>
      (await store.beginningWith(prefix, { limit: 10 }, ...rest)).items.map(({ id }) => id);

    it("A request is found by any beginning of its id, in whatever state it is", async () => {
      const request = await stored(1, 0);
      await stored(2, 200);
      for (const length of [8, 9, 12, 13, 20, 36])
        expect(await found(request.id.slice(0, length))).toEqual([request.id]);
      await store.save(anApproval(request, plusSeconds(T0, 7_200)));
      await store.save(aStep(await store.load(request.id), { type: "revoke" }));
      const ending = await store.load(request.id);
      const { items } = await store.beginningWith(request.id.slice(0, 13), { limit: 10 });
      expect(items).toEqual([ending]);
    });

    it("All requests of a beginning are found, in the order of their creation", async () => {
      const ids: string[] = [];
      for (const n of [3, 1, 2]) ids.push((await stored(n, n)).id);
      const [third, first, second] = ids;
      expect(await found(timeOf(T0).slice(0, 8))).toEqual([first, second, third]);
      expect(await found(timeOf(plusSeconds(T0, 2)))).toEqual([second]);
    });

    it("A request is found across an hour, and where its id was made late", async () => {
      // The first of two hours of the index, as T0 is a full hour.
      const early = await stored(1, -0.01, 5);
      expect(await found(early.id.slice(0, 13))).toEqual([early.id]);
    });

    it("Requests of the same moment differ by the rest of their ids", async () => {
      const ids = [(await stored(1, 0)).id, (await stored(2, 0)).id];
      expect(await found(timeOf(T0))).toEqual(ids);
      expect(await found(String(ids[1]))).toEqual([ids[1]]);
    });

    it("Only what is wanted is found, page by page", async () => {
      const ids: string[] = [];
      for (const n of [1, 2, 3, 4, 5]) ids.push((await stored(n, n)).id);
      const isWanted = ({ requester }: AccessRequest) => requester !== "person-2";
      const prefix = timeOf(T0).slice(0, 8);
      const first = await store.beginningWith(prefix, { limit: 2 }, isWanted);
      const { next: after = "" } = first;
      const rest = await store.beginningWith(prefix, { limit: 2, after }, isWanted);
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids.toSpliced(1, 1));
      expect(rest).not.toHaveProperty("next");
    });

    it("Nothing is found where no id begins so", async () => {
      await stored(1, 0);
      expect(await found("019ab5c0")).toEqual([]);
      expect(await found("ffffffff-ffff")).toEqual([]);
    });
  });
}
