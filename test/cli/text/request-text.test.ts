import { describe, expect, it } from "vitest";
import { grantColumns } from "../../../cli/text/grant-text.ts";
import { flagText } from "../../../cli/text/pointer-text.ts";
import { requestFacts } from "../../../cli/text/request-facts.ts";
import {
  decidedText,
  requestColumns,
  requestStateText,
  whenText,
} from "../../../cli/text/request-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { activated, answerTo, approved, asked } from "../sample-requests.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const PENDING = answerTo(asked());
const APPROVED = answerTo(approved(asked()));
const ACTIVE = answerTo(activated(approved(asked())));

const ending = (request: RequestAnswer, code: string, detail: string): RequestAnswer => ({
  ...request,
  state: "ending",
  outcome: { code, detail },
});
const RETURNED = ending(ACTIVE, "returned", "Returned by alice: all done");
const LATER = { ...APPROVED, startsAt: "2026-11-25T10:00:00.000Z" };

const namesOf = (request: RequestAnswer) => requestFacts(request, NOW).map(([name]) => name);

describe("access that ends early", () => {
  it("Access that ends early is shown as being removed now, and no longer at the deadline", () => {
    expect(requestStateText(RETURNED, NOW)).toMatch(
      /^Returned by alice: all done\. Access is being removed now\.\n/,
    );
    expect(whenText(RETURNED, NOW)).toBe("being removed");
    expect(namesOf(RETURNED)).not.toContain("To be gone by");
    expect(namesOf(ACTIVE)).toEqual(expect.arrayContaining(["Access ends", "To be gone by"]));
  });

  it("Access that ends before its start is shown as not given", () => {
    const text = requestStateText(ending(LATER, "cancelled", "Cancelled by alice."), NOW);
    expect(text).toMatch(/^Cancelled by alice\. It had not started, so no access was given\.\n/);
    expect(text).not.toContain("removed");
  });

  it("Access whose time is over keeps its deadline, unlike access that ends early", () => {
    const expired = ending(ACTIVE, "expired", "Its time was over.");
    expect(whenText(expired, NOW)).toMatch(/^to be gone by /);
    expect(namesOf(expired)).toContain("To be gone by");
  });
});

describe("a message that could not be delivered", () => {
  it("A message that could not be delivered is shown with its reader and the reason, without hidden characters", () => {
    const at = "2026-11-24T10:00:00.000Z";
    const undeliverable = [{ kind: "request", to: "C00\u202e01", reason: "not-in-channel", at }];
    const facts = new Map(requestFacts({ ...PENDING, undeliverable }, NOW));
    expect(facts.get("Not delivered")).toMatch(
      /^message "request" to C00\\u\{202e\}01: not-in-channel, 2026-/,
    );
    expect(namesOf(PENDING)).not.toContain("Not delivered");
  });

  it("A message that is tried again by itself is shown with when", () => {
    const [at, nextAt] = ["2026-11-24T10:00:00.000Z", "2026-11-24T10:08:00.000Z"];
    const missing = { kind: "request", to: "C0001", reason: "not-in-channel", at, nextAt };
    const facts = new Map(requestFacts({ ...PENDING, undeliverable: [missing] }, NOW));
    expect(facts.get("Not delivered")).toMatch(/: not-in-channel, 2026-.*; tried again 2026-/);
  });
});

describe("a request with one of two approvals", () => {
  const partly: RequestAnswer = {
    ...PENDING,
    requirements: [
      { groups: ["payments-leads"], count: 1 },
      { groups: ["sre"], count: 1 },
    ],
    needs: [{ groups: ["sre"], count: 1, people: ["carol"] }],
  };

  it("A request with one of two approvals says which is missing, and who can give it", () => {
    const facts = new Map(requestFacts(partly, NOW));
    expect(facts.get("Needed")).toBe("one approval by payments-leads, and one approval by sre");
    expect(facts.get("Still needs")).toBe("carol of sre");
    expect(decidedText("approve", partly, NOW)).toMatch(
      /^Your approval is recorded\. Still needs carol of sre;/,
    );
    expect(requestStateText(partly, NOW)).not.toContain("payments-leads");
  });

  it("A request with one of two approvals is read from an older API, which answers no needs", () => {
    const { needs: _needs, ...older } = partly;
    expect(requestStateText(older as RequestAnswer, NOW)).toContain(
      "1 of payments-leads, and 1 of sre",
    );
  });
});

describe("an approver's decision", () => {
  it("The answer to an approver's decision says what follows from it", () => {
    expect(decidedText("approve", APPROVED, NOW)).toBe(
      "Approved. Access will be active in a few seconds.",
    );
    expect(decidedText("approve", LATER, NOW)).toMatch(
      /^Approved\. Access starts .+, in 23h55m\.$/,
    );
    expect(decidedText("deny", { ...PENDING, state: "denied" }, NOW)).toBe("Denied.");
  });
});

describe("a pending request", () => {
  it("A pending request comes with a line for its requester to forward", () => {
    expect(requestStateText(PENDING, NOW)).toContain(
      `Forward this to them:\n  timelatch approve ${PENDING.id}`,
    );
  });
});

describe("break-glass", () => {
  it("A break-glass request is marked, and promises nothing that does not exist", () => {
    const rule = new Map(requestFacts({ ...PENDING, breakGlass: true }, NOW)).get("Rule");
    expect(rule).toBe("payments-edit (BREAK GLASS)");
  });
});

describe("a JSON pointer of the API", () => {
  it.each([
    ["/duration", "--duration"],
    ["/access/scope/namespaces/0", "--namespace (number 1)"],
    ["/access/groups/2", "--group (number 3)"],
    ["/principalArn", "--principal"],
    ["", "/"],
    ["/new\u001b", "/new\\u{1b}"],
    ["/constructor", "/constructor"],
  ])("The JSON pointer %j of the API is the option %s", (pointer, flag) => {
    expect(flagText(pointer)).toBe(flag);
  });
});

describe("an extension in a list", () => {
  const first = ACTIVE;
  const longer: RequestAnswer = {
    ...ACTIVE,
    id: "019ab5c0-0000-7000-8000-000000000002",
    duration: "2m",
    extends: first.id,
  };
  const cells = (requests: readonly RequestAnswer[], row: RequestAnswer) =>
    new Map(requestColumns(NOW, requests).map(({ title, text }) => [title, text(row)]));

  it("An extension says how much longer, and which grant it extends", () => {
    const shown = cells([first, longer], longer);
    expect(shown.get("FOR")).toBe("2m more");
    expect(shown.get("EXTENDS")).toBe(`extends ${cells([first, longer], first).get("ID")}`);
    expect(cells([first, longer], first).get("EXTENDS")).toBe("");
    expect(cells([first, longer], first).get("FOR")).toBe("1h");
    expect(grantColumns(NOW, [longer]).map(({ title }) => title)).toContain("EXTENDS");
  });

  it("A list without an extension has no column for it", () => {
    expect(cells([first], first).has("EXTENDS")).toBe(false);
    expect(grantColumns(NOW, [first]).map(({ title }) => title)).not.toContain("EXTENDS");
  });

  it("The grant that an extension names differs from the others by its short id", () => {
    const ids = (requests: readonly RequestAnswer[]) => cells(requests, longer).get("EXTENDS");
    expect(ids([longer])).not.toBe(`extends ${cells([longer], longer).get("ID")}`);
  });
});
