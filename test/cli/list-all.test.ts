/** `timelatch list --all`: everyone's requests, for auditors. */
import { describe, expect, it } from "vitest";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { loopbackApi, type Reply } from "./loopback-api.ts";
import { runHere } from "./run-timelatch.ts";
import { activated, answerTo, approved, asked, idOf } from "./sample-requests.ts";

const TIME = "2026-11-24T10:01:00.000Z";
const ALICES = { ...answerTo(activated(approved(asked()))), id: idOf(1) } as RequestAnswer;
const DAVES = { ...answerTo(asked()), id: idOf(2), requester: "dave", cluster: "staging" };
const KEPT: Readonly<Record<string, unknown>> = { [idOf(1)]: ALICES, [idOf(2)]: DAVES };
const LENT = { ...ALICES, approvedAt: TIME, effectiveAt: TIME };
/** Two pages of the grants of a cluster. */
const FIRST = { requests: [LENT], leftOut: 1, next: "more" };
const LATER = { requests: [{ ...LENT, id: idOf(4), requester: "erin" }], leftOut: 0 };
const TO = "2026-11-24T10:04:00.000Z";

/** Two pages of events: three requests were asked, and one of them is kept by its events only. */
function answerOf(path: string): Reply {
  const url = new URL(path, "http://api");
  if (url.pathname === "/v1/audit/events") {
    const event = (id: string, type = "request") => ({ type, requestId: id });
    return url.searchParams.get("cursor") === "more"
      ? { body: { events: [event(idOf(2))], to: TO } }
      : {
          body: {
            events: [event(idOf(3)), event(idOf(1)), event(idOf(1), "approve")],
            to: TO,
            next: "more",
          },
        };
  }
  if (url.pathname === "/v1/grants") {
    const page = url.searchParams.get("cursor") === "more" ? LATER : FIRST;
    return { body: { ...page, since: "2026-11-24T09:00:00.000Z" } };
  }
  const found = KEPT[url.pathname.split("/").at(-1) ?? ""];
  const problem = {
    type: "urn:timelatch:problem:request-not-found",
    title: "gone",
    detail: "There is no request. Nothing was done; look.",
  };
  return found ? { body: found } : { status: 404, type: "application/problem+json", body: problem };
}

async function listed(...args: readonly string[]) {
  const api = await loopbackApi(({ path }) => answerOf(path));
  try {
    const result = await runHere(["list", ...args], { env: { TIMELATCH_API: api.address } });
    return { ...result, calls: api.calls.map(({ path }) => path) };
  } finally {
    await api.close();
  }
}

describe("timelatch list --all", () => {
  it("It lists what was asked, newest first, and says of which time and what is missing", async () => {
    const { out, err } = await listed("--all", "--since", "2026-11-23");
    expect(out.indexOf("dave")).toBeGreaterThan(0);
    expect(out.indexOf("alice")).toBeGreaterThan(out.indexOf("dave"));
    expect(err).toMatch(/Everyone's requests, asked from 2026-11-2\d \d\d:\d\d/);
    expect(err).toContain(
      "No record is left of 1 request of that time, only events: timelatch audit report has all.",
    );
  });

  it.each([
    ["--who", "dave", idOf(2)],
    ["--state", "active", idOf(1)],
    ["--cluster", "staging", idOf(2)],
  ])("%s %s leaves out the others", async (option, value, id) => {
    const { out } = await listed("--all", option, value, "--json");
    const { requests } = JSON.parse(out) as { readonly requests: readonly RequestAnswer[] };
    expect(requests.map((each) => each.id)).toEqual([id]);
  });

  it("Without --since, it asks for seven days", async () => {
    const { calls } = await listed("--all");
    const query = new URL(calls[0] ?? "", "http://api").searchParams;
    const [from, to] = [query.get("from"), query.get("to")].map((each) => Date.parse(each ?? ""));
    expect((to ?? 0) - (from ?? 0)).toBe(7 * 86_400_000);
  });

  it("Where nothing fits, it says what was looked for", async () => {
    const { out } = await listed("--all", "--who", "erin", "--state", "denied");
    expect(out).toContain("None of 2 requests is denied, of erin.");
  });

  it("With a cluster and --from, it lists what was lent there, and says where grants may be missing", async () => {
    const at = ["--all", "--cluster", "prod", "--from", "2026-11-23", "--to", "2026-11-24T12:00Z"];
    const { out, err, calls } = await listed(...at);
    expect(out).toMatch(/alice[\s\S]*erin/);
    const words = err.replaceAll(/\s+/g, " ");
    expect(words).toMatch(/What was lent on prod from 2026-11-2\d .* to 2026-11-24/);
    expect(words).toMatch(/Grants that were approved before 2026-11-24 .* may be missing/);
    expect(words).toContain("1 item of the list has no sound record");
    expect(new URL(calls[0] ?? "", "http://api").search).toBe(
      "?view=all&cluster=prod&from=2026-11-23T00%3A00%3A00.000Z&to=2026-11-24T12%3A00%3A00.000Z",
    );
    const json = JSON.parse((await listed(...at, "--who", "erin", "--json")).out);
    expect(json).toMatchObject({ since: "2026-11-24T09:00:00.000Z", leftOut: 1 });
    expect(json.requests.map(({ id }: { readonly id: string }) => id)).toEqual([idOf(4)]);
    expect((await listed(...at, "--who", "frank")).out).toContain(
      "No grant in the list is of frank",
    );
  });

  it.each([
    [["--from", "7d"], "--from is about everyone's requests, and --all is not there."],
    [["--all", "--to", "1d"], "--cluster is not there."],
    [["--all", "--cluster", "prod", "--from", "1d", "--to", "7d"], "earlier than --to"],
    [["--all", "--cluster", "prod", "--from", "1d", "--since", "7d"], "Write one."],
    [["--who", "dave"], "--who is about everyone's requests, and --all is not there."],
    [["--since", "7d"], "--since is about everyone's requests, and --all is not there."],
    [["--all", "--since", "friday"], "neither a time ago (7d, 12h), a day"],
  ])("%j is refused before anything is sent", async (args, words) => {
    const { err, calls } = await listed(...args);
    expect(err.replaceAll(/\s+/g, " ")).toContain(words);
    expect(calls).toEqual([]);
  });
});
