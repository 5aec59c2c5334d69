/** Escalations to break-glass, by those who may and those who may not. */
import { describe, expect, it } from "vitest";
import { expectProblem } from "./abuse-sandbox.ts";
import { alice, approval, bob, expectRefused, of, person } from "./misused-api.ts";

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByEscalating(): void {
  describe("Misuse by escalating", () => {
    it("A pending request becomes break-glass only by its requester, once", async () => {
      const request = await alice().ask({
        access: {
          policy: "AmazonEKSAdminPolicy",
          scope: { type: "namespace", namespaces: ["payments-api"] },
        },
        duration: "1m",
      });
      const escalate = (by: string, body: object = {}) =>
        person(by).post(of(request, "/escalate"), body);
      await expectRefused(await escalate("bob"), "not-requester", "bob");
      await expectRefused(await escalate("mallory"), "request-not-found", "mallory");
      expectProblem(await escalate("alice", { rule: "payments-edit" }), "not-break-glass");
      await expectRefused(await escalate("alice", { rule: "break-glass" }), "no-break-glass");
      const glass = await escalate("alice");
      expect(glass).toMatchObject({
        status: 200,
        body: { id: request.id, state: "approved", breakGlass: true, rule: "payments-break-glass" },
      });
      expectProblem(await escalate("alice"), "already-break-glass");
      const decided = await bob().post(of(request, "/decision"), approval(request));
      await expectRefused(decided, "digest-mismatch", "bob");
      await alice().until(request, ["active"]);
      expect((await alice().post(of(request, "/return"), {})).status).toBe(200);
    });
  });
}
