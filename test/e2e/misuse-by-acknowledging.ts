/** Findings of a real API: who may acknowledge them, and how often. */
import { describe, expect, it } from "vitest";
import { principalArnOf } from "../sample-principals.ts";
import { expectProblem } from "./abuse-sandbox.ts";
import { alice, expectRefused, person, sandbox } from "./misused-api.ts";
import { aws } from "./real-clients.ts";

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByAcknowledging(): void {
  describe("Misuse of findings", () => {
    const dave = () => person("dave");
    const acknowledgement = (id: string) => `/v1/findings/${id}/acknowledgement`;
    const note = { note: "CHG-12 planned work" };

    it("Nobody but auditors and admins can acknowledge, and an unknown finding is not found", async () => {
      const none = acknowledgement("0".repeat(32));
      await expectRefused(await alice().post(none, note), "forbidden", "alice");
      for (const path of [none, acknowledgement("x"), acknowledgement("..%2f..")])
        expectProblem(await dave().post(path, note), "finding-not-found");
      for (const body of [
        {},
        { note: "" },
        { note: "  " },
        { note: "x".repeat(501) },
        { ...note, a: 1 },
      ])
        expectProblem(await dave().post(none, body), "invalid-request");
      for (const query of ["view=mine", "view=all", "from=x", "view=all&from=2026-11-24"])
        expectProblem(await dave().get(`/v1/findings?${query}`), "invalid-request");
    });

    it("A finding takes twenty acknowledgements, and one person has a limit of calls in a window", async () => {
      const create = ["eks", "create-access-entry", "--cluster-name", "staging"];
      const principal = ["--principal-arn", principalArnOf("mallory")];
      expect((await aws(sandbox, "admin", ...create, ...principal)).stderr).toBe("");
      const list = async () => (await dave().get("/v1/findings")).body.findings;
      await expect.poll(async () => (await list()).length).toBe(1);
      const [{ findingId }] = await list();
      for (let n = 0; n < 20; n += 1) {
        const answer = await person("carol").post(acknowledgement(findingId), {
          note: `note ${n}`,
        });
        expect(answer.status).toBe(200);
        expect(answer.body.acknowledgements).toHaveLength(n + 1);
      }
      const more = await dave().post(acknowledgement(findingId), note);
      await expectRefused(more, "too-many-acknowledgements", "dave");
      const interval = "from=2026-01-01&to=2100-01-01";
      expect((await dave().get(`/v1/findings?view=all&${interval}`)).status).toBe(200);
      expect((await dave().get(`/v1/audit/records?${interval}`)).status).toBe(200);
      const flood = await Promise.all(
        Array.from({ length: 128 }, () => dave().post(acknowledgement("0".repeat(32)), note)),
      );
      // A window may end meanwhile; two hold 120.
      const limited = flood.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThan(0);
      for (const answer of limited.slice(0, 1)) await expectRefused(answer, "rate-limited", "dave");
    });
  });
}
