/** Requests that are no requests: bodies, paths, queries and cursors. */
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import { ANSWER_SCHEMAS } from "../../shared/http/contract/answer-schemas.ts";
import { OPERATION_KINDS } from "../../shared/http/contract/operation-kinds.ts";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import { expectProblem } from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import {
  ACCOUNT,
  alice,
  ask,
  asked,
  expectRefused,
  of,
  pathOf,
  pending,
  person,
} from "./misused-api.ts";

const isInstantOrNull = (since: unknown): boolean =>
  since === null || (typeof since === "string" && !Number.isNaN(Date.parse(since)));

/** Declares the tests, in the sandbox of `misused-api.ts`. */
export function misuseByInput(): void {
  describe("Misuse by malformed input", () => {
    it.each([
      ["holes in the list", { access: editIn("payments-api", null as unknown as string) }],
      ["upper case", { access: editIn("Payments-api") }],
      ["64 characters", { access: editIn("p".repeat(64)) }],
      ["dots", { access: editIn("payments.api") }],
      ["letters that look alike", { access: editIn("pаyments-api") }],
      ["no namespace", { access: editIn() }],
      [
        "namespaces in a cluster scope",
        { access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster", namespaces: [] } } },
      ],
      ["a username", { access: { ...editIn("payments-api"), username: "system:admin" } }],
      ["no duration at all", { duration: "0m" }],
      ["a negative duration", { duration: "-1h" }],
      ["a duration of ISO 8601", { duration: "PT1H " }],
      ["a duration with more behind it", { duration: "1h foo" }],
      ["a duration that is no text", { duration: { valueOf: "1h" } }],
      [
        "a session for a principal",
        { principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/alice` },
      ],
      ["root for a principal", { principalArn: `arn:aws:iam::${ACCOUNT}:root` }],
      ["a star for a principal", { principalArn: "*" }],
      ["a principal in full width", { principalArn: `arn:aws:iam::${ACCOUNT}:role/people/ａlice` }],
      ["a line's end in the reason", { reason: 'INC-4711 fine\r\n{"level":"INFO"}' }],
      ["an escape in the reason", { reason: "INC-4711 \u001b[2J cleared" }],
      ["an invisible character in the reason", { reason: "INC-4711 \u202e txt.exe" }],
      ["a start in the past", { startsAt: "2020-01-01T00:00:00Z" }],
      ["a start on no day", { startsAt: "2026-02-30T00:00:00Z" }],
      ["a state", { state: "active" }],
      ["an approver", { approvedBy: "bob" }],
      ["an end", { expiresAt: "2030-01-01T00:00:00Z" }],
      ["a constructor", { constructor: { prototype: {} } }],
    ])("A request with %s is refused with the reason and the member", async (_what, over) => {
      const answer = await asked(over);
      await expectRefused(answer, "invalid-request", "alice");
      expect(answer.body.errors[0].pointer).toMatch(/^\//);
    });

    it("Duplicate members in JSON are refused", async () => {
      for (const [added, pointer] of [
        ['"__proto__":{"state":"active"}', "/__proto__"],
        ['"reason":"INC-1 another reason"', "/reason"],
        ['"rule":"\\ud800"', "/rule"],
      ]) {
        const text = `${JSON.stringify(ask()).slice(0, -1)},${added}}`;
        const answer = await alice().post("/v1/requests", text);
        await expectRefused(answer, "invalid-request", "alice");
        expect(answer.body.errors).toMatchObject([{ pointer }]);
      }
    });

    it("A bad content type, size or syntax is refused alike by every operation", async () => {
      const withBody = ROUTES.filter(({ operation }) => OPERATION_KINDS[operation].body);
      for (const route of withBody) {
        const { method } = route;
        const at = pathOf(route);
        const sent = (body: string | Buffer, type = "application/json") =>
          alice().call(method, at, { body, headers: { "content-type": type } });
        const answers: readonly (readonly [ErrorCode, ApiAnswer])[] = [
          ["body-too-large", await sent(JSON.stringify({ reason: "x".repeat(17_000) }))],
          ["invalid-request", await sent(`{"access":${"[".repeat(9)}${"]".repeat(9)}}`)],
          ["invalid-request", await sent('{"unknown":1}')],
          ["unsupported-media-type", await sent("{}", "text/plain")],
          ["malformed-request", await sent("{")],
          [
            "malformed-request",
            await sent(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
          ],
        ];
        for (const [code, answer] of answers) expectProblem(answer, code);
      }
    });

    it("An unknown path or method is refused with what exists", async () => {
      await expectRefused(await alice().get("/v1/nothing"), "route-not-found");
      await expectRefused(await alice().get("/"), "route-not-found");
      const answer = await alice().call("DELETE", of(pending));
      await expectRefused(answer, "method-not-allowed");
      expect(answer.headers.get("allow")).toBe("GET");
      const both = await alice().call("PUT", "/v1/requests");
      expect(both.headers.get("allow")?.split(", ").sort()).toEqual(["GET", "POST"]);
    });

    it("A cursor works for its owner in its list, and nowhere else", async () => {
      const since = (days: number) =>
        new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
      const list = (days: number) => `/v1/audit/events?from=${since(days)}&to=2100-01-01&limit=1`;
      const events = list(1);
      const other = await alice().ask({ access: editIn("payments-pages") });
      await alice().post(`/v1/requests/${other.id}/cancel`, {});
      const first = await person("dave").get(events);
      const { next } = first.body;
      expect(next).toBeDefined();
      expect(first.body.events).toHaveLength(1);
      const second = await person("dave").get(`${events}&cursor=${next}`);
      expect(second.status).toBe(200);
      expect(second.body.events).not.toEqual(first.body.events);
      for (const path of ["/v1/requests?", "/v1/grants?", `${list(2)}&`])
        expectProblem(await person("dave").get(`${path}cursor=${next}`), "invalid-cursor");
      expectProblem(await alice().get(`/v1/grants?cursor=${next}`), "invalid-cursor");
      const history = await alice().get(of(other, "/events?limit=1"));
      const rest = await alice().get(of(other, `/events?cursor=${history.body.next}`));
      const both = [...history.body.events, ...rest.body.events];
      expect(both.map(({ type }) => type)).toEqual(["request", "cancel"]);
      const misused = await alice().get(of(pending, `/events?cursor=${history.body.next}`));
      expectProblem(misused, "invalid-cursor");
    });

    it("The grants of a cluster need the cluster and the interval, and no other list takes them", async () => {
      const between = "from=2026-01-01&to=2100-01-01";
      const whole = `/v1/grants?view=all&cluster=prod&${between}`;
      const { status, body } = await person("dave").get(whole);
      expect([status, ANSWER_SCHEMAS.GrantList.parse(body)]).toEqual([200, body]);
      expect(body).toMatchObject({ since: expect.toSatisfy(isInstantOrNull), leftOut: 0 });
      for (const misused of [
        "view=all",
        `view=all&${between}`,
        "view=all&cluster=prod&from=2026-01-01",
        "view=all&cluster=prod&from=2026-02-30&to=2100-01-01",
        `view=mine&cluster=prod&${between}`,
        "cluster=prod",
        `view=open&${between}`,
        `view=all&cluster=prod&${between}&state=active`,
      ])
        expectProblem(await person("dave").get(`/v1/grants?${misused}`), "invalid-request");
      for (const cluster of ["prd", "__proto__", "x".repeat(3_000), "%00"])
        expectProblem(
          await person("dave").get(`/v1/grants?view=all&cluster=${cluster}&${between}`),
          "cluster-not-found",
        );
    });

    it("A request is found by the beginning of its id, and only by those who may read it", async () => {
      const path = `/v1/requests?idPrefix=${pending.id.slice(0, 13)}`;
      for (const name of ["alice", "bob"]) {
        const { requests } = (await person(name).get(path)).body;
        expect(requests.map(({ id }: { readonly id: string }) => id)).toContain(pending.id);
      }
      expect((await person("mallory").get(path)).body.requests).toEqual([]);
      for (const misused of [path.slice(0, -6), `${path}&view=mine`])
        expectProblem(await alice().get(misused), "invalid-request");
    });

    it("Unknown query parameters are refused", async () => {
      for (const route of ROUTES) {
        if (route.method !== "GET") continue;
        const answer = await alice().get(`${pathOf(route)}?state=active`);
        await expectRefused(answer, "invalid-request", "alice");
      }
      for (const query of ["limit=0", "limit=101", "limit=1&limit=2", "view=all"])
        expectProblem(await alice().get(`/v1/requests?${query}`), "invalid-request");
      const today = new Date().toISOString().slice(0, 10);
      for (const cursor of ["e30", "2026-11-24.e30", `${today}.${"A".repeat(80)}`])
        expectProblem(await alice().get(`/v1/requests?cursor=${cursor}`), "invalid-cursor");
      const page = "/v1/audit/events?from=2026-02-30&to=2027-01-01";
      expectProblem(await person("dave").get(page), "invalid-request");
    });

    it("Only admins and auditors read what stands on clusters, and everyone else nothing of it", async () => {
      const parts = ["standing", "reach"];
      const paths = parts.flatMap((part) => [`prod/${part}`, `x/${part}`]);
      for (const path of ["/v1/clusters", ...paths.map((each) => `/v1/clusters/${each}`)])
        for (const by of ["alice", "mallory"])
          await expectRefused(await person(by).get(path), "forbidden", by);
      const dave = person("dave");
      for (const name of ["x", "constructor", "..%2f..", "a".repeat(3_000)])
        for (const part of parts)
          expectProblem(await dave.get(`/v1/clusters/${name}/${part}`), "cluster-not-found");
      for (const at of ["2100-01-01", "yesterday", "2026-02-30", ""])
        expectProblem(await dave.get(`/v1/clusters/prod/reach?at=${at}`), "invalid-request");
      const read = async () => (await dave.get("/v1/clusters/prod/standing?limit=1")).body;
      await expect.poll(async () => (await read()).entries).toHaveLength(1);
      const { next, cluster } = await read();
      expect(cluster).toMatchObject({ name: "prod", standing: { read: expect.any(Number) } });
      const more = await dave.get(`/v1/clusters/prod/standing?cursor=${next}`);
      expect(more.status).toBe(200);
      expectProblem(
        await dave.get(`/v1/clusters/staging/standing?cursor=${next}`),
        "invalid-cursor",
      );
      expect((await dave.get("/v1/clusters")).status).toBe(200);
      const reach = await dave.get("/v1/clusters/prod/reach?limit=1");
      expect(reach).toMatchObject({ status: 200, body: { standing: { unknown: null } } });
      const again = `/v1/clusters/staging/reach?cursor=${reach.body.next}`;
      expectProblem(await dave.get(again), "invalid-cursor");
    });
  });
}
