/** Extensions of access, by those who may and those who may not. */
import { describe, expect, it } from "vitest";
import { expectProblem } from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";
import { alice, bob, expectRefused, of, pending, person } from "./misused-api.ts";

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByExtending(): void {
  describe("Misuse by extending", () => {
    it("Access is extended only by its requester, once, while it lasts and within its rule", async () => {
      const asked = await alice().ask({ access: editIn("payments-longer"), duration: "3m" });
      const grant = await bob().approve(asked);
      await alice().until(grant, ["active"]);
      const extend = (by: string, body: object = { duration: "1m" }) =>
        person(by).post(of(grant, "/extend"), body);
      for (const by of ["bob", "carol"]) await expectRefused(await extend(by), "forbidden", by);
      await expectRefused(await extend("mallory"), "request-not-found", "mallory");
      await expectRefused(await extend("alice", { duration: "8h" }), "duration-too-long", "alice");
      await expectRefused(await extend("alice", { reason: "more" }), "policy-denied", "alice");
      expectProblem(await alice().post(of(pending, "/extend"), {}), "not-active-yet");

      const { status, body: extension } = await extend("alice");
      expect(status).toBe(201);
      expect(extension).toMatchObject({ state: "pending", extends: grant.id });
      await expectRefused(await extend("alice"), "extension-open", "alice");
      await bob().approve(extension);
      await alice().until(extension, ["active"]);
      expect((await alice().post(of(extension, "/return"), {})).status).toBe(200);
      for (const each of [grant, extension]) {
        const { outcome } = await alice().until(each, ["ending", "ended"]);
        expect(outcome?.code).toBe("returned");
      }
      expectProblem(await extend("alice"), "extension-open");
      expectProblem(await alice().post(of(extension, "/extend"), {}), "grant-over");
    });
  });
}
