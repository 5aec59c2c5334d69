import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, aStep } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { escalatedTerms } from "../../shared/domain/requests/escalated-terms.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

/** The guarantees of every RequestStore about two steps of one request that are stored together. */
export function escalationsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: a request that becomes break-glass`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const create = async (n: number): Promise<AccessRequest> => {
      const step = aFirstStep({ id: countedId(n) });
      await store.create([step]);
      return step.request;
    };
    /** Its two steps: new terms, and the approval by the policy. */
    const stepsOf = (request: AccessRequest): readonly [Step, Step] => {
      const proof = { surface: "api", proof: {}, skipped: [] } as const;
      const first = aStep(request, {
        type: "escalate",
        actor: "alice",
        details: { ...escalatedTerms(request, "glass", 600), ...proof },
      });
      const expiresAt = plusSeconds(request.updatedAt, 600);
      const review = { by: ["sre"], dueAt: expiresAt };
      const times = { expiresAt, revokeAt: request.updatedAt };
      const approval = aStep(first.request, {
        type: "approve",
        actor: "policy:glass",
        details: { ...times, review },
        changes: { ...times, review: { ...review, closed: null } },
      });
      return [first, approval];
    };
    const escalate = async (request: AccessRequest): Promise<AccessRequest> => {
      const [first, approval] = stepsOf(request);
      await store.save(first, { followedBy: approval, capacity: { open: 1, ending: 1 } });
      return approval.request;
    };

    it("Both events and the state after the second are read back", async () => {
      const glass = await escalate(await create(1));
      expect(await store.load(glass.id)).toEqual(glass);
      expect(glass).toMatchObject({ state: "approved", version: 3, breakGlass: true });
      const history = await store.history(glass.id);
      expect(history.map(({ type, seq }) => [type, seq])).toEqual([
        ["request", 1],
        ["escalate", 2],
        ["approve", 3],
      ]);
    });

    it("It is among the grants and the open reviews, and no longer among what waits", async () => {
      const glass = await escalate(await create(1));
      const page = { limit: 10 };
      expect((await store.grants(page)).items).toEqual([glass]);
      expect((await store.openReviews(page)).items).toEqual([glass]);
      expect((await store.awaiting(["payments-leads"], page)).items).toEqual([]);
    });

    it("The terms that were asked for are free again", async () => {
      await escalate(await create(1));
      expect(await create(2)).toMatchObject({ state: "pending" });
    });

    it("Nothing is stored where somebody else wrote first", async () => {
      const asked = await create(1);
      const denial = aStep(asked, { type: "deny", actor: "bob" });
      await store.save(denial);
      await expect(escalate(asked)).rejects.toMatchObject({ code: "version-conflict" });
      expect(await store.load(asked.id)).toEqual(denial.request);
      expect(await store.history(asked.id)).toHaveLength(2);
    });

    it("It counts as a grant of its person, and is refused where no place is left", async () => {
      await escalate(await create(1));
      const asked = await create(2);
      await expect(escalate(asked)).rejects.toMatchObject({ code: "too-many-grants" });
      expect(await store.load(asked.id)).toEqual(asked);
      expect(await store.history(asked.id)).toHaveLength(1);
    });
  });
}
