/** Suspensions and drains, by those who may and those who may not. */
import { describe, expect, it } from "vitest";
import { expectProblem } from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";
import { alice, approval, asked, bob, expectRefused, of, pending, person } from "./misused-api.ts";

const WHY = { reason: "their laptop is gone" };
const stop = (by: string, path: string) => person(by).post(path, WHY);
const lift = (by: string, path: string) => person(by).call("DELETE", path);

/** Declares the tests, in the sandbox of `misused-api.ts`. They come last, since they end access. */
export function misuseByStopping(): void {
  describe("Misuse by stopping", () => {
    it("A person is suspended and freed by two admins, and their access ends", async () => {
      const path = "/v1/people/alice/suspend";
      const grant = await bob().approve(
        await alice().ask({ access: editIn("payments-stopped"), duration: "10m" }),
      );
      await alice().until(grant, ["active"]);
      for (const by of ["alice", "bob", "dave"]) {
        await expectRefused(await stop(by, path), "forbidden", by);
        await expectRefused(await lift(by, path), "forbidden", by);
      }
      expectProblem(await stop("carol", "/v1/people/zoe/suspend"), "person-not-found");
      expectProblem(await lift("carol", path), "not-suspended");
      expectProblem(await lift("carol", `${path}?now=1`), "invalid-request");
      expect((await stop("carol", path)).status).toBe(200);
      expectProblem(await stop("heidi", path), "already-suspended");
      const { outcome } = await alice().until(grant, ["ending", "ended"]);
      expect(outcome?.code).toBe("suspended");
      await expectRefused(await asked({}), "suspended", "alice");
      const decided = await bob().post(of(pending, "/decision"), approval(pending));
      expectProblem(decided, "requester-suspended");
      await expectRefused(await lift("carol", path), "own-stop", "carol");
      await expectRefused(await person("alice").get("/v1/suspensions"), "forbidden", "alice");
      expect((await person("dave").get("/v1/suspensions")).body).toMatchObject({
        suspended: [{ person: "alice", by: "carol", liftedBy: ["heidi"] }],
        drain: null,
      });
      expect((await lift("heidi", path)).status).toBe(200);
    });

    it("A person's access is answered to those whom it concerns, and to nobody else", async () => {
      const path = "/v1/people/alice/access";
      expect((await alice().get(path)).status).toBe(200);
      expect((await person("dave").get(`${path}?cluster=prod`)).body).toMatchObject({
        ...{ person: "alice", cluster: "prod", access: expect.any(Array) },
      });
      expectProblem(await person("mallory").get(path), "person-not-found");
      expectProblem(await person("dave").get("/v1/people/zoe/access"), "person-not-found");
      expectProblem(await alice().get(`${path}?cluster=nope`), "cluster-not-found");
      expectProblem(await alice().get(`${path}?page=1`), "invalid-request");
    });

    it("The broker is drained and lends again by two admins", async () => {
      const path = "/v1/drain";
      await expectRefused(await stop("bob", path), "forbidden", "bob");
      expectProblem(await lift("carol", path), "not-drained");
      expectProblem(await lift("carol", `${path}?now=1`), "invalid-request");
      expect((await stop("carol", path)).status).toBe(200);
      expectProblem(await stop("heidi", path), "already-drained");
      expectProblem(await asked({}), "drained");
      await expectRefused(await lift("carol", path), "own-stop", "carol");
      expect((await lift("heidi", path)).status).toBe(200);
    });
  });
}
