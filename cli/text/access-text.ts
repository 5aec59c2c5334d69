/** What the rules of `access.yaml` lend, for people. */
import type { RuleAccess } from "../../shared/domain/policy/policy.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/answers.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { visible, wrapLines } from "../terminal/visible-text.ts";
import { requirementText } from "./request-text.ts";

/** `a`, `a or b`, `a, b or c`, made visible. */
export function anyOf(names: readonly string[]): string {
  const shown = names.map(visible);
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} or ${last}`;
}

/** `AmazonEKSEditPolicy or AmazonEKSViewPolicy`, `Kubernetes groups eks-admins` */
export const lentText = (access: RuleAccess): string =>
  "groups" in access
    ? `Kubernetes group${access.groups.length > 1 ? "s" : ""} ${anyOf(access.groups)}`
    : anyOf(access.policies);

/** Where a policy holds: `the whole cluster`, `payments-*`; empty for groups, whose roles say it. */
export function whereText(access: RuleAccess): string {
  if ("groups" in access) return "";
  return "scope" in access ? "the whole cluster" : access.namespaces.map(visible).join(", ");
}

/** `at least 10 characters, with a ticket that matches ^INC-[0-9]+$` */
export function reasonText({ minLength, ticket }: AccessRuleAnswer["reason"]): string {
  const length = minLength > 1 ? [`at least ${minLength} characters`] : [];
  const matching = ticket === null ? [] : [`a ticket that matches ${visible(ticket)}`];
  return [...length, ...matching].join(", with ") || "any";
}

function ruleFacts(rule: AccessRuleAnswer): readonly Fact[] {
  const { access, duration } = rule;
  const wildcards = "namespaces" in access && access.wildcards;
  const where = whereText(access);
  return [
    ["Access", lentText(access)],
    ...(where === ""
      ? []
      : [["In", wildcards ? `${where} (patterns may be asked for)` : where] as const]),
    ["On", rule.clusters.length === 0 ? "no cluster at present" : anyOf(rule.clusters)],
    [
      "For",
      `${visible(duration.minimum)} to ${visible(duration.max)}; ${visible(duration.default)} unless you say otherwise`,
    ],
    ["Needs", requirementText(rule.requirements)],
    ["Reason", reasonText(rule.reason)],
    ["As", rule.principals.length === 0 ? "none of your principals" : anyOf(rule.principals)],
  ];
}

const BREAK_GLASS = "  BREAK GLASS: alerts, and is reviewed afterwards";

/** A block for each rule. */
export function accessText(answer: AccessAnswer, out: Stream): string {
  const person = visible(answer.person);
  if (answer.rules.length === 0)
    return wrapLines(
      `No rule of access.yaml lends anything to ${person}. To change that, have access.yaml changed.\n`,
      out.columns,
    );
  const blocks = answer.rules.map((rule) => {
    const name = out.paint("bold", visible(rule.rule));
    const mark = rule.breakGlass ? out.paint("red", BREAK_GLASS) : "";
    return `${name}${mark}\n${renderFacts(ruleFacts(rule), out)}`;
  });
  const last = wrapLines(
    `You are ${person}. Ask step by step with timelatch request; see a decision before you ask with timelatch preview.\n`,
    out.columns,
  );
  return [...blocks, last].join("\n");
}
