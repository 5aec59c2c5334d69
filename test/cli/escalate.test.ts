/** A request becomes break-glass: which rule is offered, before somebody is asked. */
import { describe, expect, it } from "vitest";
import { type EscalateOptions, escalate } from "../../cli/commands/escalate.ts";
import type { AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { BREAK_GLASS_RULE, EDIT_RULE, LENT } from "./sample-access.ts";
import { answerTo, asked } from "./sample-requests.ts";

/** AmazonEKSEditPolicy in payments-api on prod, for an hour. */
const PENDING = answerTo(asked());
const EDIT_GLASS: AccessRuleAnswer = {
  ...EDIT_RULE,
  rule: "payments-break-glass",
  breakGlass: true,
  requirements: [],
  duration: { ...EDIT_RULE.duration, max: "30m", maxSeconds: 1_800 },
};
const GLASS: RequestAnswer = {
  ...PENDING,
  state: "approved",
  breakGlass: true,
  rule: EDIT_GLASS.rule,
  duration: "30m",
};

function escalating(rules: readonly AccessRuleAnswer[] | undefined, options: EscalateOptions = {}) {
  const api = fakeApi(({ method, path }) => {
    if (method === "POST") return GLASS;
    if (path === "/v1/whoami") return { person: "alice", groups: [], roles: [] };
    if (path !== "/v1/access") return PENDING;
    if (!rules) throw new Error("no answer");
    return { ...LENT, rules };
  });
  const person = typist();
  const at = fakeTerminal({ interactive: true, api, prompt: person.prompt });
  const done = escalate(at.context, PENDING.id, { wait: false, ...options });
  const sent = () => api.calls.filter(({ method }) => method === "POST");
  return { at, person, done, sent };
}

describe("timelatch escalate", () => {
  it("It names the first rule that lends the access, not an earlier break-glass rule for other access", async () => {
    const { at, person, done } = escalating([EDIT_RULE, BREAK_GLASS_RULE, EDIT_GLASS]);
    await person.answer("Make this a break-glass now? [y/N] ", "y");
    await done;
    expect(at.err()).toContain("By payments-break-glass, for 30m.");
    expect(at.err()).not.toContain("By break-glass");
  });

  it.each<[string, Partial<AccessRuleAnswer>]>([
    ["for other access", { access: BREAK_GLASS_RULE.access }],
    ["for another cluster", { clusters: ["staging"] }],
    ["for another principal", { principals: [] }],
    ["with an approval", { requirements: EDIT_RULE.requirements }],
    ["outside of its hours", { hours: { isOpen: false } as AccessRuleAnswer["hours"] }],
    ["that is no break-glass", { breakGlass: false }],
  ])("A rule %s is not offered: nobody is asked, and nothing is sent", async (_, changes) => {
    const { done, sent } = escalating([{ ...EDIT_GLASS, ...changes }]);
    await expect(done).rejects.toMatchObject({
      code: "no-break-glass",
      exit: "refused",
      text: {
        what: "No break-glass rule for you lends AmazonEKSEditPolicy in payments-api on prod at once.",
        notDone: "Nothing was sent.",
      },
    });
    expect(sent()).toEqual([]);
  });

  it("A named rule that does not lend the access is refused with those that do", async () => {
    const rules = [BREAK_GLASS_RULE, EDIT_GLASS];
    const named = (rule: string) => escalating(rules, { rule }).done;
    await expect(named("break-glass")).rejects.toMatchObject({
      code: "break-glass-denied",
      text: { next: ["Next: name one of these by --rule: payments-break-glass."] },
    });
    await expect(named("payments-break-glas")).rejects.toThrow(
      "Did you mean payments-break-glass?",
    );
  });

  it("Where the rules cannot be read, it asks all the same, and the API picks the rule", async () => {
    const { person, done, sent } = escalating(undefined);
    await person.answer("Make this a break-glass now? [y/N] ", "y");
    await done;
    expect(sent()).toHaveLength(1);
  });
});
