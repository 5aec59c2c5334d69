import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, anOffer, aStep } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { type Step, transition } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

const inNamespaces = (...namespaces: string[]) =>
  ({ policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } }) as const;

/** The guarantees of every RequestStore about a request whose terms became less. */
export function lesserTermsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: a request that is approved for less`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const create = async (n: number, ...namespaces: string[]): Promise<AccessRequest> => {
      const step = aFirstStep({ id: countedId(n), access: inNamespaces(...namespaces) });
      await store.create([step]);
      return step.request;
    };
    const save = async (step: Step): Promise<AccessRequest> => {
      await store.save(step);
      return step.request;
    };
    const less = (request: AccessRequest) =>
      anOffer(request, { access: inNamespaces("payments-api") }, "pending");
    const duplicate = { code: "duplicate-request" };

    it("A request is read back with its terms, the terms before, and their digests", async () => {
      const offered = await save(less(await create(1, "payments-api", "payments-web")));
      expect(await store.load(offered.id)).toEqual(offered);
      expect((await store.history(offered.id)).at(-1)).toMatchObject({
        type: "approve",
        details: { digest: offered.digest, less: { access: offered.access } },
      });
      expect((await store.awaiting(["payments-leads"], { limit: 10 })).items).toEqual([offered]);
    });

    it.each<[string, (request: AccessRequest) => Step]>([
      ["approved", (request) => anApproval(request)],
      ["denied", (request) => aStep(request, { type: "deny", actor: "bob" })],
      ["cancelled", (request) => aStep(request, { type: "cancel", actor: "alice" })],
      ["lapsed", (request) => aStep(request, { type: "lapse" })],
    ])("The terms that were asked for are free once the request is %s", async (_end, leave) => {
      const asked = await create(1, "payments-api", "payments-web");
      const offered = await save(less(asked));
      await expect(create(2, "payments-api", "payments-web")).rejects.toMatchObject(duplicate);
      await save(leave(offered));
      await create(3, "payments-api", "payments-web");
      expect((await store.awaiting(["payments-leads"], { limit: 10 })).items).toHaveLength(1);
    });

    it("The decision on less leaves another request for just that on file", async () => {
      const asked = await create(1, "payments-api", "payments-web");
      await create(2, "payments-api");
      await save(anApproval(await save(less(asked))));
      await expect(create(3, "payments-api")).rejects.toMatchObject({
        ...duplicate,
        facts: { id: countedId(2) },
      });
    });

    it("A request that an earlier release stored is found and freed as if it had its filing", async () => {
      const { filed: _, ...asked } = await create(1, "payments-api", "payments-web");
      const denial = transition(asked, {
        type: "deny",
        actor: "bob",
        at: asked.createdAt,
        policyHash: asked.policyHash,
        details: { person: "bob", surface: "api", at: "", proof: {}, digest: asked.digest },
      });
      await save(denial);
      await create(2, "payments-api", "payments-web");
    });
  });
}
