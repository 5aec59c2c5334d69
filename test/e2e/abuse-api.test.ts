/**
 * Hostile and clumsy callers at the whole broker. A refused call has its problem, leaves a line
 * with its code in the log, and changes no access. It puts nothing of the caller's input into a
 * log.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { ANSWER_SCHEMAS, ProblemSchema } from "../../shared/http/contract/answer-schemas.ts";
import { OPERATION_KINDS } from "../../shared/http/contract/operation-kinds.ts";
import { QUERY, ROUTES } from "../../shared/http/contract/routes.ts";
import { documented, expectProblem, operationOf, undocumented } from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import { callerKeys } from "./caller-keys.ts";
import { misuseByAcknowledging } from "./misuse-by-acknowledging.ts";
import { misuseByAsking } from "./misuse-by-asking.ts";
import { misuseByDelegating } from "./misuse-by-delegating.ts";
import { misuseByEscalating } from "./misuse-by-escalating.ts";
import { misuseByExtending } from "./misuse-by-extending.ts";
import { misuseByFlooding } from "./misuse-by-flooding.ts";
import { misuseByInput } from "./misuse-by-input.ts";
import { misuseByStopping } from "./misuse-by-stopping.ts";
import {
  ACCOUNT,
  alice,
  approval,
  ask,
  bob,
  CANARY,
  expectRefused,
  misuseOneSandbox,
  of,
  pathOf,
  pending,
  person,
  sandbox,
  stateOf,
} from "./misused-api.ts";

misuseOneSandbox();

describe("Misuse of the API", () => {
  afterEach(() => {
    expect(sandbox.eksChanges()).toEqual([]);
  });

  describe("Misuse by approving", () => {
    it("Nobody can decide on their own request", async () => {
      for (const verdict of ["approve", "deny"]) {
        const body = { verdict, digest: pending.digest };
        await expectRefused(
          await alice().post(of(pending, "/decision"), body),
          "self-approval",
          "alice",
        );
      }
    });

    it("A caller whose identity is not in the policy is refused", async () => {
      const answer = await person("admin").post(of(pending, "/decision"), approval(pending));
      await expectRefused(answer, "unknown-caller");
      expect(answer.body.callerArn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/admin/admin`);
    });

    it("An approval with another digest than the request's is refused", async () => {
      const body = { verdict: "approve", digest: "0".repeat(64) };
      await expectRefused(
        await bob().post(of(pending, "/decision"), body),
        "digest-mismatch",
        "bob",
      );
    });

    it.each(["carol", "dave"])(
      "The person %s can read the request but not approve it",
      async (by) => {
        const decided = await person(by).post(of(pending, "/decision"), approval(pending));
        await expectRefused(decided, "forbidden", by);
        await expectRefused(await person(by).post(of(pending, "/cancel"), {}), "forbidden", by);
      },
    );

    it("Somebody else's request is answered exactly like an unknown id", async () => {
      const other = { id: randomUUID() };
      for (const [method, rest] of [
        ["GET", ""],
        ["GET", "/events"],
        ["GET", "/evidence"],
        ["POST", "/decision"],
        ["POST", "/extend"],
        ["POST", "/escalate"],
        ["POST", "/cancel"],
        ["POST", "/return"],
        ["POST", "/revoke"],
      ] as const) {
        const tried = (target: { readonly id: string }) =>
          method === "GET"
            ? person("mallory").get(of(target, rest))
            : person("mallory").post(
                of(target, rest),
                rest === "/decision" ? approval(pending) : {},
              );
        const [hidden, unknown] = [await tried(pending), await tried(other)];
        await expectRefused(hidden, "request-not-found", "mallory");
        const plain = (answer: ApiAnswer, { id }: { readonly id: string }) =>
          JSON.stringify({ ...answer.body, instance: "" }).replaceAll(id, "");
        expect(plain(hidden, pending)).toBe(plain(unknown, other));
      }
    });

    it("A malformed id is answered as not found", async () => {
      for (const id of ["x", "..%2f..", "%00", `${"a".repeat(3_000)}`, `${pending.id}%0a`])
        expectProblem(await alice().get(`/v1/requests/${id}`), "request-not-found");
    });

    it("No attempt to misuse an approval changed the request", async () => {
      expect(await stateOf(pending)).toEqual(pending);
      const { events } = (await bob().get(of(pending, "/events"))).body;
      expect(events).toHaveLength(1);
    });
  });

  misuseByAsking();
  misuseByInput();

  it("Every operation refuses an identity that is not in the policy", async () => {
    for (const route of ROUTES)
      expectProblem(await person("admin").call(route.method, pathOf(route)), "unknown-caller");
  });

  it("Every operation answers that it is busy while DynamoDB throttles", async () => {
    await sandbox.spoil({ kind: "throttle", service: "dynamodb" });
    const reading = ROUTES.filter(({ operation }) =>
      OPERATION_KINDS[operation].problems.includes("dependency-unavailable"),
    );
    const bodies: Readonly<Record<string, unknown>> = {
      AccessRequest: ask(),
      Ask: { requests: [ask(), ask({ access: editIn("payments-api") })] },
      DryRun: ask(),
      Extension: {},
      Escalation: {},
      Stop: { reason: "INC-9 stolen" },
      Decision: approval(pending),
      End: {},
      Acknowledgement: { note: "CHG-1 seen" },
      DelegationAsk: { to: "carol", until: "2100-01-01T00:00:00Z" },
      Review: { note: "INC-9 read a log" },
    };
    const answers = await Promise.all(
      reading.map((route) => {
        const { method, operation } = route;
        const interval = QUERY[operation]?.includes("from") ? "?from=2026-11-24&to=2026-11-25" : "";
        const lent = operation === "listGrants" ? "&view=all&cluster=prod" : "";
        const at = `${pathOf(route)}${interval}${lent}`;
        const body = bodies[OPERATION_KINDS[operation].body ?? ""];
        const forAuditors =
          interval !== "" ||
          [
            ...["acknowledgeFinding", "listClusters", "listSuspensions"],
            ...["readStanding", "readReach", "readPolicy"],
          ].includes(operation);
        const by = person(forAuditors ? "dave" : "alice");
        return method === "POST" ? by.post(at, body) : by.call(method, at);
      }),
    );
    await sandbox.clearFaults();
    for (const answer of answers) {
      expectProblem(answer, "dependency-unavailable");
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(JSON.stringify(answer.body)).not.toMatch(/dynamo|throttl|table/i);
    }
  });
});

describe("Concurrent and late decisions", () => {
  it("Only one of several concurrent decisions takes effect", async () => {
    const request = await alice().ask({ access: editIn("payments-race") });
    const decide = (verdict: string) =>
      bob().post(of(request, "/decision"), { verdict, digest: request.digest });
    const answers = await Promise.all([
      decide("deny"),
      alice().post(of(request, "/cancel"), {}),
      decide("deny"),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const final = await stateOf(request);
    expect(["denied", "cancelled"]).toContain(final.state);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectProblem(answer, "illegal-transition");
    for (const late of [await decide("approve"), await decide("deny")])
      await expectRefused(late, "illegal-transition", "bob");
    for (const verb of ["cancel", "return"])
      expectProblem(await alice().post(of(request, `/${verb}`), {}), "illegal-transition");
    expectProblem(await bob().post(of(request, "/revoke"), {}), "illegal-transition");
    expect(await stateOf(request)).toEqual(final);
  });

  it("Two approvals by one person count once towards a quorum of two", async () => {
    const scope = { type: "namespace", namespaces: ["payments-api"] };
    const access = { policy: "AmazonEKSAdminPolicy", scope };
    const request = await alice().ask({ access });
    for (const _twice of [1, 2])
      expect((await bob().approve(request)).approvals.map(({ person: by }) => by)).toEqual(["bob"]);
    expect(await stateOf(request)).toMatchObject({ state: "pending" });
    expect((await alice().post(of(request, "/cancel"), {})).body.state).toBe("cancelled");
  });

  it("A lapsed request cannot be approved, whether or not the sweep has run", async () => {
    const startsAt = new Date(Date.now() + 2_000).toISOString();
    const request = await alice().ask({
      access: editIn("payments-late"),
      duration: "15s",
      startsAt,
    });
    await pause(Math.max(0, Date.parse(request.lapsesAt) - Date.now()) + 50);
    const answer = await bob().post(of(request, "/decision"), approval(request));
    await expectRefused(answer, "illegal-transition", "bob");
    expect(answer.body.state).toBe("lapsed");
  });

  it("The audit chain shows any change to its events", async () => {
    const { events } = (await person("dave").get(of(pending, "/events"))).body;
    expect(verifyChains(events)).toEqual([]);
    expect(verifyChains([{ ...events[0], actor: "bob" }])).not.toEqual([]);
  });
});

misuseByExtending();

misuseByFlooding();
misuseByAcknowledging();

describe("Logs and answers of the misuse", () => {
  it("The functions' logs contain no reason, key, token or signature, and only lines of JSON", async () => {
    const lines = sandbox.functionLogs();
    expect(lines.length).toBeGreaterThan(100);
    const { secretAccessKey, sessionToken } = await callerKeys(sandbox, "alice");
    const text = lines.join("\n");
    for (const secret of [CANARY, "Signature=", secretAccessKey, sessionToken, "stuck rollout"])
      expect(text.includes(secret)).toBe(false);
    const calls = sandbox.everyLog().join("\n");
    for (const secret of [secretAccessKey, sessionToken])
      expect(calls.includes(secret)).toBe(false);
    for (const line of lines.filter((each) => each.includes('"message":"refused"')))
      expect(JSON.parse(line)).toMatchObject({ level: "WARN", service: "api" });
    // Neither control characters nor invisible ones: lines are split at their ends already.
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
  });

  it("Every answer to the misuse matches the OpenAPI description", () => {
    for (const call of sandbox.heard) {
      const { status, body } = call.answer;
      const operation = operationOf(call);
      const answer = operation && OPERATION_KINDS[operation].answer;
      if (status >= 400) expect(ProblemSchema.safeParse(body).error).toBeUndefined();
      else if (answer && answer !== "OpenApi" && answer !== "Problem")
        expect(ANSWER_SCHEMAS[answer].safeParse(body).error).toBeUndefined();
    }
  });

  it("The review of a break-glass is closed once, by somebody else, and with a note", async () => {
    const note = { note: "INC-9 read a log" };
    const unknown = { id: "01935e00-0000-7000-8000-000000000000" };
    expectProblem(await bob().post(of(unknown, "/review"), note), "request-not-found");
    expectProblem(await bob().post(of(pending, "/review"), note), "no-review");
    const glass = await person("carol").ask({
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
      rule: "break-glass",
      duration: "1m",
    });
    await person("carol").until(glass, ["active"]);
    expectProblem(await bob().post(of(glass, "/review"), {}), "invalid-request");
    await expectRefused(await person("carol").post(of(glass, "/review"), note), "own-review");
    await expectRefused(await bob().post(of(glass, "/review"), note), "review-too-early", "bob");
    await person("carol").post(of(glass, "/return"), {});
    await person("carol").until(glass, ["ended"]);
    expect((await bob().post(of(glass, "/review"), note)).status).toBe(200);
    expectProblem(await bob().post(of(glass, "/review"), note), "review-closed");
  });

  misuseByDelegating();
  misuseByEscalating();
  misuseByStopping();

  it("The answers to the misuse cover exactly the statuses that the OpenAPI description lists", () => {
    expect(undocumented(sandbox.heard)).toEqual([]);
    const heard = new Set(
      sandbox.heard.flatMap((call) => {
        const operation = operationOf(call);
        return operation === undefined ? [] : [`${operation} ${call.answer.status}`];
      }),
    );
    expect([...heard].sort()).toEqual(documented());
  });
});
