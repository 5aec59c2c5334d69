import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiClient } from "../../../cli/api/api-client.ts";
import type { Failure } from "../../../cli/failures/failure.ts";
import type { ErrorCode } from "../../../shared/domain/values/errors.ts";
import { PROBLEMS } from "../../../shared/http/contract/problems.ts";
import { type LoopbackApi, loopbackApi, problem, type Script } from "../loopback-api.ts";
import { run, runHere, type Surroundings } from "../run-timelatch.ts";
import { answerTo, asked, idOf } from "../sample-requests.ts";

let script: Script;
let api: LoopbackApi;

beforeEach(async () => {
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(() => api.close());

const timelatch = (args: readonly string[], { env }: Pick<Surroundings, "env"> = {}) =>
  runHere(args, { env: { TIMELATCH_API: api.address, ...env } });

const ID = idOf(1);
const PENDING = answerTo(asked());
const ASK = [
  ...["request", "--yes", "--cluster", "prod", "--group", "g", "--reason", "INC-1 why"],
  ...["--idempotency-key", "key-1"],
];
const UNAVAILABLE = { status: 503, body: { message: "Service Unavailable" } };

describe("Refusals by the API", () => {
  const EXITS = {
    "malformed-request": 3,
    "unknown-caller": 3,
    forbidden: 3,
    "self-approval": 3,
    "machine-asks-only": 3,
    "decided-elsewhere": 3,
    "policy-denied": 3,
    "own-review": 3,
    "not-reviewer": 3,
    "no-review": 5,
    "review-too-early": 5,
    "review-closed": 5,
    "break-glass-open": 5,
    "review-overdue": 5,
    "outside-hours": 5,
    "not-on-call": 5,
    "on-call-unknown": 5,
    "ticket-refused": 5,
    "ticket-unknown": 5,
    "duration-too-long": 3,
    "request-not-found": 4,
    "finding-not-found": 4,
    "cluster-not-found": 4,
    "own-finding": 3,
    "too-many-acknowledgements": 5,
    "route-not-found": 4,
    "method-not-allowed": 3,
    "illegal-transition": 5,
    "cluster-not-ready": 5,
    "digest-mismatch": 5,
    "already-approved": 5,
    "break-glass-as-asked": 5,
    "extension-as-asked": 5,
    "longer-than-asked": 3,
    "namespace-not-asked": 3,
    "no-namespaces-asked": 3,
    "not-less": 3,
    "too-short": 3,
    "already-break-glass": 5,
    "break-glass-denied": 3,
    "break-glass-needs-approval": 5,
    "extension-stays": 5,
    "no-break-glass": 3,
    "not-break-glass": 3,
    suspended: 3,
    drained: 5,
    "requester-suspended": 5,
    "delegator-suspended": 5,
    "already-suspended": 5,
    "nobody-could-lift": 5,
    "not-suspended": 5,
    "already-drained": 5,
    "not-drained": 5,
    "own-stop": 3,
    "person-not-found": 4,
    "not-pending": 5,
    "not-requester": 3,
    "duplicate-request": 5,
    "extension-open": 5,
    "not-active-yet": 5,
    "too-late-to-extend": 5,
    "grant-over": 5,
    "too-many-grants": 5,
    "too-much-on-one-entry": 5,
    "too-many-pending": 5,
    "too-many-automatic": 5,
    "version-conflict": 5,
    "delegation-not-found": 4,
    "delegations-off": 3,
    "nothing-to-delegate": 3,
    "unknown-delegate": 3,
    "not-a-delegate": 3,
    "delegation-to-self": 3,
    "delegation-in-past": 3,
    "delegation-without-time": 3,
    "delegation-too-long": 3,
    "delegation-circle": 5,
    "too-many-delegations": 5,
    "ask-refused": 5,
    "not-delegated": 3,
    "not-delegable": 3,
    "delegator-asked": 3,
    "delegator-holds-principal": 3,
    "delegator-lost-standing": 3,
    "delegation-over": 3,
    "delegation-ended": 5,
    "body-too-large": 3,
    "unsupported-media-type": 3,
    "invalid-request": 3,
    "invalid-cursor": 3,
    "idempotency-mismatch": 3,
    "rate-limited": 6,
    "invariant-broken": 1,
    "dependency-unavailable": 6,
  } as const satisfies Record<ErrorCode, number>;

  it.each(Object.entries(EXITS))(
    "A refusal by the API ends with the exit code of its kind: %s with %i",
    async (code, exit) => {
      const { status } = PROBLEMS[code as ErrorCode];
      script = () => problem(status, code, "That is why. Nothing was stored.");
      const ran = await timelatch(ASK);
      expect(ran).toMatchObject({ code: exit, out: "" });
      expect(ran.err).toContain(`timelatch: That is why. Nothing was stored. (${code})\n`);
    },
  );

  it("A failure gives what the operators need when the fault is the API's", async () => {
    script = () => problem(500, "internal-error", "It may be done.", { instance: "urn:x:call:1" });
    const { err } = await timelatch(ASK);
    expect(err).toContain("--idempotency-key key-1");
    expect(err).toContain("For the operators: urn:x:call:1");
  });

  it("A refusal by the API names the option that is wrong", async () => {
    script = () =>
      problem(422, "invalid-request", "See `errors`.", {
        errors: [{ pointer: "/duration", detail: "At most 4h." }],
      });
    expect((await timelatch(ASK)).err).toContain("  --duration: At most 4h.\n");
  });

  it("A failed command prints the problem unchanged under --json, on standard error only", async () => {
    script = () => problem(409, "duplicate-request", "There is one.", { requestId: ID });
    const env = { TIMELATCH_API: api.address };
    const { code, out, err } = await run([...ASK, "--json"], { env });
    expect({ code, out }).toEqual({ code: 5, out: "" });
    expect(JSON.parse(err)).toEqual({
      type: "urn:timelatch:problem:duplicate-request",
      title: "No",
      status: 409,
      detail: "There is one.",
      requestId: ID,
    });
  });

  it("A failed command escapes terminal controls in a problem", async () => {
    script = () => problem(422, "invalid-request", "bad \u001b]0;title\u0007");
    expect((await timelatch(ASK)).err).toContain("bad \\u{1b}]0;title\\u{7}");
  });

  it("A failed command escapes terminal controls in what it gives the operators", async () => {
    script = () =>
      problem(500, "internal-error", "Bad.", { instance: "urn:x\u001b[2J\u009b\u202e" });
    const { err } = await timelatch(ASK);
    expect(err).toContain("For the operators: urn:x\\u{1b}[2J\\u{9b}\\u{202e}");
    expect(err).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe("A request that is pending already", () => {
  it("The refusal names it by its id, where the API gives one", async () => {
    script = () => problem(409, "duplicate-request", "It is pending.", { id: ID });
    expect((await timelatch(ASK)).err).toContain(`\n    timelatch show ${ID}\n`);
    script = () => problem(409, "duplicate-request", "It is pending.");
    expect((await timelatch(ASK)).err).toContain("timelatch list.");
  });

  it("An admin who may lift what refuses a decision reads the command", async () => {
    const facts = { person: "alice", by: "carol", liftedBy: ["dora"] };
    const refused = (mayLift: boolean) =>
      problem(409, "requester-suspended", "She is suspended.", { ...facts, mayLift });
    script = () => refused(true);
    expect((await timelatch(ASK)).err).toContain("lift it:\n    timelatch suspend alice --lift\n");
    script = () => refused(false);
    expect((await timelatch(ASK)).err).not.toContain("--lift");
  });
});

describe("Answers of the gateway in its own form", () => {
  it("The command explains a gateway's 403 by the credentials, once and without repeating", async () => {
    script = () => ({ status: 403, body: { message: "Forbidden" } });
    const { code, out, err } = await timelatch(["list"]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain("did not accept your AWS credentials (403 Forbidden). Nothing was done.");
    expect(err).toContain("AWS_PROFILE");
    expect(err).toContain("aws sts get-caller-identity");
    expect(api.calls).toHaveLength(1);
  });

  it.each([
    ["GET", ["list"], 2],
    ["a request with its key", ASK, 2],
    ["a cancellation", ["cancel", ID, "--yes"], 1],
  ])("After 503 the command sends %s as often as is safe: %#", async (_what, args, times) => {
    script = () => UNAVAILABLE;
    const { code } = await timelatch(args);
    expect(code).toBe(6);
    expect(api.calls).toHaveLength(times);
  });

  it("The command succeeds when a repeated call does, with the same key", async () => {
    script = (_call, count) => (count === 1 ? UNAVAILABLE : { status: 201, body: PENDING });
    const { code } = await timelatch(ASK);
    expect(code).toBe(0);
    expect(api.calls.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-1"]);
  });

  it("The command recognises the answer of another server", async () => {
    script = () => ({ status: 200, type: "text/html", body: "<p>Welcome" });
    const { code, err } = await timelatch(["list"]);
    expect(code).toBe(6);
    expect(err).toContain("not the Timelatch API (200, text/html)");
  });

  it("The command sends no signature to another host", async () => {
    const other = await loopbackApi(() => ({ body: { requests: [] } }));
    script = () => ({ status: 307, location: `${other.address}/v1/requests`, body: "" });
    expect((await timelatch(["list"])).code).toBe(6);
    await other.close();
    expect(other.calls).toHaveLength(0);
  });
});

describe("Calls without an answer", () => {
  it("A call without an answer is repeated once after a reset where that is safe", async () => {
    script = (_call, count) => (count === 1 ? "reset" : { body: { requests: [] } });
    expect((await timelatch(["grants"])).code).toBe(0);
    expect(api.calls).toHaveLength(2);
  });

  it("A call without an answer reports that a request may exist, and how to repeat it safely", async () => {
    script = () => "reset";
    const { code, out, err } = await timelatch(ASK);
    expect({ code, out }).toEqual({ code: 6, out: "" });
    expect(err).toContain("closed the connection without an answer. The change may or may not");
    expect(err).toContain("--idempotency-key key-1");
  });

  it("A call is not repeated after a reset where that is not safe, and says where to look", async () => {
    script = () => "reset";
    const { err } = await timelatch(["revoke", ID, "--yes"]);
    expect(api.calls).toHaveLength(1);
    expect(err).toContain("The change may or may not have been made.");
    expect(err).toContain(`timelatch show ${ID}`);
  });

  it("A call without an answer times out, and is not repeated", async () => {
    script = () => "silence";
    const credentials = async () => ({ accessKeyId: "a", secretAccessKey: "b" });
    const client = apiClient(
      api.address,
      { region: "us-west-2", credentials },
      { timeoutMs: 300, retryMs: 1 },
    );
    const failure = await client
      .send({ method: "POST", path: "/v1/requests", body: {}, idempotencyKey: "key-2" })
      .catch((error: Failure) => error);
    expect(failure).toMatchObject({ exit: "unavailable", code: "timeout" });
    expect((failure as Failure).text.next?.join()).toContain("--idempotency-key key-2");
    expect(api.calls).toHaveLength(1);
  });

  it("The command says that nothing was sent when nothing listens at the address", async () => {
    const closed = await loopbackApi(() => "silence");
    await closed.close();
    const { code, err } = await timelatch(ASK, { env: { TIMELATCH_API: closed.address } });
    expect(code).toBe(6);
    expect(err).toContain("nothing listens there. Nothing was sent.");
  });
});

describe("Missing settings", () => {
  it("The command names every way to set the API's address where none is set", async () => {
    const { code, err } = await timelatch(["list"], { env: { TIMELATCH_API: undefined } });
    expect(code).toBe(2);
    for (const way of ["timelatch config set api", "TIMELATCH_API", "--api"])
      expect(err).toContain(way);
  });

  it("The option --api takes precedence over TIMELATCH_API", async () => {
    script = () => ({ body: { requests: [] } });
    const { code } = await timelatch(["list", "--api", `${api.address}/`], {
      env: { TIMELATCH_API: "http://127.0.0.1:9" },
    });
    expect(code).toBe(0);
  });

  it("The command names a profile that does not exist, as JSON under --json", async () => {
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_PROFILE: "nobody" };
    const { code, out, err } = await timelatch(["list", "--json"], { env });
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(JSON.parse(err)).toMatchObject({
      type: "urn:timelatch:cli:no-such-profile",
      exitCode: 3,
      detail: expect.stringContaining("AWS_PROFILE is nobody"),
    });
    expect(api.calls).toHaveLength(0);
  });

  it("The command says how to set the region when nothing names it", async () => {
    const { code, err } = await timelatch(["list"], { env: { AWS_REGION: undefined } });
    expect(code).toBe(2);
    expect(err).toContain("AWS_REGION");
  });

  it("The command suggests the right name for a misspelt one", async () => {
    const { code, err } = await timelatch(["lits"]);
    expect(code).toBe(2);
    expect(err).toContain("Unknown command 'lits'. Did you mean list?");
  });
});
