import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watch } from "../../cli/commands/watch.ts";
import { Failure } from "../../cli/failures/failure.ts";
import { liveView } from "../../cli/terminal/live-view.ts";
import { byEnd } from "../../cli/text/grant-text.ts";
import { clockText } from "../../cli/text/time-text.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { type LoopbackApi, loopbackApi, type Script } from "./loopback-api.ts";
import { run, start } from "./run-timelatch.ts";
import { activated, answerTo, approved, asked, idOf } from "./sample-requests.ts";

const ACTIVE = answerTo(activated(approved(asked())));
const LATER = {
  ...ACTIVE,
  id: idOf(2),
  requester: "carol",
  revokeAt: "2026-11-24T12:00:00.000Z",
  expiresAt: "2026-11-24T12:02:00.000Z",
};
const ENDED = { ...ACTIVE, state: "ended", endedAt: "2026-11-24T11:00:00.000Z" } as const;

describe("timelatch watch off a terminal", () => {
  let script: Script;
  let api: LoopbackApi;
  beforeEach(async () => {
    api = await loopbackApi((call, count) => script(call, count));
  });
  afterEach(() => api.close());
  const env = () => ({ env: { TIMELATCH_API: api.address } });

  it("timelatch watch shows the grants under --once, the earliest end first", async () => {
    script = () => ({ body: { requests: [LATER, ACTIVE] } });
    const { code, out } = await run(["watch", "--once"], env());
    expect(code).toBe(0);
    expect(api.calls.map(({ path }) => path)).toEqual(["/v1/grants"]);
    const [head = "", first = "", second = ""] = out.split("\n");
    expect(head).toMatch(/^ID +STATE +LEFT +GONE BY +WHO +CLUSTER +ACCESS$/);
    expect(first).toMatch(/^019ab5c0-0000\S* +active .* alice +prod /);
    expect(second).toMatch(/^019ab5c0-0000\S* +active .* carol +prod /);
  });

  it("timelatch watch prints one JSON document under --once --json", async () => {
    script = () => ({ body: { requests: [LATER, ACTIVE] } });
    const { out } = await run(["watch", "--once", "--json"], env());
    expect(JSON.parse(out)).toEqual({ requests: [ACTIVE, LATER] });
  });

  it("timelatch watch says when nothing is lent", async () => {
    script = () => ({ body: { requests: [] } });
    expect((await run(["watch", "--once"], env())).out).toBe(
      "No active access that you can see.\n",
    );
  });

  it.each(["SIGINT", "SIGTERM"] as const)("timelatch watch ends with 0 on %s", async (signal) => {
    script = () => ({ body: { requests: [ACTIVE] } });
    const running = start(["watch"], env());
    await new Promise((resolve) => running.child.stdout?.once("data", resolve));
    running.child.kill(signal);
    const { code, out, err } = await running.ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      /^\d{4}-.* P[SD]T {2}active \(until .*\): alice, AmazonEKSEditPolicy in payments-api on prod for 1h {2}[0-9a-f-]{36}\n$/,
    );
    expect(out).not.toContain("\u001b");
  });

  it("timelatch watch fails at once when the first poll fails", async () => {
    script = () => ({ status: 403, body: { message: "Forbidden" } });
    expect((await run(["watch"], env())).code).toBe(3);
  });
});

/** Stops the watch after this number of looks at the grants. */
const AGAIN = { pollMs: 1, redrawMs: 1 };
const UNAVAILABLE = new Failure("unavailable", "unavailable", {
  what: "The API is unavailable.",
  notDone: "Nothing was changed.",
  next: ["Next: run it again."],
});
const REFUSED = new Failure("refused", "forbidden", {
  what: "No.",
  notDone: "Nothing was done.",
  next: ["Next: ask."],
});

/** Answers one list after the other, then refuses, which ends the watching. */
function looking(...looks: readonly (readonly unknown[] | Failure)[]) {
  const left = [...looks];
  return fakeApi(({ path }) => {
    if (path !== "/v1/grants") return ENDED;
    const look = left.shift() ?? REFUSED;
    if (look instanceof Failure) throw look;
    return { requests: look };
  });
}

it("timelatch watch sorts grants without an end last", () => {
  const open = { ...ACTIVE, id: idOf(0), revokeAt: null };
  expect([open, LATER, ACTIVE].toSorted(byEnd)).toEqual([ACTIVE, LATER, open]);
  expect([ACTIVE, open, LATER].toSorted(byEnd)).toEqual([ACTIVE, LATER, open]);
});

describe("the changes that timelatch watch prints", () => {
  const lines = async (...looks: readonly (readonly unknown[] | Failure)[]) => {
    const { context, written } = fakeTerminal({ json: true, api: looking(...looks) });
    await expect(watch(context, {}, AGAIN)).rejects.toBe(REFUSED);
    return written.map((line) => JSON.parse(line));
  };

  it("timelatch watch reports each change once, one JSON document a line under --json", async () => {
    const ending = { ...ACTIVE, state: "ending" };
    expect(await lines([ACTIVE], [ACTIVE], [ending, LATER], [ending, LATER])).toEqual([
      ACTIVE,
      ending,
      LATER,
    ]);
  });

  it("timelatch watch reports the last state of a grant that is no longer live", async () => {
    expect(await lines([ACTIVE], [], [])).toEqual([ACTIVE, ENDED]);
  });

  it("timelatch watch invents no changes while the API is unavailable", async () => {
    expect(await lines([ACTIVE], UNAVAILABLE, UNAVAILABLE, [ACTIVE])).toEqual([ACTIVE]);
  });

  it("timelatch watch reports a grant that ended during an outage once the outage is over", async () => {
    const looks = [[ACTIVE], [], []];
    let asks = 0;
    const api = fakeApi(({ path }) => {
      if (path === "/v1/grants") {
        const requests = looks.shift();
        if (!requests) throw REFUSED;
        return { requests };
      }
      asks += 1;
      if (asks === 1) throw UNAVAILABLE;
      return ENDED;
    });
    const { context, written } = fakeTerminal({ json: true, api });
    await expect(watch(context, {}, AGAIN)).rejects.toBe(REFUSED);
    expect(written.map((line) => JSON.parse(line).state)).toEqual(["active", "ended"]);
  });
});

describe("timelatch watch on a terminal", () => {
  const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
  const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";

  it("timelatch watch redraws, and restores the screen and the cursor when it fails", async () => {
    const { context, written } = fakeTerminal({ api: looking([ACTIVE], [LATER, ACTIVE]) });
    await expect(watch(context, {}, AGAIN)).rejects.toBe(REFUSED);
    expect(written[0]).toBe(ENTER);
    expect(written.at(-1)).toBe(LEAVE);
    expect(written.filter((text) => text === LEAVE)).toHaveLength(1);
    const frames = written.slice(1, -1);
    expect(frames[0]).toContain("54:00");
    expect(frames.at(-1)).toContain("1:55:00");
    for (const frame of frames) expect(frame.startsWith("\u001b[H")).toBe(true);
  });

  it("timelatch watch leaves the screen alone when the first poll fails", async () => {
    const { context, written } = fakeTerminal({ api: looking() });
    await expect(watch(context, {}, AGAIN)).rejects.toBe(REFUSED);
    expect(written).toEqual([]);
  });

  it("timelatch watch says since when the API has not answered", async () => {
    const { context, written } = fakeTerminal({ api: looking([ACTIVE], UNAVAILABLE, UNAVAILABLE) });
    await expect(watch(context, {}, AGAIN)).rejects.toBe(REFUSED);
    expect(written.at(-2)).toContain("The API has not answered since");
    expect(written.at(-2)).toContain("54:00");
  });

  it("timelatch watch redraws between two polls", async () => {
    vi.useFakeTimers();
    try {
      const { context, written } = fakeTerminal({ api: looking([ACTIVE]) });
      const watching = watch(context, {}, { pollMs: 1_000_000, redrawMs: 1_000 });
      await vi.advanceTimersByTimeAsync(0);
      const before = written.length;
      await vi.advanceTimersByTimeAsync(3_000);
      expect(written.length - before).toBe(3);
      process.emit("SIGTERM");
      await watching;
      expect(written.at(-1)).toBe(LEAVE);
      // Its signals are given back a turn later.
      await vi.advanceTimersByTimeAsync(0);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("timelatch watch never draws more lines than the terminal has", () => {
    const { context, written } = fakeTerminal({ rows: 3 });
    liveView(context.screen.out).draw("one\ntwo\nthree\nfour\n");
    expect(written.at(-1)?.split("\n")).toHaveLength(3);
    expect(written.at(-1)).toContain("… 2 more lines");
    expect(written.at(-1)).not.toContain("three");
  });
});

describe("a clock that counts down", () => {
  it.each([
    [3_727, "1:02:07"],
    [2_527.9, "42:07"],
    [23, "0:23"],
    [-5, "0:00"],
  ])("A clock that counts down shows %d seconds as %s", (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });
});
