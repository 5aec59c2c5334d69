import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, aFirstStep, anApproval, aStep, PROD, STAGING } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { longEdit } from "../../lab/fakes/shared-entry.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { grantBytes, ROOM_BYTES } from "../../shared/domain/entries/bounds.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

const full = { code: "too-much-on-one-entry" };
const BINDING = bindingKey(PROD.arn, ALICE);

/** The guarantees of every RequestStore about the room for grants on one access entry. */
export function entryRoomContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: room on one access entry`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const first = (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) =>
      aFirstStep({ id: countedId(n), access: longEdit(`n${n}`), ...changed });
    const pending = async (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const step = first(n, changed);
      await store.create([step]);
      return step.request;
    };
    const approve = async (request: AccessRequest) => {
      const approval = anApproval(request);
      await store.save(approval);
      return approval.request;
    };
    /** Approves grants until there is no more room. @returns the last grant that had room */
    const fill = async () => {
      const [request] = [first(1).request];
      const most = Math.floor(ROOM_BYTES / grantBytes(request));
      let last = request;
      for (let n = 1; n <= most; n += 1) last = await approve(await pending(n));
      return { most, last };
    };

    it("An approval without room is refused, and nothing of it is stored", async () => {
      const { most } = await fill();
      const asked = await pending(most + 1);
      await expect(approve(asked)).rejects.toMatchObject({
        ...full,
        facts: { reservedBytes: most * grantBytes(asked), neededBytes: grantBytes(asked) },
      });
      expect(await store.load(asked.id)).toEqual(asked);
      expect(await store.openOn(BINDING)).toHaveLength(most);
      await approve(await pending(most + 2, { cluster: STAGING }));
    });

    it("A request that the policy approves is refused as well", async () => {
      const { most } = await fill();
      const step = first(most + 1);
      const created = store.create([step, anApproval(step.request)]);
      await expect(created).rejects.toMatchObject(full);
      await expect(store.load(step.request.id)).rejects.toMatchObject({
        code: "request-not-found",
      });
    });

    it("No step of a grant is refused but its approval", async () => {
      const { last } = await fill();
      const active = aStep(last, { type: "activate" });
      await store.save(active);
      await store.save(aStep(active.request, { type: "revoke" }));
      expect((await store.load(last.id)).state).toBe("ending");
    });

    it("The grants through which access may exist on an entry are those of its binding", async () => {
      const [one, two] = [await approve(await pending(1)), await approve(await pending(2))];
      await pending(3);
      await approve(await pending(4, { cluster: STAGING }));
      const ending = aStep(one, { type: "revoke" });
      await store.save(ending);
      const open = await store.openOn(BINDING);
      expect(open.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([ending.request, two]);
      await store.save(aStep(ending.request, { type: "settle" }));
      expect(await store.openOn(BINDING)).toEqual([two]);
    });
  });
}
