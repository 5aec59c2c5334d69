/** `timelatch review`: the reviews of break-glass that wait for somebody, and how they close one. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Review } from "../../shared/domain/requests/review.ts";
import { done, summary } from "../shared/policy-tools/suggest/used-grants.ts";
import { type LoopbackApi, loopbackApi, problem, type Script } from "./loopback-api.ts";
import { runHere } from "./run-timelatch.ts";
import { activated, answerTo, approved, asked, idOf } from "./sample-requests.ts";

let script: Script;
let api: LoopbackApi;

beforeEach(async () => {
  script = () => problem(500, "invariant-broken", "The test has no script.");
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(() => api.close());

const timelatch = (...args: readonly string[]) =>
  runHere(args, { env: { TIMELATCH_API: api.address } });

const ID = idOf(1);
const OPEN: Review = {
  by: ["payments-leads"],
  dueAt: "2026-11-26T10:00:00.000Z",
  closed: null,
};
const glass = (review = OPEN) => ({
  ...answerTo(activated(approved(asked({ breakGlass: true, rule: "break-glass" })))),
  state: "ended" as const,
  review,
});
const CLOSED: Review = {
  ...OPEN,
  closed: { person: "bob", at: "2026-11-25T10:00:00.000Z", note: "looked at it" },
};

describe("timelatch review", () => {
  it("The list has what waits for its reader, who used it, and whether it is overdue", async () => {
    script = () => ({ body: { requests: [glass()], next: null } });
    const { code, out } = await timelatch("review");
    expect(code).toBe(0);
    expect(api.calls).toMatchObject([{ method: "GET" }]);
    expect(api.calls[0]?.path).toContain("view=to-review");
    expect(out).toContain("alice");
    expect(out).toMatch(/overdue|ago/);
  });

  it("An empty list says that no review waits", async () => {
    script = () => ({ body: { requests: [], next: null } });
    const { code, out } = await timelatch("review");
    expect({ code, out }).toEqual({
      code: 0,
      out: "No review of a break-glass waits for you.\n",
    });
  });

  it("Closing shows the request first, also after its end, and sends the note", async () => {
    script = ({ method }) => ({ body: method === "GET" ? glass() : glass(CLOSED) });
    const { code, out, err } = await timelatch(
      "review",
      ID,
      "--close",
      "-y",
      "--note",
      "looked at it",
    );
    expect({ code, out }).toEqual({
      code: 0,
      out: "The review is closed. Your note is kept in the history.\n",
    });
    expect(err).toContain("INC-4711 stuck rollout");
    expect(api.calls).toMatchObject([
      { method: "GET", path: `/v1/requests/${ID}` },
      {
        method: "POST",
        path: `/v1/requests/${ID}/review`,
        body: { note: "looked at it" },
        signed: true,
      },
    ]);
  });

  it.each([
    [
      "a summary",
      summary([done("get pods"), done("delete pods")]),
      "2 requests allowed by this access, refused, or made as somebody else, from ",
    ],
    ["no summary", null, "Done with it  Not known: no summary is on record."],
  ])("Closing shows what was done with the access: %s", async (_, activity, said) => {
    script = ({ method }) => ({
      body: method === "GET" ? { ...glass(), activity } : glass(CLOSED),
    });
    const { err } = await timelatch("review", ID, "--close", "-y", "--note", "x");
    expect(err.replace(/ +/g, " ")).toContain(said.replace(/ +/g, " "));
  });

  it("A reviewer who is no auditor sees in timelatch show what was done", async () => {
    const activity = summary([done("get pods"), done("delete pods")], { isCut: true });
    script = ({ path }) =>
      path.endsWith("/events")
        ? { body: { events: [] } }
        : path.endsWith("/evidence")
          ? problem(403, "forbidden", "Only auditors may read the evidence of a request.")
          : { body: { ...glass(), activity } };
    const { out } = await timelatch("show", ID);
    expect(out.replace(/\s+/g, " ")).toMatch(
      /Done with it 2 requests allowed by this access, refused, or made as somebody else, from \S.* to \S.*: 1 × get pods in payments-api, allowed; 1 × delete pods in payments-api, allowed\. There was more than the summary holds\./,
    );
  });

  it.each([
    ["approved", "The access of this break-glass has not begun, and may last, until 2026-"],
    ["active", "alice still has this access, until 2026-"],
    ["ending", "The access of this break-glass is still being removed."],
  ] as const)("Nothing is sent while the access is %s", async (state, said) => {
    script = () => ({ body: { ...glass(), state, endedAt: null } });
    const { code, out, err } = await timelatch("review", ID, "--close", "-y", "--note", "x");
    expect({ code, out }).toEqual({ code: 5, out: "" });
    expect(err.replace(/\s+/g, " ")).toContain(said);
    expect(err).toContain("Nothing was changed;");
    expect(err).toContain(`  timelatch show ${ID}\n`);
    expect(api.calls.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("A running access and its review stand in the list, and neither is overdue", async () => {
    const due = { ...OPEN, dueAt: "2026-11-24T10:00:00.000Z" };
    script = () => ({ body: { requests: [{ ...glass(due), state: "active" }], next: null } });
    const { out } = await timelatch("review");
    expect(out).toContain("active");
    expect(out).not.toContain("OVERDUE");
  });

  it("--json answers with the closed review", async () => {
    script = ({ method }) => ({ body: method === "GET" ? glass() : glass(CLOSED) });
    const { out } = await timelatch("review", ID, "--close", "-y", "--note", "x", "--json");
    expect(JSON.parse(out)).toMatchObject({ id: ID, review: CLOSED });
  });

  it.each([
    ["a note without --close", ["review", ID, "--note", "x"], "A review is closed with --close."],
    ["an id without --close", ["review", ID], "A review is closed with --close."],
    ["--yes without a note", ["review", ID, "--close", "--yes"], "--yes needs --note"],
    ["--yes without an id", ["review", "--close", "--yes", "--note", "x"], "id"],
    ["no terminal to ask at", ["review", ID, "--close", "--note", "x"], "--yes (-y)"],
  ] as const)("Nothing is sent with %s", async (_, args, text) => {
    const { code, out, err } = await timelatch(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(text);
    expect(api.calls).toEqual([]);
  });

  it.each([
    [403, "own-review"],
    [403, "not-reviewer"],
    [409, "review-closed"],
    [409, "review-too-early"],
    [409, "no-review"],
  ] as const)("A refusal (%i %s) is passed on, with what to do next", async (status, code) => {
    script = ({ method }) =>
      method === "GET"
        ? { body: glass() }
        : problem(status, code, "It is refused. Nothing was changed; look at it.");
    const ran = await timelatch("review", ID, "--close", "-y", "--note", "x");
    expect(ran.code).not.toBe(0);
    expect(ran.out).toBe("");
    expect(ran.err).toContain(`(${code})`);
    expect(ran.err).toContain("Next:");
  });
});
