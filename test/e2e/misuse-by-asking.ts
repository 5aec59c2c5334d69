/** Requests for more than the policy lends to whoever asks. */
import { describe, expect, it } from "vitest";
import { iamRoleArn, principalArnOf } from "../sample-principals.ts";
import { objections } from "./abuse-sandbox.ts";
import { editIn } from "./api-person.ts";
import {
  ACCOUNT,
  alice,
  approval,
  ask,
  asked,
  bob,
  CANARY,
  expectRefused,
  of,
  pending,
  person,
  stateOf,
} from "./misused-api.ts";

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByAsking(): void {
  describe("Misuse by requesting too much", () => {
    it.each([
      ["every namespace", editIn("*")],
      ["the system's namespaces", editIn("kube-*")],
      ["a system namespace", editIn("kube-system")],
      ["a wildcard wider than the rule's", editIn("pay*")],
      ["a wildcard where the rule lends names", editIn("payments-*")],
      ["one namespace too many", editIn("payments-api", "default")],
      [
        "the whole cluster by a namespace rule",
        { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } },
      ],
      [
        "a policy that no rule lists",
        { policy: "AmazonEKSSecretAdminPolicy", scope: { type: "cluster" } },
      ],
      ["ClusterAdmin", { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } }],
      ["a reserved group", { groups: ["system:masters"] }],
      ["an unlisted group", { groups: ["eks-admins", "other"] }],
    ])("A request for %s is denied", async (_what, access) => {
      const answer = await asked({ access });
      await expectRefused(answer, "policy-denied", "alice");
      expect(objections(answer)).toContain("other-access");
    });

    it("A duration over the maximum is denied with the maximum, which is then allowed", async () => {
      const errors = [{ pointer: "/duration", detail: "payments-edit lends for at most 4h." }];
      const answer = await asked({ duration: "4h1m" });
      await expectRefused(answer, "duration-too-long", "alice");
      expect(answer).toMatchObject({
        status: 422,
        body: { errors, rule: "payments-edit", max: "4h", maxSeconds: 14_400 },
      });
      expect(objections(answer)).toContain("too-long");
      expect(
        (await person("alice").post("/v1/requests/preview", ask({ duration: "4h1m" }))).body,
      ).toMatchObject({
        allowed: false,
        problem: "duration-too-long",
        detail: answer.body.detail,
        refusals: answer.body.refusals,
        errors,
      });
      const more = await asked({ duration: "4h1m", access: editIn("kube-system") });
      await expectRefused(more, "policy-denied", "alice");
      expect(objections(more)).toEqual(expect.arrayContaining(["too-long", "other-access"]));
      const most = await alice().ask({ duration: "4h", access: editIn("payments-most") });
      expect(most.durationSeconds).toBe(14_400);
      expect((await alice().post(of(most, "/cancel"), {})).body.state).toBe("cancelled");
    });

    it.each([
      ["somebody else's", principalArnOf("bob")],
      ["a role that somebody else signs in with", iamRoleArn("bob")],
      ["the same without its path", `arn:aws:iam::${ACCOUNT}:role/timelatch-person-alice`],
      [
        "the same under another path",
        `arn:aws:iam::${ACCOUNT}:role/timelatch/people/x/timelatch-person-alice`,
      ],
      [
        "the same in other case",
        `arn:aws:iam::${ACCOUNT}:role/timelatch/people/timelatch-person-Alice`,
      ],
      ["the same of another account", principalArnOf("alice").replace(ACCOUNT, "999999999999")],
      ["the same of another partition", principalArnOf("alice").replace("arn:aws:", "arn:aws-cn:")],
      [
        "a user that is called like a session",
        `arn:aws:iam::${ACCOUNT}:user/assumed-role/timelatch-person-alice/timelatch`,
      ],
      ["the broker's own role", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`],
      ["a node's role", `arn:aws:iam::${ACCOUNT}:role/eks-node`],
      [
        "a service-linked role",
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      ],
    ])("A request for a principal that is %s is denied", async (_whose, principalArn) => {
      const answer = await asked({ principalArn });
      await expectRefused(answer, "policy-denied", "alice");
      expect(objections(answer)).toContain("principal-not-yours");
    });

    it("Somebody without access, mallory, learns nothing about the rules for others", async () => {
      const answer = await asked({}, "mallory");
      await expectRefused(answer, "policy-denied", "mallory");
      const replies = await Promise.all([
        asked({ cluster: "prod", rule: "payments-edit" }, "mallory"),
        person("mallory").post("/v1/requests/preview", ask()),
        person("mallory").get("/v1/access"),
        person("mallory").get("/v1/requests"),
        person("mallory").get("/v1/requests?view=to-approve"),
        person("mallory").get("/v1/grants"),
      ]);
      const words = JSON.stringify([answer.body, ...replies.map(({ body }) => body)]);
      for (const secret of ["payments-lead", "break-glass", pending.id, CANARY])
        expect(words).not.toContain(secret);
      // The id of a call may have these letters by chance.
      expect(words).not.toMatch(/\bbob\b/);
      expect(replies[2]?.body).toEqual({
        person: "mallory",
        principals: [principalArnOf("mallory")],
        clusters: [],
        rules: [],
      });
    });

    it.each([
      "/v1/audit/events?from=2026-01-01&to=2027-01-01",
      "/v1/audit/records?from=2026-01-01&to=2027-01-01",
      "/v1/findings",
      "/v1/findings?view=all&from=2026-01-01&to=2027-01-01",
      "/v1/grants?view=all&cluster=prod&from=2026-01-01&to=2027-01-01",
    ])("Somebody who is neither auditor nor admin cannot read %s", async (path) => {
      await expectRefused(await alice().get(path), "forbidden", "alice");
    });

    it("Of an ask for several things with a refused part nothing is stored, and each such part says why", async () => {
      const before = (await alice().get("/v1/requests")).body;
      const requests = [
        ask({ access: editIn("payments-several") }),
        ask({ access: editIn("kube-system") }),
        ask({ access: pending.access }),
        ask({ access: editIn("payments-several"), duration: "2m" }),
        ask({ access: editIn("payments-more"), duration: "5h" }),
      ];
      const answer = await alice().post("/v1/asks", { requests });
      await expectRefused(answer, "ask-refused", "alice");
      expect(answer.body["parts"]).toMatchObject([
        { part: 2, problem: "policy-denied" },
        { part: 4, problem: "duplicate-request" },
        { part: 5, problem: "duration-too-long" },
      ]);
      const taken = await alice().post("/v1/asks", { requests: [requests[0], requests[2]] });
      await expectRefused(taken, "ask-refused", "alice");
      expect(taken.body["parts"]).toMatchObject([
        { part: 2, problem: "duplicate-request", id: pending.id },
      ]);
      expect((await alice().get("/v1/requests")).body).toEqual(before);
    });

    it("Each part of an ask is decided by its own approvers, on its own digest, and ends by itself", async () => {
      const answer = await alice().post("/v1/asks", {
        requests: [
          ask({ access: editIn("payments-first") }),
          ask({ access: editIn("payments-second"), duration: "2m" }),
        ],
      });
      expect(answer.status).toBe(201);
      const [first, second] = answer.body["requests"];
      expect([first.askedWith, second.askedWith]).toEqual([[second.id], [first.id]]);
      const crossed = { verdict: "deny", digest: second.digest };
      const wrong = await bob().post(of(first, "/decision"), crossed);
      await expectRefused(wrong, "digest-mismatch", "bob");
      const own = await alice().post(of(first, "/decision"), approval(first));
      await expectRefused(own, "self-approval", "alice");
      const denied = await bob().post(of(first, "/decision"), { ...crossed, digest: first.digest });
      expect(denied.body.state).toBe("denied");
      expect((await stateOf(second)).state).toBe("pending");
      expect((await alice().post(of(second, "/cancel"), {})).body.state).toBe("cancelled");
    });

    it("An ask has two parts to five, and nobody names what it is asked with", async () => {
      const one = ask({ access: editIn("payments-several") });
      for (const requests of [
        [],
        [one],
        Array(6).fill(one),
        [one, { ...one, askedWith: [pending.id] }],
      ])
        await expectRefused(
          await alice().post("/v1/asks", { requests }),
          "invalid-request",
          "alice",
        );
      const alone = await asked({ askedWith: [pending.id] });
      await expectRefused(alone, "invalid-request", "alice");
    });

    it("The same request sent twice is stored once while it is pending", async () => {
      const answer = await asked({ access: pending.access, duration: "2m", reason: "INC-1 again" });
      await expectRefused(answer, "duplicate-request", "alice");
      expect(answer.body.id).toBe(pending.id);
    });

    it("An idempotency key answers the first request again and refuses another body", async () => {
      const headers = { "idempotency-key": `${CANARY}-key` };
      const body = ask({ access: editIn("payments-key") });
      const first = await alice().post("/v1/requests", body, headers);
      const again = await alice().post("/v1/requests", body, headers);
      expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
      const other = await alice().post("/v1/requests", { ...body, duration: "2m" }, headers);
      await expectRefused(other, "idempotency-mismatch", "alice");
      const bad = await alice().post("/v1/requests", body, { "idempotency-key": "a b" });
      await expectRefused(bad, "invalid-request", "alice");
    });

    it("A request for a cluster without access entries is refused with the command that enables them", async () => {
      const legacy = {
        cluster: "legacy",
        access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      };
      // Converge has looked at it within a minute of the sweep's.
      const preview = async () =>
        (await alice().post("/v1/requests/preview", ask(legacy))).body.problem;
      await expect.poll(preview, { interval: 500 }).toBe("cluster-not-ready");
      const answer = await asked(legacy);
      await expectRefused(answer, "cluster-not-ready", "alice");
      expect(answer.body.detail).toContain("aws eks update-cluster-config --name legacy");
    });
  });
}
