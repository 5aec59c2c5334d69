import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../cli/failures/exit-codes.ts";
import { type LoopbackApi, loopbackApi, problem, type Script } from "./loopback-api.ts";
import { LAUNCHER, run, runHere, start } from "./run-timelatch.ts";
import {
  activated,
  answerTo,
  approved,
  asked,
  cancelled,
  denied,
  idOf,
} from "./sample-requests.ts";

let script: Script;
let api: LoopbackApi;

beforeEach(async () => {
  script = () => problem(500, "invariant-broken", "The test has no script.");
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(() => api.close());

const timelatch = (args: readonly string[]) =>
  runHere(args, { env: { TIMELATCH_API: api.address } });
/** The same in a process of its own. */
const timelatchProcess = (args: readonly string[], stdin = "") =>
  run(args, { stdin, env: { TIMELATCH_API: api.address } });

const ID = idOf(1);
const PENDING = answerTo(asked());
const APPROVED = answerTo(approved(asked()));
const ACTIVE = answerTo(activated(approved(asked())));
const ASK = ["request", "--yes", "--cluster", "prod", "--reason", "INC-4711 stuck rollout"];
const EDIT = ["--policy", "AmazonEKSEditPolicy", "--namespace", "payments-api"];

describe("the launcher", () => {
  it("timelatch lists every exit code under --help", async () => {
    const { code, out } = await run(["--help"]);
    expect(code).toBe(0);
    for (const exit of Object.values(EXIT_CODES))
      expect(out).toContain(`${exit.code}  ${exit.meaning}`);
  });

  it("The launcher finds its code through links, from any folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "timelatch-link-"));
    symlinkSync(LAUNCHER, join(folder, "first"));
    symlinkSync("first", join(folder, "second"));
    const { code, out } = await run(["--version"], {
      launcher: join(folder, "second"),
      cwd: folder,
    });
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("timelatch request", () => {
  it("timelatch request sends a signed request in the API's words, with a fresh key each time", async () => {
    script = () => ({ status: 201, body: PENDING });
    const args = [...ASK, ...EDIT, "--namespace", "payments-web", "--duration", "1h"];
    const first = await timelatchProcess(args);
    await timelatchProcess(args);
    expect(first.code).toBe(0);
    expect(api.calls[0]).toMatchObject({
      method: "POST",
      path: "/v1/requests",
      signed: true,
      body: {
        cluster: "prod",
        access: {
          policy: "AmazonEKSEditPolicy",
          scope: { type: "namespace", namespaces: ["payments-api", "payments-web"] },
        },
        duration: "1h",
        reason: "INC-4711 stuck rollout",
      },
    });
    const keys = api.calls.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(first.out).toContain(
      `Requested AmazonEKSEditPolicy in payments-api on prod for 1h:\n  ${ID}\n`,
    );
    expect(first.out).toContain(`It waits for approval by bob of payments-leads; it lapses`);
    expect(first.out).toContain(`Forward this to them:\n  timelatch approve ${ID}\n`);
  });

  it("timelatch request sends every option, and the start in UTC", async () => {
    script = () => ({ status: 201, body: PENDING });
    await timelatch([
      ...ASK,
      ...[
        "--group",
        "eks-admins",
        "--group",
        "eks-viewers",
        "--principal",
        "arn:aws:iam::1:role/r",
      ],
      ...["--starts-at", "2026-11-24T22:00-08:00", "--rule", "staging-rbac-admins"],
      ...["--idempotency-key", "key-1"],
    ]);
    expect(api.calls[0]?.body).toEqual({
      cluster: "prod",
      access: { groups: ["eks-admins", "eks-viewers"] },
      reason: "INC-4711 stuck rollout",
      principalArn: "arn:aws:iam::1:role/r",
      startsAt: "2026-11-25T06:00:00.000Z",
      rule: "staging-rbac-admins",
    });
    expect(api.calls[0]?.headers["idempotency-key"]).toBe("key-1");
  });

  it("timelatch request prints exactly the API's JSON under --json", async () => {
    script = () => ({ status: 201, body: PENDING });
    const { out, err } = await timelatch(["--json", ...ASK, "--policy", "P", "--cluster-scope"]);
    expect(JSON.parse(out)).toEqual(PENDING);
    expect(err).toBe("");
    expect(api.calls[0]?.body).toMatchObject({
      access: { policy: "P", scope: { type: "cluster" } },
    });
  });

  it.each([
    ["no scope", ["--policy", "P"], "Missing the scope of --policy"],
    ["two scopes", [...EDIT, "--cluster-scope"], "exclude each other"],
    ["neither policy nor group", [], "Missing required option: --policy with --namespace"],
    ["groups and a policy", [...EDIT, "--group", "g"], "--group excludes --policy"],
    ["groups and a scope", ["--group", "g", "--cluster-scope"], "--group excludes --policy"],
    ["a start without its zone", [...EDIT, "--starts-at", "2026-11-24T22:00"], "with its zone"],
    ["a key that no header can hold", [...EDIT, "--idempotency-key", "a\nb"], "visible ASCII"],
    ["an unknown option", [...EDIT, "--namespaces", "x"], "Unknown option '--namespaces'"],
  ])(
    "timelatch request refuses %s as wrong usage, and sends nothing",
    async (_what, args, said) => {
      const { code, out, err } = await timelatch([...ASK, ...args]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(said);
      expect(err).toContain("Nothing was sent.");
      expect(err).toContain("timelatch request --help");
      expect(api.calls).toHaveLength(0);
    },
  );
});

describe("timelatch request --wait", () => {
  const states =
    (...later: readonly (typeof PENDING)[]): Script =>
    (call, count) =>
      call.method === "POST"
        ? { status: 201, body: PENDING }
        : { body: later[Math.min(count - 2, later.length - 1)] };

  it("timelatch request --wait reports each state once, then until when access lasts, and how to use it", async () => {
    script = states(PENDING, APPROVED, ACTIVE);
    const { code, out, err } = await timelatch([...ASK, ...EDIT, "--wait"]);
    expect(code).toBe(0);
    expect(err.split("\n").slice(5)).toEqual([
      "2026-11-24 02:00 PST  pending: waiting for bob of payments-leads",
      "2026-11-24 02:01 PST  approved: adding access",
      "2026-11-24 02:02 PST  active: access is active",
      "",
    ]);
    expect(out).toMatch(
      /^You have access until 2026-11-24 02:59 PST, 2026-11-24 10:59 UTC \(.+\)\.\n/,
    );
    expect(out).toMatch(/It is to be gone by .*03:01 PST\./);
    expect(out).toContain("  aws eks update-kubeconfig --region us-west-2 --name prod\n");
  });

  it("timelatch request --wait prints only the final request under --json", async () => {
    script = states(ACTIVE);
    const { out, err } = await timelatch([...ASK, ...EDIT, "--wait", "--json"]);
    expect(JSON.parse(out)).toEqual(ACTIVE);
    expect(err).toBe("");
  });

  it.each([
    [
      "denied",
      answerTo(denied(asked())),
      "Access did not become active. Denied by bob: Not tonight.",
    ],
    ["cancelled", answerTo(cancelled(asked())), "the request was cancelled."],
  ])(
    "timelatch request --wait ends with 7 when the request is %s, and says why",
    async (_state, last, why) => {
      script = states(last);
      const { code, out, err } = await timelatch([...ASK, ...EDIT, "--wait"]);
      expect({ code, out }).toEqual({ code: 7, out: "" });
      expect(err).toContain(why);
      expect(err).toContain(`timelatch show ${ID}`);
    },
  );

  it("timelatch request --wait prints the request's end as one JSON document on standard error under --json", async () => {
    const last = answerTo(denied(asked()));
    script = states(last);
    const { code, out, err } = await timelatch([...ASK, ...EDIT, "--wait", "--json"]);
    expect({ code, out }).toEqual({ code: 7, out: "" });
    expect(JSON.parse(err)).toMatchObject({
      type: "urn:timelatch:cli:request-denied",
      exitCode: 7,
      request: last,
    });
  });

  it("timelatch request --wait continues while the gateway is unavailable", async () => {
    script = (call, count) => {
      if (call.method === "POST") return { status: 201, body: PENDING };
      return count < 4
        ? { status: 503, body: { message: "Service Unavailable" } }
        : { body: ACTIVE };
    };
    const { code, err } = await timelatch([...ASK, ...EDIT, "--wait"]);
    expect(code).toBe(0);
    expect(err).toContain("The API does not answer; trying again.");
  });

  it("timelatch request --wait leaves the request as it is on Ctrl-C, and says what cancels it", async () => {
    script = states(PENDING);
    const running = start([...ASK, ...EDIT, "--wait"], { env: { TIMELATCH_API: api.address } });
    await running.said("pending: waiting");
    running.child.kill("SIGINT");
    const { code, err } = await running.ended;
    expect(code).toBe(130);
    expect(err).toContain("You stopped waiting.");
    expect(err).toContain(`timelatch cancel ${ID}`);
    expect(api.calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});

describe("timelatch list and grants", () => {
  /** Without the call that asks whether the caller is stopped. */
  const listing = () => api.calls.filter(({ path }) => path !== "/v1/whoami");

  const second = answerTo(asked({ id: idOf(2), reason: "INC-1\u001b[2J\u202eevil\nline" }));

  it("timelatch list follows every page, and escapes control characters in other people's text", async () => {
    script = ({ path }) =>
      path.includes("cursor=next%2F1")
        ? { body: { requests: [second] } }
        : { body: { requests: [ACTIVE], next: "next/1" } };
    const { code, out } = await timelatch(["list"]);
    expect(code).toBe(0);
    expect(listing().map(({ path, signed }) => [path, signed])).toEqual([
      ["/v1/requests?view=mine", true],
      ["/v1/requests?view=mine&cursor=next%2F1", true],
    ]);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^ID +STATE +WHO +CLUSTER +WHEN +FOR +ACCESS +WAITS FOR +REASON$/);
    expect(lines[1]).toContain("active");
    expect(lines[2]).toContain("INC-1\\u{1b}[2J\\u{202e}evil\\nline");
  });

  it("timelatch list shows what waits for one's approval, in the states that are wanted, in any case", async () => {
    script = () => ({ body: { requests: [ACTIVE, second] } });
    const { out } = await timelatch(["list", "--to-approve", "--state", "PENDING", "--json"]);
    expect(api.calls[0]?.path).toBe("/v1/requests?view=to-approve");
    expect(JSON.parse(out)).toEqual({ requests: [second] });
    expect(out).not.toContain("\u202e");
  });

  it("timelatch list refuses a state that does not exist, and lists those that do", async () => {
    const { code, out, err } = await timelatch(["list", "--state", "foo"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("The states are pending, approved, active, ending,");
    expect(api.calls).toHaveLength(0);
  });

  it("timelatch list says how many requests are in no such state", async () => {
    script = () => ({ body: { requests: [ACTIVE] } });
    const { out } = await timelatch(["list", "--state", "denied"]);
    expect(out).toBe("None of your 1 request is denied.\n");
  });

  it("timelatch list says when there is nothing", async () => {
    script = () => ({ body: { requests: [] } });
    const hint = "What waits for your approval: timelatch list --to-approve";
    expect((await timelatch(["list"])).out).toBe(`You have no requests.\n${hint}\n`);
    expect((await timelatch(["grants"])).out).toBe("No active access that you can see.\n");
    expect(listing()[1]?.path).toBe("/v1/grants");
  });

  it("timelatch list stops when the API repeats a page", async () => {
    script = () => ({ body: { requests: [], next: "again" } });
    const { code, out } = await timelatch(["list"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(listing()).toHaveLength(2);
  });
});

describe("timelatch approve and deny", () => {
  it.each([
    ["approve", "Approved. Access will be active in a few seconds."],
    ["deny", "Denied."],
  ])(
    "timelatch %s reads the request first, shows it, and sends its digest",
    async (verdict, said) => {
      script = ({ method }) => ({ body: method === "GET" ? PENDING : APPROVED });
      const { code, out, err } = await timelatch([verdict, ID, "--yes", "--note", "go"]);
      expect(code).toBe(0);
      expect(api.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `GET /v1/requests/${ID}`,
        `POST /v1/requests/${ID}/decision`,
      ]);
      expect(api.calls[1]).toMatchObject({
        signed: true,
        body: { verdict, digest: PENDING.digest, note: "go" },
      });
      expect(err).toMatch(/^\S+: alice, .* on prod for 1h: INC-4711 stuck rollout\n$/);
      expect(out).toContain(said);
    },
  );

  it("timelatch approve waits for the access that was approved", async () => {
    script = ({ method }, count) => ({
      body: count === 1 ? PENDING : method === "POST" ? APPROVED : ACTIVE,
    });
    const { code, out } = await timelatch(["approve", ID, "--yes", "--wait"]);
    expect(code).toBe(0);
    expect(out).toContain("alice has access until");
  });

  it.each([
    ["who asks", { requester: "mallory" }],
    ["where", { clusterArn: "arn:aws:eks:us-west-2:111122223333:cluster/staging" }],
    ["for whom", { principalArn: "arn:aws:iam::111122223333:role/people/mallory" }],
    ["what for", { access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } }],
    ["how long", { durationSeconds: 60 }],
    ["why", { reason: "INC-4711 something else" }],
  ])(
    "No decision is sent when the digest does not match what is shown: %s",
    async (_what, other) => {
      script = () => ({ body: { ...PENDING, ...other } });
      const { code, err } = await timelatch(["approve", ID, "--yes"]);
      expect(code).toBe(5);
      expect(err).toContain("digest does not match the terms shown here");
      expect(api.calls).toHaveLength(1);
    },
  );

  it("No decision is sent on a request that is decided already", async () => {
    script = () => ({ body: ACTIVE });
    const { code, err } = await timelatch(["deny", ID, "--yes"]);
    expect(code).toBe(5);
    expect(err).toContain(
      "The request is active, so there is nothing to decide. Nothing was sent.",
    );
    expect(api.calls).toHaveLength(1);
  });
});

describe("Commands that change something, without a terminal", () => {
  it.each([
    ["request", [...ASK.filter((word) => word !== "--yes"), ...EDIT]],
    ["approve", ["approve", ID]],
    ["deny", ["deny", ID]],
    ["cancel", ["cancel", ID]],
    ["return", ["return", ID]],
    ["revoke", ["revoke", ID]],
  ])(
    "A command that changes something is refused without --yes, whatever is piped to it: %s",
    async (_verb, args) => {
      const piped = ["", "n\n", "y\n"];
      const ran = await Promise.all(piped.map((stdin) => timelatchProcess(args, stdin)));
      for (const { code, out, err } of ran) {
        expect({ code, out }).toEqual({ code: 2, out: "" });
        expect(err).toContain("--yes (-y)");
      }
      expect(api.calls).toHaveLength(0);
    },
  );
});

describe("timelatch cancel, return and revoke", () => {
  it.each(["cancel", "return", "revoke"])("timelatch %s sends its note", async (verb) => {
    script = () => ({ body: answerTo(cancelled(asked())) });
    await timelatch([verb, ID, "-y", "--note", "no longer needed"]);
    expect(api.calls[0]?.body).toEqual({ note: "no longer needed" });
  });

  it.each(["cancel", "return", "revoke"])(
    "timelatch %s posts an empty object without a note",
    async (verb) => {
      script = () => ({ body: answerTo(cancelled(asked())) });
      const { code, out } = await timelatch([verb, ID, "--yes"]);
      expect({ code, out }).toEqual({ code: 0, out: "Cancelled.\n" });
      expect(api.calls).toMatchObject([
        { method: "POST", path: `/v1/requests/${ID}/${verb}`, body: {}, signed: true },
      ]);
    },
  );
});
