/** An approver at a terminal, whose answer is more than yes or no. */
import { describe, expect, it } from "vitest";
import { decide } from "../../../cli/commands/decide.ts";
import { APPROVAL_QUESTION } from "../../../cli/prompts/approval-card.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal, type Typist, typist } from "../fake-terminal.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";
import { answerTo, asked } from "../sample-requests.ts";

const PENDING = answerTo(
  asked({
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api", "payments-web"] },
    },
  }),
);
const HELD = {
  ...{ person: "alice", at: "2026-11-24T10:00:00.000Z", cluster: "prod", unread: [] },
  standingAsOf: "2026-11-24T09:40:00.000Z",
  ...NOTHING_BESIDE,
};
const VIEW = {
  ...{ cluster: "prod", principalArn: PENDING.principalArn, policy: "AmazonEKSViewPolicy" },
  ...{ elements: ["ns/payments-api"], state: "there", by: "01a22810-0000-7000-8000-000000000001" },
  ...{ from: null, asOf: null, until: "2026-11-24T10:38:00.000Z" },
};

/** Plays an approver, and answers the decision that was sent. */
async function played(
  typed: (person: Typist) => Promise<void>,
  setting: {
    access?: readonly object[];
    pending?: RequestAnswer;
    wait?: boolean;
    /** The answer about the requester's access; undefined where it cannot be read. */
    held?: object | undefined;
  } = {},
): Promise<{ readonly body: unknown; readonly err: string; readonly failed: unknown }> {
  const { access = [], pending = PENDING, wait = false } = setting;
  const held = "held" in setting ? setting.held : HELD;
  const decided: RequestAnswer = { ...pending, state: "denied" };
  const api = fakeApi(({ method, path }) => {
    if (method === "POST") return decided;
    if (path.startsWith("/v1/people/")) {
      if (held === undefined) throw new Error("no answer");
      return { ...held, access };
    }
    return path === "/v1/whoami" ? { person: "bob", groups: [], roles: [] } : pending;
  });
  const person = typist();
  const { context, err } = fakeTerminal({ interactive: true, api, prompt: person.prompt });
  const done = decide(context, "approve", pending.id, { wait }).catch((error: unknown) => error);
  await typed(person);
  const failed = await done;
  return { body: api.calls.find(({ method }) => method === "POST")?.body, err: err(), failed };
}

const { digest } = PENDING;

describe("an approver at a terminal", () => {
  it.each([
    [
      "how often its requester asked lately",
      { ...HELD, lately: { since: "2026-11-23T10:05:00.000Z", requests: 3, approved: 2 } },
      "3 requests that you may see, this one included; 2 approved",
    ],
    [
      "that an older request is not among those of the last 24 hours",
      { ...HELD, lately: { since: "2026-11-24T10:04:00.000Z", requests: 1, approved: 0 } },
      "1 request that you may see; 0 approved",
    ],
  ])("The facts say %s", async (_what, held, text) => {
    const { err } = await played((person) => person.answer(APPROVAL_QUESTION, "n"), { held });
    expect(err).toMatch(new RegExp(`Last 24 hours +${text}\n`));
  });

  it.each([
    ["an API of an earlier release", { ...HELD, lately: undefined }],
    ["an API that does not answer", undefined],
  ])("With %s they say nothing of it, and the approver decides", async (_what, held) => {
    const { err, body } = await played((person) => person.answer(APPROVAL_QUESTION, "y"), { held });
    expect(err).not.toContain("24 hours");
    expect(body).toEqual({ verdict: "approve", digest });
  });

  it.each(["y", "yes", "a", "A"])("%s approves all that was asked for", async (key) => {
    const { body } = await played((person) => person.answer(APPROVAL_QUESTION, key));
    expect(body).toEqual({ verdict: "approve", digest });
  });

  it.each(["", "n", "no", "x", "1h"])("%j decides nothing", async (key) => {
    const { body, failed } = await played((person) => person.answer(APPROVAL_QUESTION, key));
    expect(body).toBeUndefined();
    expect(failed).toMatchObject({ code: "not-confirmed" });
  });

  it("d denies, with a note that is asked for", async () => {
    const { body } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "d");
      await person.answer("Why, for alice", "not today");
    });
    expect(body).toEqual({ verdict: "deny", digest, note: "not today" });
  });

  it("d waits for nothing, although an approval was to be waited for", async () => {
    const { body, failed } = await played(
      async (person) => {
        await person.answer(APPROVAL_QUESTION, "d");
        await person.answer("Why, for alice", "");
      },
      { wait: true },
    );
    expect(body).toEqual({ verdict: "deny", digest });
    expect(failed).toBeUndefined();
  });

  it("d denies without a note where the line is empty", async () => {
    const { body } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "d");
      await person.answer("Why, for alice", "");
    });
    expect(body).toEqual({ verdict: "deny", digest });
  });

  it("l approves for less, once both terms were shown and agreed to", async () => {
    const { body, err } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "l");
      await person.answer(`For how long [${PENDING.duration}]: `, "30m");
      await person.answer("Namespaces, with commas between", "payments-api");
      await person.answer("Approve this for less? [y/N] ", "y");
    });
    expect(err).toContain("You approve less: AmazonEKSEditPolicy in payments-api for 30m");
    const less = { duration: "30m", namespaces: ["payments-api"] };
    expect(body).toEqual({ verdict: "approve", digest, less });
  });

  it("l asks again for terms that are not less, and for namespaces that were not asked for", async () => {
    const { body, err } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "l");
      await person.answer("For how long", "");
      await person.answer("Namespaces", "");
      await person.answer("For how long", "9h");
      await person.answer("Namespaces", "");
      await person.answer("For how long", "soon");
      await person.answer("Namespaces", "kube-system");
      await person.answer("kube-system was not asked for.", "");
      await person.answer("For how long", PENDING.duration);
      await person.answer("Namespaces", "payments-web");
      await person.answer("Approve this for less? [y/N] ", "y");
    });
    expect(err).toMatch(/That is all that was asked for\.[\s\S]*longer than was asked for/);
    expect(err).toContain('"soon" is not a duration');
    expect(body).toMatchObject({ less: { namespaces: ["payments-web"] } });
  });

  it("l takes names in place of a pattern that covers them", async () => {
    const scope = { type: "namespace", namespaces: ["payments-*"] } as const;
    const pending = answerTo(asked({ access: { policy: "AmazonEKSEditPolicy", scope } }));
    const { body } = await played(
      async (person) => {
        await person.answer(APPROVAL_QUESTION, "l");
        await person.answer("For how long", "");
        await person.answer("[payments-*]: ", "payments-api");
        await person.answer("Approve this for less? [y/N] ", "y");
      },
      { pending },
    );
    expect(body).toMatchObject({ less: { namespaces: ["payments-api"] } });
  });

  it("l sends nothing where its own question is not answered with yes", async () => {
    const { body, failed } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "l");
      await person.answer("For how long", "30m");
      await person.answer("Namespaces", "");
      await person.answer("Approve this for less? [y/N] ", "");
    });
    expect(body).toBeUndefined();
    expect(failed).toMatchObject({ code: "not-confirmed" });
  });

  it("v shows what it permits and what its requester has there, and asks again", async () => {
    const { body, err } = await played(
      async (person) => {
        await person.answer(APPROVAL_QUESTION, "v");
        await person.answer(APPROVAL_QUESTION, "y");
      },
      { access: [VIEW] },
    );
    expect(err).toMatch(/Permits[\s\S]*pods[\s\S]*alice on prod now[\s\S]*AmazonEKSViewPolicy in/);
    expect(body).toEqual({ verdict: "approve", digest });
  });

  it("v says that no access is known, and what is not read", async () => {
    const { err } = await played(async (person) => {
      await person.answer(APPROVAL_QUESTION, "v");
      await person.answer(APPROVAL_QUESTION, "n");
    });
    expect(err).toMatch(/No access is known of alice on prod\.[\s\S]*aws-auth, RBAC/);
  });
});
