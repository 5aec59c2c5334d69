/** A suspension or a drain is on the screen before anybody asks for what it refuses. */
import { describe, expect, it } from "vitest";
import { access } from "../../cli/commands/access.ts";
import { decide } from "../../cli/commands/decide.ts";
import { escalate } from "../../cli/commands/escalate.ts";
import { extend } from "../../cli/commands/extend.ts";
import { list } from "../../cli/commands/list.ts";
import { request } from "../../cli/commands/request.ts";
import { whoami } from "../../cli/commands/whoami.ts";
import type { Context } from "../../cli/context.ts";
import { missingGrant } from "../../cli/kubernetes/live-grant.ts";
import { APPROVAL_QUESTION } from "../../cli/prompts/approval-card.ts";
import type { Prompt } from "../../cli/prompts/prompt.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { LENT } from "./sample-access.ts";
import { answerTo, asked } from "./sample-requests.ts";

const STOPPED = {
  code: "drained",
  detail: "carol drained the broker: an incident. You can ask for nothing now; you can lift it.",
  liftedBy: ["dora"],
  mayLift: true,
} as const;
const ME = { person: "dora", groups: [], roles: ["admins"], identityArn: "arn:aws:iam::1:role/d" };
const PENDING = answerTo(asked());
const LIFT = "Next: lift it with timelatch drain --lift.";

/** An API whose caller is stopped, or not. */
const apiFor = (stopped: object | undefined) =>
  fakeApi(({ path }) => {
    if (path === "/v1/whoami") return { ...ME, ...(stopped ? { stopped } : {}) };
    if (path.startsWith("/v1/people/")) return { access: [], waiting: [] };
    if (path === "/v1/access") return { ...LENT, ...(stopped ? { stopped } : {}) };
    return path === "/v1/requests" || path === "/v1/grants" ? { requests: [] } : PENDING;
  });
/** A prompt that fails the test where it is asked. */
const NO_QUESTIONS: Prompt = {
  ask: (question) => Promise.reject(new Error(`asked: ${question}`)),
  during: (work) => work,
  close: () => undefined,
};
const unwrapped = (text: string) => text.replace(/\s+/g, " ");

describe("Commands that read, while the caller is stopped", () => {
  const shown = async (
    command: (context: Context) => Promise<void>,
    stopped: object | undefined = STOPPED,
  ) => {
    const terminal = fakeTerminal({ api: apiFor(stopped) });
    await command(terminal.context);
    return unwrapped(`${terminal.out()}${terminal.err()}`);
  };

  it.each([
    ["whoami", whoami],
    ["access", access],
    ["list", (context: Context) => list(context, {})],
    ["list --to-approve", (context: Context) => list(context, { toApprove: true })],
  ] as const)(
    "timelatch %s says who stopped them, why, and how an admin lifts it",
    async (_, command) => {
      expect(await shown(command)).toContain(`STOPPED: ${STOPPED.detail} ${LIFT}`);
      expect(await shown(command, { ...STOPPED, mayLift: false })).not.toContain("drain --lift");
    },
  );

  it("Somebody who is not stopped, and an older API, have no such line", async () => {
    for (const command of [whoami, access, (context: Context) => list(context, {})]) {
      const terminal = fakeTerminal({ api: apiFor(undefined) });
      await command(terminal.context);
      expect(terminal.out()).not.toBe("");
      expect(`${terminal.out()}${terminal.err()}`).not.toContain("STOPPED");
    }
  });

  it("The list is shown all the same where the API does not say who is stopped", async () => {
    const api = fakeApi(({ path }) => {
      if (path === "/v1/whoami") throw new Error("no answer");
      return { requests: [] };
    });
    const terminal = fakeTerminal({ api });
    await list(terminal.context, {});
    expect(terminal.out()).toMatch(/^You have no requests\./);
  });
});

describe("Commands that ask, while the caller is stopped", () => {
  const id = PENDING.id;
  const asking: readonly (readonly [string, (context: Context) => Promise<unknown>])[] = [
    ["request", (context) => request(context, {})],
    ["approve", (context) => decide(context, "approve", id, {})],
    ["deny", (context) => decide(context, "deny", id, {})],
    ["extend", (context) => extend(context, id, {})],
    ["escalate", (context) => escalate(context, id, {})],
  ];

  it.each(asking)("timelatch %s asks no question, and sends nothing", async (_, command) => {
    const api = apiFor(STOPPED);
    const terminal = fakeTerminal({ api, interactive: true, prompt: NO_QUESTIONS });
    await expect(command(terminal.context)).rejects.toMatchObject({
      code: "drained",
      exit: "conflict",
      text: { what: STOPPED.detail, next: [LIFT] },
    });
    expect(api.calls.every(({ method }) => method === "GET")).toBe(true);
    expect(terminal.err()).toBe("");
  });

  it("A suspended person is refused with the exit code of the API's refusal", async () => {
    const api = apiFor({ ...STOPPED, code: "suspended", mayLift: false });
    const terminal = fakeTerminal({ api, interactive: true, prompt: NO_QUESTIONS });
    await expect(extend(terminal.context, id, {})).rejects.toMatchObject({
      code: "suspended",
      exit: "refused",
    });
  });
});

describe("Decisions on behalf of somebody who is suspended", () => {
  const detail = "carol suspended bob, so nobody decides for them; dora can lift it.";
  const api = () =>
    fakeApi(({ path }) =>
      path === "/v1/whoami"
        ? { ...ME, decidesFor: ["erin"], suspendedDelegators: [{ person: "bob", detail }] }
        : PENDING,
    );

  it.each(["approve", "deny"] as const)(
    "timelatch %s says who suspended them, and asks nothing",
    async (verdict) => {
      const terminal = fakeTerminal({ api: api(), interactive: true, prompt: NO_QUESTIONS });
      const decided = decide(terminal.context, verdict, PENDING.id, { onBehalfOf: "bob" });
      await expect(decided).rejects.toMatchObject({
        code: "delegator-suspended",
        exit: "conflict",
        text: { what: detail, notDone: "Nothing was sent." },
      });
    },
  );

  it("Somebody else is decided for after the question", async () => {
    const terminal = fakeTerminal({ api: api(), interactive: true, prompt: NO_QUESTIONS });
    const decided = decide(terminal.context, "deny", PENDING.id, { onBehalfOf: "erin" });
    await expect(decided).rejects.toThrow("asked: ");
  });

  it("timelatch whoami names them, and why", async () => {
    const terminal = fakeTerminal({ api: api() });
    await whoami(terminal.context);
    expect(unwrapped(terminal.out())).toContain(`Decides for erin Not for bob: ${detail}`);
  });
});

describe("Decisions, while the requester is suspended", () => {
  const suspended = {
    code: "suspended",
    person: PENDING.requester,
    principalArn: null,
    by: "carol",
    at: PENDING.createdAt,
    reason: null,
    liftedBy: ["dora"],
    mayLift: false,
  };
  const apiWith = (block: object) =>
    fakeApi(({ path }) => (path === "/v1/whoami" ? ME : { ...PENDING, blocks: [block] }));

  it.each(["approve", "deny"] as const)(
    "timelatch %s says so, and asks nothing",
    async (verdict) => {
      const api = apiWith(suspended);
      const terminal = fakeTerminal({ api, interactive: true, prompt: NO_QUESTIONS });
      await expect(decide(terminal.context, verdict, PENDING.id, {})).rejects.toMatchObject({
        code: "requester-suspended",
        exit: "conflict",
      });
      expect(unwrapped(terminal.err())).toContain(
        `SUSPENDED: carol suspended ${PENDING.requester} at`,
      );
      expect(api.calls.every(({ method }) => method === "GET")).toBe(true);
    },
  );

  it("An admin who may lift it reads the command", async () => {
    const api = apiWith({ ...suspended, mayLift: true });
    const terminal = fakeTerminal({ api, interactive: true, prompt: NO_QUESTIONS });
    await expect(decide(terminal.context, "approve", PENDING.id, {})).rejects.toThrow();
    expect(terminal.err()).toContain(`\n  timelatch suspend ${PENDING.requester} --lift\n`);
  });

  it("Another holder's suspension, and closed hours, are shown above the question", async () => {
    const other = { ...suspended, person: "frank", principalArn: PENDING.principalArn };
    const closed = { code: "outside-hours", rule: PENDING.rule, opensAt: null };
    for (const [block, said] of [
      [other, "since frank may use it too"],
      [closed, `Rule ${PENDING.rule} is outside of its hours`],
    ] as const) {
      const person = typist();
      const terminal = fakeTerminal({
        api: apiWith(block),
        interactive: true,
        prompt: person.prompt,
      });
      const done = decide(terminal.context, "approve", PENDING.id, {});
      await person.answer(APPROVAL_QUESTION, "n");
      await expect(done).rejects.toMatchObject({ code: "not-confirmed" });
      expect(unwrapped(terminal.err())).toContain(said);
    }
  });
});

describe("The remark beside kubectl's refusal, while the caller is stopped", () => {
  it("It says who stopped them in place of how to ask, and nobody is offered to ask", async () => {
    expect(await missingGrant(async () => apiFor(STOPPED), "prod", PENDING.createdAt)).toEqual({
      text: `timelatch: No access is lent to you on prod now.\n  ${STOPPED.detail}\n  ${LIFT}\n`,
      canAsk: false,
    });
  });
});
