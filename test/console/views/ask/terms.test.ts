import { describe, expect, it } from "vitest";
import { defaultText } from "../../../../console/parts/default-duration.ts";
import {
  bodyOf,
  NO_TERMS,
  offersOf,
  rulesFor,
  termsOf,
  ticketRules,
} from "../../../../console/views/ask/terms.ts";
import type { AccessAnswer } from "../../../../shared/http/contract/access-answer.ts";
import type { RequestSummary } from "../../../../shared/http/contract/answers.ts";
import { answerTo, asked } from "../../../cli/sample-requests.ts";

const rule = (access: unknown, clusters: readonly string[] = ["prod"]) => ({ access, clusters });
const lent = (...rules: readonly object[]) => ({ rules }) as unknown as AccessAnswer;
const EDIT = rule({ policies: ["AmazonEKSEditPolicy"], namespaces: ["a-*"], wildcards: false });
const MORE = rule({ policies: ["AmazonEKSEditPolicy"], namespaces: ["b"], wildcards: false });
const VIEW = rule({ policies: ["AmazonEKSViewPolicy"], scope: "cluster" }, ["staging"]);
const GROUPS = rule({ groups: ["ops", "dev"] });

describe("the form that asks", () => {
  it("The form names the default duration where every rule that may decide has the same", () => {
    const lasting = (duration: string) => ({ ...EDIT, duration: { default: duration } });
    const [offer] = offersOf(lent(EDIT), "prod");
    const terms = { ...NO_TERMS, cluster: "prod", offer: offer?.key ?? "" };
    const said = (...rules: readonly object[]) => defaultText(rulesFor(lent(...rules), terms));
    expect(said(lasting("1h"), lasting("1h"))).toBe("Empty: 1h, the rule's default.");
    expect(said(lasting("1h"), lasting("30m"))).toBe("Empty: the rule's default.");
    expect(said()).toBe("Empty: the rule's default.");
  });

  it("The form offers each access of a cluster once, with the namespaces of all its rules", () => {
    const offers = offersOf(lent(EDIT, MORE, VIEW, GROUPS), "prod");
    expect(offers.map(({ label, namespaces }) => [label, namespaces])).toEqual([
      ["Edit in namespaces", ["a-*", "b"]],
      ["Kubernetes group ops", undefined],
      ["Kubernetes group dev", undefined],
    ]);
  });

  it("The form offers namespaces of a whole cluster too, unless its rule is exact", () => {
    const all = offersOf(lent(VIEW), "staging");
    expect(all.map(({ label }) => label)).toEqual([
      "View on the whole cluster",
      "View in namespaces",
    ]);
    expect(all.map(({ access }) => access(["kube-system"]))).toEqual([
      { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      {
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace", namespaces: ["kube-system"] },
      },
    ]);
    const exact = rule({ ...(VIEW.access as object), exactly: true }, ["staging"]);
    expect(offersOf(lent(exact), "staging")).toHaveLength(1);
  });

  it("A body has each namespace once, and nothing that was left out", () => {
    const [edit] = offersOf(lent(EDIT), "prod");
    const terms = { ...NO_TERMS, cluster: "prod", namespaces: "b,  a a,", reason: " why " };
    expect(bodyOf(terms, edit)).toEqual({
      cluster: "prod",
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: ["b", "a"] },
      },
      reason: "why",
    });
    const more = { ...terms, duration: "1h", rule: "r", principal: "arn:aws:iam::1:role/a" };
    expect(bodyOf(more, edit)).toMatchObject({
      duration: "1h",
      rule: "r",
      principalArn: "arn:aws:iam::1:role/a",
    });
  });

  it("A ticket is asked for where a rule that may decide asks a tracker, and stands in the body", () => {
    const ticket = { in: "payments", status: ["open"] };
    const named = (name: string, of: object, more = {}) => ({ ...of, rule: name, ...more });
    const access = lent(
      named("asks", EDIT, { ticket }),
      named("asks-not", MORE),
      named("elsewhere", VIEW, { ticket }),
      named("other", GROUPS, { ticket }),
    );
    const [edit] = offersOf(access, "prod");
    const terms = { ...NO_TERMS, cluster: "prod", offer: edit?.key ?? "", namespaces: "b" };
    const asking = (rule: string) =>
      ticketRules(access, { ...terms, rule }).map((each) => each.rule);
    expect(["", "asks", "asks-not", "elsewhere"].map(asking)).toEqual([["asks"], ["asks"], [], []]);
    expect(bodyOf({ ...terms, reason: "why", ticket: " PAY-1 " }, edit)).toMatchObject({
      ticket: "PAY-1",
    });
    expect(bodyOf({ ...terms, reason: "why", ticket: " " }, edit)).not.toHaveProperty("ticket");
  });

  it("There is no body while something is missing", () => {
    const [edit] = offersOf(lent(EDIT), "prod");
    const terms = { ...NO_TERMS, cluster: "prod", namespaces: "a", reason: "why" };
    expect(bodyOf(terms, undefined)).toBeUndefined();
    expect(bodyOf({ ...terms, namespaces: " , " }, edit)).toBeUndefined();
    expect(bodyOf({ ...terms, reason: " " }, edit)).toBeUndefined();
  });

  it("A request that ended fills the form with its ticket, whether the reason names it or not", () => {
    const before = { ...answerTo(asked()), ticket: "PAY-7" } as unknown as RequestSummary;
    expect(termsOf(before).ticket).toBe("PAY-7");
    const { ticket: _, ...without } = before;
    expect(termsOf(without).ticket).toBe("");
  });

  it("A request that ended fills the form with its own terms, which make the same access", () => {
    const before = answerTo(asked()) as unknown as RequestSummary;
    const terms = termsOf(before);
    const offer = offersOf(lent(EDIT), "prod").find(({ key }) => key === terms.offer);
    expect(bodyOf(terms, offer)).toMatchObject({ access: before.access, reason: before.reason });
  });
});
