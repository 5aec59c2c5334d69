import { describe, expect, it } from "vitest";
import { drain, suspend, suspensions } from "../../cli/commands/stops.ts";
import type { Context } from "../../cli/context.ts";
import type { StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { activated, answerTo, approved, asked as askedFor, idOf } from "./sample-requests.ts";
import { ALICE, apiWithStops, EVERYONE, NOBODY, STOP } from "./sample-stops.ts";

const GRANT = answerTo(activated(approved(askedFor())));
const lines = (text: string) => text.trimEnd().split("\n");
/** In one line, whatever the width at which it was wrapped. */
const unwrapped = (text: string) => text.replace(/\s+/g, " ");
const why = { reason: STOP.reason, yes: true } as const;
const lift = { lift: true, yes: true } as const;

describe("timelatch suspend", () => {
  it("A suspension is sent with its reason, and the answer says what happens and who can lift it", async () => {
    const api = apiWithStops(ALICE);
    const terminal = fakeTerminal({ api });
    await suspend(terminal.context, "alice", why);
    expect(api.calls).toMatchObject([
      { method: "POST", path: "/v1/people/alice/suspend", body: { reason: STOP.reason } },
    ]);
    expect(unwrapped(terminal.out())).toBe(
      "alice is suspended. 2 grants are being removed. Standing access stays. heidi can lift it. See what is left: timelatch status alice ",
    );
    expect(lines(terminal.out()).every((line) => line.length <= 80)).toBe(true);
  });

  it("It says how many grants end, or that nobody could count them", async () => {
    const said = async (remaining: StopsAnswer["remaining"]) => {
      const { remaining: _, ...stops } = EVERYONE;
      const terminal = fakeTerminal({
        api: apiWithStops({ ...stops, ...(remaining ? { remaining } : {}) }),
      });
      await drain(terminal.context, why);
      return unwrapped(terminal.out());
    };
    expect(await said(undefined)).toContain("how many there are could not be read");
    expect(await said({ grants: 0, people: 0 })).toContain("No grant is listed as open.");
    expect(await said({ grants: 7, people: 4 })).toContain(
      "7 grants of 4 people are being removed.",
    );
  });

  it("With --wait it lists what ended, once a read has proven each", async () => {
    let reads = 0;
    const api = fakeApi(({ method, path }) => {
      if (method === "POST") return ALICE;
      if (path === "/v1/grants")
        return {
          requests: [GRANT, { ...GRANT, id: idOf(2), requester: "zoe", principalArn: "arn:zoe" }],
        };
      reads += 1;
      return { ...GRANT, state: reads < 2 ? "ending" : "ended" };
    });
    const terminal = fakeTerminal({ api });
    const atOnce = { firstMs: 0, mostMs: 0, pause: async () => undefined };
    await suspend(terminal.context, "alice", { ...why, wait: true }, atOnce);
    expect(terminal.err()).toContain("alice is suspended.");
    const text = unwrapped(terminal.out());
    expect(text).toContain(`${GRANT.id} alice, AmazonEKSEditPolicy in payments-api on prod`);
    expect(text).toMatch(/: ended $/);
    expect(text).not.toContain("zoe");
  });

  it("A lift says who is lent nothing all the same", async () => {
    const lifted = fakeTerminal({ api: apiWithStops({ ...NOBODY, drain: STOP }) });
    await suspend(lifted.context, "alice", lift);
    expect(unwrapped(lifted.out())).toContain(
      "The broker is drained, so nothing is lent to anybody.",
    );
    const { suspended } = ALICE;
    const undrained = fakeTerminal({ api: apiWithStops({ suspended, drain: null }) });
    await drain(undrained.context, lift);
    expect(unwrapped(undrained.out())).toContain(
      "The broker lends again, except to alice, who is suspended.",
    );
  });

  it("Where no other admin is left, the answer says so", async () => {
    const nobodyLifts = { ...ALICE, suspended: [{ person: "alice", ...STOP, liftedBy: [] }] };
    const terminal = fakeTerminal({ api: apiWithStops(nobodyLifts) });
    await suspend(terminal.context, "alice", why);
    expect(unwrapped(terminal.out())).toContain(
      "No other admin can lift it: add one to access.yaml.",
    );
  });

  it("A lift is sent without a body", async () => {
    const api = apiWithStops(NOBODY);
    const terminal = fakeTerminal({ api });
    await suspend(terminal.context, "alice", lift);
    expect(api.calls).toMatchObject([{ method: "DELETE", path: "/v1/people/alice/suspend" }]);
    expect(api.calls[0]).not.toHaveProperty("body");
    expect(unwrapped(terminal.out())).toBe(
      "The suspension of alice is lifted. Access that ended has to be asked for again. ",
    );
  });

  it("A name keeps its path, whatever it is made of", async () => {
    const api = apiWithStops(NOBODY);
    await suspend(fakeTerminal({ api }).context, "a/b c", lift);
    expect(api.calls[0]?.path).toBe("/v1/people/a%2Fb%20c/suspend");
  });

  it("The API's answer is printed unchanged under --json", async () => {
    const terminal = fakeTerminal({ api: apiWithStops(ALICE), json: true });
    await suspend(terminal.context, "alice", why);
    expect(JSON.parse(terminal.out())).toEqual(ALICE);
    expect(terminal.err()).toBe("");
  });
});

describe("timelatch drain", () => {
  it("A drain and its lift are sent, and the answer says what happens", async () => {
    const drained = fakeTerminal({ api: apiWithStops(EVERYONE) });
    await drain(drained.context, why);
    expect(unwrapped(drained.out())).toBe(
      "The broker is drained. 1 grant is being removed. Standing access stays. heidi can lift it. See what is left: timelatch grants ",
    );
    const api = apiWithStops(NOBODY);
    const lifted = fakeTerminal({ api });
    await drain(lifted.context, lift);
    expect(api.calls).toMatchObject([{ method: "DELETE", path: "/v1/drain" }]);
    expect(unwrapped(lifted.out())).toContain("The broker lends again.");
  });
});

describe("timelatch suspend and drain at a terminal", () => {
  const of = (requester: string, number: number) => ({ ...GRANT, id: idOf(number), requester });
  const OPEN = [of("alice", 1), of("alice", 2), of("bob", 3)];
  const ENDING = { ...of("carol", 4), state: "ending" };

  /** The questions until somebody answers no, and what was sent. */
  async function asked(
    command: (context: Context) => Promise<void>,
    grants: readonly object[] | undefined,
    reason?: string,
  ) {
    const api = fakeApi(({ path }) => {
      if (path === "/v1/grants" && grants) return { requests: grants };
      throw new Error("no answer");
    });
    const prompts = [typist(), typist()];
    const left = [...prompts].slice(reason === undefined ? 1 : 0);
    const terminal = fakeTerminal({ api, interactive: true });
    if (reason !== undefined) void prompts[0]?.answer("Why?", reason);
    void prompts[1]?.answer("[y/N]", "n");
    const context = { ...terminal.context, prompt: () => left.shift()?.prompt ?? typist().prompt };
    await expect(command(context)).rejects.toMatchObject({ code: "not-confirmed" });
    expect(api.calls.map(({ method }) => method)).toEqual(["GET"]);
    return prompts[1]?.shown();
  }

  it("A drain asks with how many grants of how many people it ends", async () => {
    const question = (grants: readonly object[] | undefined) =>
      asked((context) => drain(context, { reason: STOP.reason }), grants);
    expect(await question([...OPEN, ENDING])).toContain(
      "Drain the broker? 3 grants of 2 people end now. [y/N]",
    );
    expect(await question(OPEN.slice(2))).toContain("1 grant of 1 person ends now. [y/N]");
    expect(await question([])).toContain("No grant is open that you can see. [y/N]");
  });

  it("A suspension counts only the grants of that person", async () => {
    const command = (context: Context) => suspend(context, "alice", { reason: STOP.reason });
    expect(await asked(command, OPEN)).toContain("Suspend alice? 2 grants of 1 person end now.");
  });

  it("Where the API lists no grants, the question comes all the same", async () => {
    const command = (context: Context) => drain(context, { reason: STOP.reason });
    expect(await asked(command, undefined)).toContain("the API does not say how much that is.");
  });

  it("Without --reason somebody at a terminal is asked for it first", async () => {
    expect(
      await asked((context) => suspend(context, "alice", {}), OPEN, "a lost laptop"),
    ).toContain("Suspend alice?");
  });
});

describe("timelatch suspensions", () => {
  it("The list says who, since when, by whom, and who lifts it, in 80 columns", async () => {
    const terminal = fakeTerminal({ api: apiWithStops({ ...ALICE, drain: STOP }) });
    await suspensions(terminal.context);
    const all = lines(terminal.out());
    expect(unwrapped(terminal.out())).toContain("The broker is DRAINED since");
    expect(unwrapped(terminal.out())).toContain(`by carol: ${STOP.reason}. heidi can lift it.`);
    expect(all.find((line) => line.startsWith("WHO"))).toMatch(/^WHO +SINCE +BY +LIFTED BY/);
    expect(all.find((line) => line.startsWith("alice"))).toMatch(/^alice +.*carol +heidi/);
    expect(all.every((line) => line.length <= 80)).toBe(true);
  });

  it("An empty list says so", async () => {
    const terminal = fakeTerminal({ api: apiWithStops(NOBODY) });
    await suspensions(terminal.context);
    expect(terminal.out()).toBe("Nobody is suspended.\n");
  });
});
