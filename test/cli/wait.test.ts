import { describe, expect, it } from "vitest";
import type { Api } from "../../cli/api/api-client.ts";
import type { Context } from "../../cli/context.ts";
import { Failure } from "../../cli/failures/failure.ts";
import { widthOf } from "../../cli/terminal/text-layout.ts";
import { effectiveText } from "../../cli/text/request-text.ts";
import { type Waiting, waitingOf, waitUntil } from "../../cli/wait.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { SENT_REQUEST } from "./sample-changes.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const WAITING: Waiting = { byDefault: false, timeoutSeconds: null };

const waitUntilEffective = (
  context: Context,
  api: Api,
  first: RequestAnswer,
  waiting: Waiting = WAITING,
) => waitUntil(context, api, first, "effective", waiting, SENT_REQUEST);

const PENDING = answerTo(asked());
const ACTIVE = answerTo(activated(approved(asked())));

/** An API with these answers, in order; a failure is thrown. */
function answering(...answers: readonly (RequestAnswer | Failure)[]): Api {
  const left = [...answers];
  return fakeApi(() => {
    const next = left.shift();
    if (next instanceof Failure || next === undefined) throw next ?? new Error("Too many calls.");
    return next;
  });
}

describe("waiting on a terminal", () => {
  it("Waiting on a terminal rewrites a single line that never wraps, and clears it in the end", async () => {
    const { context, written } = fakeTerminal({ columns: 70 });
    const answer = await waitUntilEffective(context, answering(PENDING, ACTIVE), PENDING);
    expect(answer).toEqual(ACTIVE);
    expect(written.join("")).not.toContain("\n");
    expect(written).toHaveLength(4);
    for (const line of written) expect(line.startsWith("\r\u001b[K")).toBe(true);
    for (const line of written.slice(0, 3)) {
      expect(widthOf(line.slice(4))).toBeLessThan(70);
      expect(line).toContain("Ctrl-C stops waiting)");
    }
    expect(written.at(-1)).toBe("\r\u001b[K");
  });
});

describe("waiting without a terminal", () => {
  it("Each state is one line, however often the request is read in it", async () => {
    const { context, written } = fakeTerminal();
    const err = { ...context.screen.err, terminal: false };
    let reads = 0;
    const passing: Context = {
      ...context,
      screen: { ...context.screen, err },
      now: () => new Date(Date.parse(context.now()) + 1_000 * reads++).toISOString(),
    };
    const ending: RequestAnswer = { ...ACTIVE, state: "ending" };
    const ended: RequestAnswer = { ...ending, state: "ended", endedAt: context.now() };
    const api = answering(ending, ending, ending, ended);
    await waitUntil(passing, api, ACTIVE, "ended", WAITING, SENT_REQUEST);
    expect(written.join("").match(/[a-z]+: .*/g)).toEqual([
      "active: access is active",
      "ending: removing access at its end",
      "ended: this grant is over",
    ]);
  });
});

describe("waiting", () => {
  const refused = new Failure("refused", "credentials-not-accepted", {
    what: "No.",
    notDone: "Nothing was done.",
    next: ["Next: sign in."],
  });

  it("Waiting stops at once when the credentials are no longer accepted", async () => {
    const { context } = fakeTerminal();
    await expect(waitUntilEffective(context, answering(refused), PENDING)).rejects.toBe(refused);
  });

  it.each(["ending", "ended", "lapsed", "failed"] as const)(
    "Waiting fails with its own exit code for a request that is %s",
    async (state) => {
      const { context } = fakeTerminal();
      await expect(
        waitUntilEffective(context, answering(), { ...PENDING, state }),
      ).rejects.toMatchObject({ exit: "noAccess", code: `request-${state}` });
    },
  );

  it.each([
    ["ending", null, "Access did not become active, and what was added is being removed: "],
    ["ending", ACTIVE.effectiveAt, "Access was active, and what was added is being removed: "],
    ["ended", ACTIVE.effectiveAt, "Access was active: "],
    ["failed", null, "Access did not become active: "],
  ] as const)(
    "A request that is %s, active since %s, says no more than is known",
    async (...[state, effectiveAt, said]) => {
      const { context } = fakeTerminal();
      const over = { ...ACTIVE, state, effectiveAt };
      await expect(waitUntilEffective(context, answering(), over)).rejects.toMatchObject({
        message: expect.stringContaining(said),
      });
    },
  );

  it("Waiting removes its Ctrl-C listener", async () => {
    const { context } = fakeTerminal();
    await new Promise(setImmediate);
    const before = process.listenerCount("SIGINT");
    await waitUntilEffective(context, answering(), ACTIVE);
    await new Promise(setImmediate);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});

describe("the time to wait", () => {
  const terminal = { interactive: true };

  it.each([
    ["at a terminal, by default", terminal, {}, { byDefault: true, timeoutSeconds: null }],
    ["at a terminal with --no-wait", terminal, { wait: false }, undefined],
    ["at a terminal under --json", { ...terminal, json: true }, {}, undefined],
    ["without a terminal", {}, {}, undefined],
    ["without a terminal, with --wait", {}, { wait: true }, WAITING],
    ["with --timeout alone", {}, { timeout: "1m30s" }, { byDefault: false, timeoutSeconds: 90 }],
  ])(
    "The time to wait follows the terminal and the options: %s",
    (_where, setting, options, waiting) => {
      expect(waitingOf(fakeTerminal(setting).context, options, true)).toEqual(waiting);
    },
  );

  it("The time to wait is null for a command that does not wait by default", () => {
    expect(waitingOf(fakeTerminal(terminal).context, {}, false)).toBeUndefined();
  });

  it.each([{ timeout: "soon" }, { wait: false, timeout: "1m" }])(
    "The options %j are refused for the time to wait",
    (options) => {
      expect(() => waitingOf(fakeTerminal().context, options, true)).toThrow(
        expect.objectContaining({ exit: "usage" }),
      );
    },
  );

  it("Waiting ends at --timeout with the request as last seen, and leaves it as it is", async () => {
    const { context } = fakeTerminal();
    const api = fakeApi(() => PENDING);
    const waiting = { byDefault: false, timeoutSeconds: 0.05 };
    await expect(waitUntilEffective(context, api, PENDING, waiting)).rejects.toMatchObject({
      exit: "timeout",
      text: { facts: { request: PENDING } },
    });
    expect(api.calls.every(({ method }) => method === "GET")).toBe(true);
  });

  const later = { ...answerTo(approved(asked())), startsAt: "2026-11-25T10:00:00.000Z" };

  it("Waiting by default does not include a start that is planned for later", async () => {
    const { context } = fakeTerminal();
    const waiting = { byDefault: true, timeoutSeconds: null };
    expect(await waitUntilEffective(context, answering(), later, waiting)).toEqual(later);
  });

  it("Waiting includes a later start where --wait asks for it", async () => {
    const { context } = fakeTerminal();
    expect(await waitUntilEffective(context, answering(ACTIVE), later)).toEqual(ACTIVE);
  });
});

describe("waiting for an end", () => {
  it("Waiting for an end continues until the request is final", async () => {
    const { context } = fakeTerminal();
    const ending = { ...ACTIVE, state: "ending" as const };
    const ended = { ...ACTIVE, state: "ended" as const };
    expect(
      await waitUntil(context, answering(ending, ended), ending, "ended", WAITING, SENT_REQUEST),
    ).toEqual(ended);
  });
});

describe("the text once access is active", () => {
  const NOW = "2026-11-24T10:05:00.000Z";

  it("The text for active access says until when, and how to use it and return it", () => {
    const text = effectiveText(ACTIVE, NOW, "requester");
    expect(text).toMatch(/^You have access until 2026-11-24 .*10:59 UTC \(54m left\)\./);
    expect(text).toMatch(/\nIt is to be gone by .+\.\n/);
    expect(text).toContain(
      "Use it:\n  aws eks update-kubeconfig --region us-west-2 --name prod\nReturn",
    );
    expect(text).toContain(`timelatch return ${ACTIVE.id}`);
  });

  it("The text for active access on a personal role leads to kubectl only by timelatch", () => {
    const principalArn = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
    const text = effectiveText({ ...ACTIVE, principalArn }, NOW, "requester");
    expect(text).toContain(
      "Use it:\n  timelatch kubeconfig prod\n  kubectl --context timelatch-prod get pods\nReturn",
    );
    expect(text).not.toContain("aws eks");
  });

  it("The text for active access shows an approver whose access it is, and not how to use it", () => {
    const text = effectiveText(ACTIVE, NOW, "approver");
    expect(text).toMatch(/^alice has access until /);
    expect(text).not.toContain("kubeconfig");
    expect(text).toContain(`timelatch revoke ${ACTIVE.id}`);
  });
});
