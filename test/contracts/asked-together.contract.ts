import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { longEdit } from "../../lab/fakes/shared-entry.ts";
import { grantBytes, ROOM_BYTES } from "../../shared/domain/entries/bounds.ts";
import type { AutomaticLimit } from "../../shared/domain/policy/automatic-limit.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { IdempotencyTaken } from "../../shared/ports/idempotency.ts";
import { NonceUsed, type RequestStore } from "../../shared/ports/request-store.ts";
import {
  type NewPart,
  type PartsRefusal,
  PartsRefused,
} from "../../shared/ports/together-store.ts";

const KEY = { keyHash: "key", bodyHash: "body" };

/** The guarantees of every RequestStore about several requests that are stored at once. */
export function askedTogetherContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: several requests at once`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    type Changed = Parameters<typeof aFirstStep>[0];
    const first = (n: number, changed: Changed = {}) =>
      aFirstStep({
        id: countedId(n),
        access: {
          policy: "AmazonEKSViewPolicy",
          scope: { type: "namespace", namespaces: [`n${n}`] },
        },
        ...changed,
      });
    const pending = (n: number, changed: Changed = {}): NewPart => ({
      steps: [first(n, changed)],
    });
    const approved = (n: number, changed: Changed = {}, automatic?: AutomaticLimit): NewPart => {
      const step = first(n, changed);
      return { steps: [step, anApproval(step.request)], automatic };
    };
    const requestsOf = (...parts: readonly NewPart[]): readonly AccessRequest[] =>
      parts.flatMap(({ steps }) => steps.at(-1)?.request ?? []);
    const refusalsOf = async (
      parts: readonly NewPart[],
      options: Parameters<RequestStore["createTogether"]>[1] = {},
    ): Promise<readonly PartsRefusal[]> => {
      const error = await store.createTogether(parts, options).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PartsRefused);
      return (error as PartsRefused).refusals;
    };
    const expectNothingOf = async (parts: readonly NewPart[]) => {
      for (const { id } of requestsOf(...parts)) {
        await expect(store.load(id)).rejects.toMatchObject({ code: "request-not-found" });
        expect(await store.history(id)).toEqual([]);
      }
    };

    it("All are stored, pending ones and ones that the policy approves, each with its events", async () => {
      const parts = [
        pending(1),
        approved(2),
        approved(3),
        pending(4, { cluster: STAGING }),
        approved(5, { cluster: STAGING }),
      ];
      await store.createTogether(parts, {
        capacity: { open: 2, ending: 1 },
        mostPending: 2,
        idempotency: KEY,
        nonce: "n1",
      });
      for (const { steps } of parts) {
        const [request] = requestsOf({ steps });
        expect(await store.load(request?.id ?? "")).toEqual(request);
        expect(await store.history(request?.id ?? "")).toEqual(steps.map(({ event }) => event));
      }
      const open = (await store.grants({ limit: 10 })).items.map(({ id }) => id);
      expect(open.toSorted()).toEqual([2, 3, 5].map(countedId));
      const waiting = (await store.awaiting(["payments-leads"], { limit: 10 })).items;
      expect(waiting.map(({ id }) => id)).toEqual([1, 4].map(countedId));
    });

    it("The key is answered with all of them, in their order, and used once", async () => {
      const parts = [approved(1), pending(2), pending(3)];
      await store.createTogether(parts, { idempotency: KEY });
      const [answer, ...others] = requestsOf(...parts);
      expect(await store.idempotent("key")).toEqual({ bodyHash: "body", answer, others });
      const again = store.createTogether([pending(4), pending(5)], { idempotency: KEY });
      await expect(again).rejects.toBeInstanceOf(IdempotencyTaken);
      await expectNothingOf([pending(4), pending(5)]);
    });

    it("A signed message acts once", async () => {
      await store.createTogether([pending(1), pending(2)], { nonce: "n1" });
      const again = store.createTogether([pending(3), pending(4)], { nonce: "n1" });
      await expect(again).rejects.toBeInstanceOf(NonceUsed);
      await expectNothingOf([pending(3), pending(4)]);
    });

    it("Where some are pending already, each says so, and nothing is stored", async () => {
      await store.create([first(1)]);
      await store.create([first(2)]);
      const parts = [
        pending(3),
        pending(11, { access: first(1).request.access }),
        pending(12, { access: first(2).request.access }),
      ];
      const refusals = await refusalsOf(parts, { idempotency: KEY, nonce: "n1" });
      expect(refusals).toMatchObject([
        { parts: [1], error: { code: "duplicate-request", facts: { id: countedId(1) } } },
        { parts: [2], error: { code: "duplicate-request", facts: { id: countedId(2) } } },
      ]);
      await expectNothingOf(parts);
      expect(await store.idempotent("key")).toBeUndefined();
      await store.createTogether([pending(3), pending(4)], { idempotency: KEY, nonce: "n1" });
    });

    it("The limit of pending requests counts them together", async () => {
      await store.create([first(1)], { mostPending: 3 });
      const parts = [pending(2), approved(3), pending(4), pending(5)];
      expect(await refusalsOf(parts, { mostPending: 3 })).toMatchObject([
        { parts: [0, 2, 3], error: { code: "too-many-pending", facts: { pending: 1, most: 3 } } },
      ]);
      await expectNothingOf(parts);
      await store.createTogether([pending(2), approved(3), pending(4)], { mostPending: 3 });
    });

    it("More than the limit of pending requests at once is refused where there are none", async () => {
      const parts = [pending(1), pending(2), pending(3)];
      expect(await refusalsOf(parts, { mostPending: 2 })).toMatchObject([
        { parts: [0, 1, 2], error: { code: "too-many-pending", facts: { pending: 0 } } },
      ]);
      await expectNothingOf(parts);
    });

    it("The capacity of an entry counts those of that entry together, and no others", async () => {
      await store.createTogether([approved(1), approved(2, { cluster: STAGING })]);
      const capacity = { open: 2, ending: 1 };
      const parts = [approved(3), approved(4, { cluster: STAGING }), approved(5)];
      expect(await refusalsOf(parts, { capacity })).toMatchObject([
        {
          parts: [0, 2],
          error: {
            code: "too-many-grants",
            facts: { person: "alice", cluster: PROD.name, open: 1, most: capacity },
          },
        },
      ]);
      await expectNothingOf(parts);
      await store.createTogether([approved(3), approved(4, { cluster: STAGING })], { capacity });
    });

    it("More than the capacity at once is refused where there is nothing yet", async () => {
      const parts = [approved(1), approved(2)];
      expect(await refusalsOf(parts, { capacity: { open: 1, ending: 1 } })).toMatchObject([
        { parts: [0, 1], error: { code: "too-many-grants", facts: { open: 0 } } },
      ]);
      await expectNothingOf(parts);
    });

    it("The room on an entry counts them together", async () => {
      const large = (n: number) => approved(n, { access: longEdit(`n${n}`) });
      const [sample] = requestsOf(large(1));
      const most = Math.floor(ROOM_BYTES / (sample ? grantBytes(sample) : 1));
      for (let n = 1; n < most; n += 1) await store.create(large(n).steps);
      const parts = [large(most), large(most + 1)];
      expect(await refusalsOf(parts)).toMatchObject([
        { parts: [0, 1], error: { code: "too-much-on-one-entry" } },
      ]);
      await expectNothingOf(parts);
      await store.createTogether([large(most), pending(most + 1)]);
    });

    it("A rule's automatic approvals count them together", async () => {
      const limit = (rule: string): AutomaticLimit => ({
        person: "alice",
        rule,
        times: 2,
        from: T0,
        until: plusSeconds(T0, 3_600),
      });
      await store.createTogether([approved(1, {}, limit("view")), approved(2, {}, limit("edit"))]);
      const parts = [
        approved(3, {}, limit("view")),
        approved(4, {}, limit("edit")),
        approved(5, {}, limit("view")),
      ];
      expect(await refusalsOf(parts)).toMatchObject([
        { parts: [0, 2], error: { code: "too-many-automatic", facts: { rule: "view" } } },
      ]);
      await expectNothingOf(parts);
      await store.createTogether(parts.slice(0, 2));
      expect(await refusalsOf(parts.slice(2))).toMatchObject([{ parts: [0] }]);
    });

    it("An id that is taken is refused", async () => {
      await store.create([first(1)]);
      const taken = pending(1, { access: first(2).request.access });
      const refusals = await refusalsOf([pending(3), taken]);
      const [one] = refusals.map(({ parts, error: { code } }) => ({ parts, code }));
      expect(one).toEqual({ parts: [1], code: "version-conflict" });
      await expectNothingOf([pending(3)]);
    });

    it("Of two asks at once for the same things, one is stored whole", async () => {
      const asks = [0, 10].map((more) => [
        pending(1 + more, { access: first(1).request.access }),
        pending(2 + more, { access: first(2).request.access }),
      ]);
      const results = await Promise.allSettled(asks.map((parts) => store.createTogether(parts)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await store.requestedBy("alice", { limit: 10 })).items).toHaveLength(2);
    });
  });
}
