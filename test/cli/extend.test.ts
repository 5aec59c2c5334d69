/** An extension shows what it extends, by how much and until when, before it asks. */
import { describe, expect, it } from "vitest";
import { extend } from "../../cli/commands/extend.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { EDIT_RULE, LENT } from "./sample-access.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const ACTIVE = answerTo(activated(approved(asked())));
const TOTAL = { times: 2, total: "8h", totalSeconds: 28_800 } as const;
const AT_ONCE = { ...EDIT_RULE, extend: { ...TOTAL, approval: "none" } } as const;
const WITH_BOB = { ...EDIT_RULE, extend: { ...TOTAL, approval: "same" } } as const;

/** The terminal's text if somebody answers no, and the calls that were sent. */
async function asking(
  rule: object,
  options: { readonly duration?: string } = {},
  grant: object = ACTIVE,
) {
  const api = fakeApi(({ path }) => (path === "/v1/access" ? { ...LENT, rules: [rule] } : grant));
  const person = typist();
  const terminal = fakeTerminal({ api, interactive: true, prompt: person.prompt });
  void person.answer("Extend this access", "n");
  const failed = await extend(terminal.context, ACTIVE.id, options).catch((error) => error);
  const text = terminal.err().replace(/ +/g, " ");
  return { text, failed, question: person.shown(), sent: api.calls.map(({ method }) => method) };
}

describe("timelatch extend", () => {
  it("It asks with the access, the rule's default duration, both ends, and that nobody has to agree", async () => {
    const granted = { ...ACTIVE, extend: AT_ONCE.extend };
    const { text, failed, question, sent } = await asking(AT_ONCE, {}, granted);
    expect(failed).toMatchObject({ code: "not-confirmed" });
    expect(text).toContain("Access AmazonEKSEditPolicy in payments-api");
    expect(text).toContain("Longer by 1h, the rule's default; less where 8h in all leaves less");
    expect(text).toMatch(/To be gone by 2026-11-24 12:0\d.*\n ?In place of 2026-11-24 11:0\d/);
    expect(text).toContain("Approval none: it is extended at once");
    expect(question).toContain("Extend this access by up to 1h? [y/N]");
    expect(sent).toEqual(["GET", "GET"]);
  });

  it("It names who has to agree where a grant of a rule without approvals was cut", async () => {
    const cut = { ...ACTIVE, extend: { ...TOTAL, approval: "same" } };
    const { text } = await asking(AT_ONCE, {}, cut);
    expect(text.split("Longer by")[1]).toContain("payments-leads");
  });

  it("It asks with the duration that somebody named, and names who has to agree", async () => {
    const { text, question } = await asking(WITH_BOB, { duration: "30m" });
    expect(text).toContain("Longer by 30m\n");
    expect(text).toMatch(/To be gone by 2026-11-24 11:3\d/);
    expect(text.split("Longer by")[1]).toContain("payments-leads");
    expect(question).toContain("Extend this access by 30m? [y/N]");
  });

  it.each([
    ["a rule that lets nothing be extended", EDIT_RULE, {}, "policy-denied"],
    [
      "a rule that is not the caller's any more",
      { ...AT_ONCE, rule: "other" },
      {},
      "policy-denied",
    ],
    ["a duration that is none", AT_ONCE, { duration: "soon" }, "usage"],
  ])("Nobody is asked about %s", async (_, rule, options, code) => {
    const { failed, question } = await asking(rule, options);
    expect(failed).toMatchObject({ code });
    expect(question).toBe("");
  });
});
