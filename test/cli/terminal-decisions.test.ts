/** Decisions and ends at a terminal: their text, their questions, and their waits. */
import { describe, expect, it } from "vitest";
import { decide } from "../../cli/commands/decide.ts";
import type { DecideOptions } from "../../cli/commands/decision.ts";
import { type EndOptions, end } from "../../cli/commands/end.ts";
import { APPROVAL_QUESTION } from "../../cli/prompts/approval-card.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../shared/http/contract/person-access-answer.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { NOTHING_BESIDE } from "./sample-person-access.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const PENDING = answerTo(asked());
const APPROVED = answerTo(approved(asked()));
const ACTIVE = answerTo(activated(approved(asked())));
const ENDING: RequestAnswer = {
  ...ACTIVE,
  state: "ending",
  outcome: { code: "returned", detail: "Returned by alice." },
};
const ENDED: RequestAnswer = {
  ...ENDING,
  state: "ended",
  endedAt: "2026-11-24T10:06:00.000Z",
  endProof: { hadBegun: true, readAt: "2026-11-24T10:05:59.000Z", stayed: [], stayedBy: [] },
};

const REMAINING: PersonAccessAnswer = {
  person: ACTIVE.requester,
  at: "2026-11-24T10:07:00.000Z",
  cluster: ACTIVE.cluster,
  access: [],
  unread: [],
  standingAsOf: "2026-11-24T09:40:00.000Z",
  ...NOTHING_BESIDE,
};

/** Another grant of the same person on the same cluster. */
const OTHER: EffectiveAccessAnswer = {
  cluster: ACTIVE.cluster,
  principalArn: ACTIVE.principalArn,
  policy: "AmazonEKSAdminPolicy",
  elements: ["ns/payments-api"],
  state: "there",
  by: "01a22810-0000-7000-8000-000000000001",
  from: null,
  asOf: null,
  until: "2026-11-24T10:38:00.000Z",
};

/** Reads answer these in turn, the last one again and again; a POST answers `changed`. */
const broker = (changed: RequestAnswer, ...reads: readonly RequestAnswer[]) => {
  const left = [...reads];
  return fakeApi(({ method, path }) => {
    if (method === "POST") return changed;
    if (path.startsWith("/v1/people/")) return REMAINING;
    if (path === "/v1/whoami") return { person: "bob", groups: [], roles: [] };
    return left.length > 1 ? left.shift() : left[0];
  });
};

function terminal(api: ReturnType<typeof fakeApi>, json = false) {
  const person = typist();
  return { ...fakeTerminal({ interactive: true, json, api, prompt: person.prompt }), person };
}

const posts = ({ calls }: ReturnType<typeof fakeApi>) =>
  calls.filter(({ method }) => method === "POST");

async function approve(api: ReturnType<typeof fakeApi>, options: DecideOptions, json = false) {
  const at = terminal(api, json);
  const done = decide(at.context, "approve", PENDING.id, options);
  await at.person.answer(APPROVAL_QUESTION, "y");
  await done;
  return at;
}

async function giveBack(api: ReturnType<typeof fakeApi>, options: EndOptions, answer: string) {
  const at = terminal(api);
  const done = end(at.context, "return", ACTIVE.id, options);
  await at.person.answer("Return this access now? [y/N] ", answer);
  return { at, done };
}

describe("timelatch approve for less", () => {
  const less = { duration: "30m", namespace: ["payments-api"] };
  const offered = (request: RequestAnswer): RequestAnswer => {
    const { access, duration, durationSeconds, digest } = request;
    const earlierTerms = [{ access, duration, durationSeconds, digest }];
    return { ...request, duration: "30m", durationSeconds: 1_800, earlierTerms };
  };
  const run = async (options: DecideOptions, api: ReturnType<typeof fakeApi>) => {
    const at = terminal(api);
    const done = decide(at.context, "approve", PENDING.id, options);
    await at.person.answer("Approve this for less? [y/N] ", "y");
    await done;
    return at;
  };

  it("timelatch approve --duration says what is approved and in place of what, and sends just that", async () => {
    const api = broker(offered(PENDING), PENDING);
    const { err, out } = await run(less, api);
    expect(err()).toContain(
      [
        "You approve less: AmazonEKSEditPolicy in payments-api for 30m",
        "     in place of: AmazonEKSEditPolicy in payments-api for 1h",
      ].join("\n"),
    );
    expect(posts(api)).toMatchObject([
      {
        body: {
          verdict: "approve",
          digest: PENDING.digest,
          less: { duration: "30m", namespaces: ["payments-api"] },
        },
      },
    ]);
    expect(out()).toContain("Your approval of AmazonEKSEditPolicy in payments-api for 30m is");
  });

  it.each([
    ["longer than was asked for", "3h", "longer-than-asked", "is longer than was asked for: 1h."],
    ["as long as was asked for", "60m", "not-less", "is as long as was asked for"],
  ])(
    "timelatch approve --duration that is %s is not called less: nobody is asked",
    async (_, duration, code, said) => {
      const api = broker(offered(PENDING), PENDING);
      const at = terminal(api);
      const done = decide(at.context, "approve", PENDING.id, { duration });
      await expect(done).rejects.toMatchObject({
        code,
        text: {
          what: expect.stringContaining(`--duration ${duration} ${said}`),
          notDone: "Nothing was sent.",
        },
      });
      expect(at.err()).not.toContain("You approve less");
      expect(posts(api)).toEqual([]);
    },
  );

  it("timelatch approve --duration says what is approved where no approval is missing", async () => {
    const { out } = await run({ duration: "30m", wait: false }, broker(offered(APPROVED), PENDING));
    expect(out()).toContain("Approved: AmazonEKSEditPolicy in payments-api for 30m. Access will");
  });

  it.each(["0m", "-5m", "half an hour", ""])(
    "timelatch approve --duration refuses what is no duration, and sends nothing: %j",
    async (duration) => {
      const api = broker(APPROVED, PENDING);
      await expect(
        decide(terminal(api).context, "approve", PENDING.id, { duration }),
      ).rejects.toMatchObject({ exit: "usage" });
      expect(api.calls).toEqual([]);
    },
  );
});

describe("timelatch approve at a terminal", () => {
  it("timelatch approve shows the request on standard error before it asks, also under --json", async () => {
    const api = broker(APPROVED, PENDING);
    const { err, out } = await approve(api, {}, true);
    expect(err()).toContain(PENDING.reason);
    expect(JSON.parse(out())).toEqual(APPROVED);
  });

  it("timelatch approve sends nothing before it is confirmed", async () => {
    const api = broker(APPROVED, PENDING);
    const { context, person } = terminal(api);
    const done = decide(context, "approve", PENDING.id, {});
    await person.answer(APPROVAL_QUESTION, "");
    await expect(done).rejects.toMatchObject({ code: "not-confirmed" });
    expect(posts(api)).toEqual([]);
  });

  it("timelatch approve at a terminal waits until access is active", async () => {
    const { out } = await approve(broker(APPROVED, PENDING, ACTIVE), {});
    expect(out()).toMatch(/^alice has access until /);
  });

  it.each([
    ["other approvers are still needed", PENDING, "Your approval is recorded."],
    [
      "it starts later",
      { ...APPROVED, startsAt: "2026-11-25T10:00:00.000Z" },
      "Approved. Access starts",
    ],
  ])("timelatch approve does not wait where %s", async (_why, decided, said) => {
    const { out } = await approve(broker(decided, PENDING), {});
    expect(out()).toContain(said);
  });

  it("timelatch approve does not wait with --no-wait", async () => {
    const { out } = await approve(broker(APPROVED, PENDING), { wait: false });
    expect(out()).toContain("Approved. Access will be active in a few seconds.");
  });
});

describe("timelatch return at a terminal", () => {
  it("timelatch return shows the grant, asks, and sends the note", async () => {
    const api = broker(ENDING, ACTIVE);
    const { at, done } = await giveBack(api, { note: "all done" }, "y");
    await done;
    expect(at.err()).toContain(ACTIVE.reason);
    expect(posts(api)).toMatchObject([{ body: { note: "all done" } }]);
    expect(at.out()).toContain("Returned by alice. Access is being removed now.");
  });

  it("timelatch return sends nothing before it is confirmed", async () => {
    const api = broker(ENDING, ACTIVE);
    const { done } = await giveBack(api, {}, "n");
    await expect(done).rejects.toMatchObject({ code: "not-confirmed" });
    expect(posts(api)).toEqual([]);
  });

  it("timelatch return waits with --wait until the end is confirmed", async () => {
    const { at, done } = await giveBack(broker(ENDING, ACTIVE, ENDING, ENDED), { wait: true }, "y");
    await done;
    const lines = at.out().split("\n");
    expect(lines[0]).toBe("Returned by alice. The access of this grant has ended.");
    expect(lines.slice(1).join(" ")).toMatch(
      /^No other grant gives alice access on prod. Nothing stood there as of .* Not read: aws-auth and RBAC\./,
    );
  });

  it("timelatch return says at Ctrl-C that it is stored, while it reads what its holder still has", async () => {
    const api = fakeApi(({ method, path }) => {
      if (path.startsWith("/v1/people/")) {
        process.emit("SIGINT");
        return new Promise(() => undefined);
      }
      return method === "POST" || posts(api).length === 0 ? ACTIVE : ENDED;
    });
    const { done } = await giveBack(api, { wait: true }, "y");
    await expect(done).rejects.toMatchObject({
      exit: "interrupted",
      message: `You stopped waiting. Your return of ${ACTIVE.id} is stored; the request is ended. Nothing was undone.`,
    });
  });

  it("timelatch return says what its holder still has, and the command that ends it", async () => {
    const remaining = { ...REMAINING, access: [{ ...OTHER, by: ACTIVE.id }, OTHER] };
    const api = broker({ ...ENDING, remaining }, ACTIVE);
    const { at, done } = await giveBack(api, {}, "y");
    await done;
    const text = at.out().replaceAll("\n", " ");
    expect(text).toContain(
      "alice STILL has AmazonEKSAdminPolicy in payments-api on prod by grant 01a22810-0000-7000-8000-000000000001, until",
    );
    expect(at.out()).toContain("  timelatch return 01a22810-0000-7000-8000-000000000001\n");
    expect(text).not.toContain("No other grant");
  });

  it("timelatch return says what is not known beside what its holder still has", async () => {
    const remaining = { ...REMAINING, access: [OTHER], standingAsOf: null };
    const { at, done } = await giveBack(broker({ ...ENDING, remaining }, ACTIVE), {}, "y");
    await done;
    expect(at.out()).toContain("Standing access on prod is not all known here.\n");
  });

  it("timelatch return says that the rest was not read where it was not", async () => {
    const { at, done } = await giveBack(broker(ENDING, ACTIVE), {}, "y");
    await done;
    expect(at.out()).toContain("Not read: what else alice can do on prod. See it:\n");
    expect(at.out()).toContain("  timelatch status alice --cluster prod\n");
  });
});
