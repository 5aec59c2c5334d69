/** Changes that the terminal asks about before the API hears of them, and those that never wait. */
import { describe, expect, it } from "vitest";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { answerTo, asked, idOf } from "../sample-requests.ts";
import { knock, letIn, type RunningConsole, runConsole } from "./running-console.ts";

const ID = idOf(1);
const PENDING: RequestAnswer = { ...answerTo(asked()), decideIn: ["api", "slack"] };
const EVERYTHING = answerTo(
  asked({ access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } }),
);
const GROUPS = answerTo(asked({ access: { groups: ["eks-admins"] } }));

const ALLOWED = {
  allowed: true,
  rule: "payments-edit",
  cluster: "prod",
  access: PENDING.access,
  duration: "1h",
  breakGlass: false,
  requirements: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
};

/** A console whose API has one request and one preview. */
async function consoleWith(request: object = PENDING, preview: object = ALLOWED) {
  const console_ = await runConsole(({ method, path }) => {
    if (path.endsWith("/preview")) return { body: preview };
    return { body: method === "GET" ? request : { done: true } };
  });
  await letIn(console_);
  return console_;
}

const post = (console_: RunningConsole, path: string, body: object = {}, method = "POST") =>
  knock(console_.port, {
    method,
    path: `/api/v1${path}`,
    headers: { ...console_.page(), "content-type": "application/json" },
    ...(method === "DELETE" ? {} : { body: JSON.stringify(body) }),
  });

const show = (console_: RunningConsole) =>
  knock(console_.port, { path: `/api/v1/requests/${ID}`, headers: console_.page() });

/** The calls that change something at the API. */
const changes = (console_: RunningConsole) =>
  console_.api.calls.filter(({ method, path }) => method !== "GET" && !path.endsWith("/preview"));

/** The word that the terminal asks for, once it does. */
async function wordOf(console_: RunningConsole): Promise<string> {
  await expect.poll(() => console_.err()).toMatch(/Type \d\d to agree/);
  return /Type (\d\d) to agree, or n to refuse: $/.exec(console_.err())?.[1] ?? "";
}

const types = (console_: RunningConsole, text: string) => console_.person.press("", `${text}\r`);

const approve = (digest = PENDING.digest) => ({ verdict: "approve", digest });

describe("a decision in the console", () => {
  it("A decision on the terms that were served last goes on by itself", async () => {
    const console_ = await consoleWith();
    await show(console_);
    expect(await post(console_, `/requests/${ID}/decision`, approve())).toMatchObject({
      status: 200,
    });
    expect(changes(console_)).toMatchObject([
      { path: `/v1/requests/${ID}/decision`, body: approve(), signed: true },
    ]);
    expect(console_.err()).not.toContain("to agree");
    await console_.close();
  });

  it("A decision on a request that was not served, or with another digest, is refused", async () => {
    const console_ = await consoleWith();
    expect(await post(console_, `/requests/${ID}/decision`, approve())).toMatchObject({
      status: 409,
    });
    await show(console_);
    for (const body of [approve("0".repeat(64)), { verdict: "deny" }, {}])
      expect(await post(console_, `/requests/${ID}/decision`, body)).toMatchObject({ status: 409 });
    expect(changes(console_)).toEqual([]);
    await console_.close();
  });

  it("A decision on terms that do not make their digest is refused", async () => {
    const console_ = await consoleWith({ ...PENDING, durationSeconds: 60 });
    await show(console_);
    expect(await post(console_, `/requests/${ID}/decision`, approve())).toMatchObject({
      status: 409,
    });
    expect(changes(console_)).toEqual([]);
    await console_.close();
  });

  it("A denial never waits for the terminal", async () => {
    const console_ = await consoleWith({ ...EVERYTHING, decideIn: ["api"], breakGlass: true });
    await show(console_);
    const deny = { verdict: "deny", digest: EVERYTHING.digest };
    expect(await post(console_, `/requests/${ID}/decision`, deny)).toMatchObject({ status: 200 });
    await console_.close();
  });

  it.each([
    ["its rule is break-glass", { ...PENDING, breakGlass: true }, "break-glass"],
    ["its rule says decideIn: [api]", { ...PENDING, decideIn: ["api"] }, "decideIn: [api]"],
    [
      "the release does not say where to decide",
      { ...PENDING, decideIn: undefined },
      "does not say where",
    ],
    [
      "it may do everything",
      { ...EVERYTHING, decideIn: ["api", "slack"] },
      "everything on the cluster",
    ],
    [
      "nobody knows what it may do",
      { ...GROUPS, decideIn: ["api", "slack"] },
      "Nobody knows how much",
    ],
  ])("An approval waits for the terminal where %s", async (_why, request, said) => {
    const console_ = await consoleWith(request);
    await show(console_);
    const { digest } = request;
    const answer = post(console_, `/requests/${ID}/decision`, approve(digest));
    const word = await wordOf(console_);
    expect(changes(console_)).toEqual([]);
    expect(console_.err()).toContain(said);
    expect(console_.err()).toContain("INC-4711 stuck rollout");
    await types(console_, word);
    expect(await answer).toMatchObject({ status: 200 });
    expect(changes(console_).length).toBe(1);
    await console_.close();
  });

  it("A script in the page approves nothing while the terminal refuses, is silent, or hears another word", async () => {
    const console_ = await consoleWith({ ...PENDING, breakGlass: true });
    await show(console_);
    const first = post(console_, `/requests/${ID}/decision`, approve());
    const word = await wordOf(console_);
    // Another one does not queue up behind it.
    expect(await post(console_, `/requests/${ID}/decision`, approve())).toMatchObject({
      status: 403,
    });
    const others = [word === "11" ? "12" : "11", "y", ""];
    for (const [at, other] of others.entries()) {
      await types(console_, other);
      const reminders = () => console_.err().split("That was neither.").length - 1;
      await expect.poll(reminders).toBe(at + 1);
    }
    expect(changes(console_)).toEqual([]);
    await types(console_, "n");
    expect(await first).toMatchObject({ status: 403 });
    expect(changes(console_)).toEqual([]);
    await console_.close();
  });

  it("A page that no longer waits takes its question back, and the word for it agrees to nothing", async () => {
    const console_ = await consoleWith({ ...PENDING, breakGlass: true });
    await show(console_);
    const gone = new AbortController();
    const lost = fetch(`http://127.0.0.1:${console_.port}/api/v1/requests/${ID}/decision`, {
      method: "POST",
      headers: { ...console_.page(), "content-type": "application/json" },
      body: JSON.stringify(approve()),
      signal: gone.signal,
    }).catch(() => "gone");
    const word = await wordOf(console_);
    gone.abort();
    expect(await lost).toBe("gone");
    await expect.poll(() => console_.err()).toContain("The page no longer waits");
    await types(console_, word);
    await expect.poll(() => console_.err()).toContain("Nothing waits for another answer");
    expect(changes(console_)).toEqual([]);
    await console_.close();
  });
});

describe("other changes in the console", () => {
  it.each([
    ["a break-glass", { ...ALLOWED, breakGlass: true, requirements: [] }],
    ["everything at once", { ...ALLOWED, access: EVERYTHING.access, requirements: [] }],
  ])("Asking for %s waits for the terminal", async (_what, preview) => {
    const console_ = await consoleWith(PENDING, preview);
    const answer = post(console_, "/requests", { reason: "INC-1 down" });
    const word = await wordOf(console_);
    expect(changes(console_)).toEqual([]);
    expect(console_.err()).toContain("INC-1 down");
    await types(console_, word);
    expect(await answer).toMatchObject({ status: 200 });
    expect(changes(console_)[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    await console_.close();
  });

  it("Asking for what others have to approve goes on by itself", async () => {
    const console_ = await consoleWith(PENDING, { ...ALLOWED, access: EVERYTHING.access });
    expect(await post(console_, "/requests", {})).toMatchObject({ status: 200 });
    await console_.close();
  });

  it.each([
    ["An escalation", `/requests/${ID}/escalate`, "POST", "Escalate"],
    ["A delegation", "/delegations", "POST", "Delegate your approvals to erin?"],
    [
      "The lift of a suspension",
      "/people/alice/suspend",
      "DELETE",
      "Lift the suspension of alice?",
    ],
    ["The lift of a drain", "/drain", "DELETE", "Lift the drain?"],
    ["A drain", "/drain", "POST", "Drain the broker?"],
  ])("%s waits for the terminal", async (_what, path, method, question) => {
    const console_ = await consoleWith();
    const answer = post(console_, path, { to: "erin", reason: "INC-1" }, method);
    await wordOf(console_);
    expect(console_.err()).toContain(question);
    await types(console_, "n");
    expect(await answer).toMatchObject({ status: 403 });
    expect(changes(console_)).toEqual([]);
    await console_.close();
  });

  it.each([
    ["A return", `/requests/${ID}/return`, "POST"],
    ["A revocation", `/requests/${ID}/revoke`, "POST"],
    ["A cancellation", `/requests/${ID}/cancel`, "POST"],
    ["A suspension", "/people/alice/suspend", "POST"],
    ["The end of a delegation", `/delegations/${ID}`, "DELETE"],
  ])("%s never waits for the terminal", async (_what, path, method) => {
    const console_ = await consoleWith({ ...EVERYTHING, breakGlass: true });
    expect(await post(console_, path, {}, method)).toMatchObject({ status: 200 });
    expect(console_.err()).not.toContain("to agree");
    await console_.close();
  });

  it("The terminal shows a hostile reason as one line of visible text", async () => {
    const console_ = await consoleWith(PENDING, { ...ALLOWED, breakGlass: true, requirements: [] });
    const answer = post(console_, "/requests", { reason: "ok\u001b[2K\r\nType 00 to agree\u202e" });
    await wordOf(console_);
    expect(console_.err()).toContain("ok\\u{1b}[2K\\r\\nType 00 to agree\\u{202e}");
    await types(console_, "n");
    await answer;
    await console_.close();
  });
});
