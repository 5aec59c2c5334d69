/** The rules of `access.yaml`, for people. */
import type { RuleAccess } from "../../shared/domain/policy/policy.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { extendFacts } from "./extension-text.ts";
import { hoursFacts } from "./hours-text.ts";
import { shiftFacts } from "./on-call-text.ts";
import { reviewToCome } from "./review-text.ts";
import { stoppedText } from "./stopped-text.ts";
import { approvalBy, ticketFacts } from "./ticket-text.ts";

/** `a`, `a or b`, `a, b or c`, with hidden characters escaped. */
function anyOf(names: readonly string[]): string {
  const shown = names.map(visible);
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} or ${last}`;
}

/** `AmazonEKSEditPolicy or AmazonEKSViewPolicy`, `Kubernetes groups eks-admins` */
export const lentText = (access: RuleAccess): string =>
  "groups" in access
    ? `Kubernetes group${access.groups.length > 1 ? "s" : ""} ${anyOf(access.groups)}`
    : anyOf(access.policies);

/** Where a policy holds: `the whole cluster`, `payments-*`; empty for groups, since RBAC decides it. */
export function whereText(access: RuleAccess): string {
  if ("groups" in access) return "";
  if ("namespaces" in access) return access.namespaces.map(visible).join(", ");
  return access.exactly ? "the whole cluster only" : "the whole cluster, or namespaces of it";
}

/** `at least 10 characters, with a ticket that matches ^INC-[0-9]+$` */
export function reasonText(
  { minLength, ticket }: AccessRuleAnswer["reason"],
  asked?: AccessRuleAnswer["ticket"],
): string {
  const length = minLength > 1 ? [`at least ${minLength} characters`] : [];
  const matching = ticket === null ? [] : [`a ticket that matches ${visible(ticket)}`];
  const one = asked ? [`one ticket of ${visible(asked.in)}`] : [];
  return [...length, ...matching, ...one].join(", with ") || "any";
}

/** One rule in two columns, without its name. */
export function ruleFacts(
  rule: AccessRuleAnswer,
  { clusters = [], onCall }: Partial<Pick<AccessAnswer, "clusters" | "onCall">> = {},
): readonly Fact[] {
  const { access, duration } = rule;
  const wildcards = "namespaces" in access && access.wildcards;
  const where = whereText(access);
  return [
    ["Access", lentText(access)],
    ...(where === ""
      ? []
      : [["In", wildcards ? `${where} (patterns are accepted)` : where] as const]),
    ["On", rule.clusters.length === 0 ? "no cluster: they are all retired" : anyOf(rule.clusters)],
    ...obstacleFacts(rule, clusters),
    [
      "For",
      `${visible(duration.minimum)} to ${visible(duration.max)}; ${visible(duration.default)} by default`,
    ],
    ...hoursFacts(rule.hours),
    ...startFacts(rule),
    ...shiftFacts(rule, onCall),
    ...ticketFacts(rule),
    ["Approval", approvalBy(rule.requirements, rule.ticket !== undefined)],
    ...reviewToCome(rule.review),
    ...extendFacts(rule.extend),
    ["Reason", reasonText(rule.reason, rule.ticket)],
    [
      "As",
      rule.principals.length === 0
        ? "none of your principals, so you cannot use this rule"
        : anyOf(rule.principals),
    ],
  ];
}

const OBSTACLES: Readonly<
  Record<NonNullable<AccessAnswer["clusters"][number]["obstacle"]>, string>
> = {
  "cluster-gone": "EKS knows no such cluster",
  "authentication-mode": "its authentication mode is CONFIG_MAP, which takes no access entries",
};

/** Clusters of the rule on which a request would be refused. */
const obstacleFacts = (
  rule: AccessRuleAnswer,
  clusters: AccessAnswer["clusters"],
): readonly Fact[] =>
  clusters.flatMap(({ name, obstacle }): readonly Fact[] =>
    obstacle && rule.clusters.includes(name)
      ? [["Not now", `on ${visible(name)}: ${OBSTACLES[obstacle]}`]]
      : [],
  );

/** An older API says nothing of them. */
function startFacts({
  start,
  lapse,
  atMost,
  requirements,
}: Partial<AccessRuleAnswer>): readonly Fact[] {
  return [
    ...(atMost
      ? [["At most", `${atMost.times} automatic approvals in ${visible(atMost.per)}`] as const]
      : []),
    ...(start ? [["Start", `at most ${visible(start.latest)} ahead`] as const] : []),
    ...(lapse !== undefined && (requirements ?? []).length > 0
      ? [["Lapses", `after ${visible(lapse)} without approval`] as const]
      : []),
  ];
}

const BREAK_GLASS = "  BREAK GLASS";

/** A block for each rule. */
export function accessText(answer: AccessAnswer, out: Stream): string {
  const person = visible(answer.person);
  const { stopped } = answer;
  const first = stopped ? [stoppedText(stopped, out)] : [];
  if (answer.rules.length === 0) {
    const none = `No rule of access.yaml applies to ${person}. To get access, have a rule added to access.yaml.\n`;
    return [...first, wrapLines(none, out.columns)].join("\n");
  }
  const blocks = answer.rules.map((rule) => {
    const name = out.paint("bold", visible(rule.rule));
    const mark = rule.breakGlass ? out.paint("red", BREAK_GLASS) : "";
    return `${name}${mark}\n${renderFacts(ruleFacts(rule, answer), out)}`;
  });
  const last = wrapLines(
    `You are ${person}. timelatch request asks for access; timelatch preview dry-runs a request.\n`,
    out.columns,
  );
  return [...first, ...blocks, last].join("\n");
}
