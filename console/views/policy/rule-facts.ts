/** A rule of the whole policy in two columns: who may ask, and who must agree, by name. */
import { ruleFacts } from "../../../cli/text/access-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type {
  PolicyAnswer,
  PolicyGroupAnswer,
  PolicyRuleAnswer,
} from "../../../shared/http/contract/policy-answer.ts";

type Fact = readonly [title: string, text: string];
type Groups = ReadonlyMap<string, PolicyGroupAnswer>;

/** By their names. */
export const groupsOf = ({ groups }: Pick<PolicyAnswer, "groups">): Groups =>
  new Map(groups.map((group) => [group.name, group]));

/** Nobody reads a longer list in a line. */
const MOST_NAMES = 12;

const peopleIn = (groups: Groups, names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => groups.get(name)?.people ?? [])),
];

/** `payments (alice, bob), and carol by name` */
export function whoText({ who, onCall }: PolicyRuleAnswer, groups: Groups): string {
  const circles = who.groups.map((name) => {
    const { people = [], machines = [] } = groups.get(name) ?? {};
    const members = namesText([...people, ...machines]);
    return `${visible(name)} (${members === "" ? "nobody at present" : members})`;
  });
  const named = who.people.length === 0 ? [] : [`${namesText(who.people)} by name`];
  const all = [...circles, ...named].join(", and ") || "nobody";
  return onCall === undefined ? all : `${all}; only while on call in ${visible(onCall)}`;
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(visible).join(", ");
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Everything about a rule, for whoever answers for the policy. */
export function wholeRuleFacts(rule: PolicyRuleAnswer, groups: Groups): readonly Fact[] {
  const { requirements, agents: _, review, ...rest } = rule;
  const able = (names: readonly string[]) => peopleIn(groups, names).slice(0, MOST_NAMES);
  const facts = ruleFacts({
    ...rest,
    principals: [],
    requirements: requirements.map(({ escalate, ...need }) => {
      const later = escalate && { ...escalate, people: able(escalate.groups) };
      const people = able([...need.groups, ...(escalate?.groups ?? [])]);
      return { ...need, people, ...(later ? { escalate: later } : {}) };
    }),
    ...(review ? { review: { ...review, people: able(review.by) } } : {}),
  });
  return [
    ["Who may ask", whoText(rule, groups)],
    // The principals are each person's own.
    ...facts.filter(([title]) => title !== "As"),
    ["Decided in", placesText(rule.decideIn)],
    [
      "Delegates",
      rule.delegable ? "approvers may let others decide" : "approvers decide themselves",
    ],
  ];
}

/** For the API, terminal and console are one surface. */
function placesText(decideIn: PolicyRuleAnswer["decideIn"]): string {
  if (!decideIn.includes("api")) return "Slack";
  return decideIn.includes("slack")
    ? "the terminal, the console, the API and Slack"
    : "the terminal, the console and the API";
}

/** Whether a rule has a text in its name, its clusters, or who asks and agrees. */
export function hasText(rule: PolicyRuleAnswer, groups: Groups, text: string): boolean {
  const { who, clusters, requirements } = rule;
  const circles = [...who.groups, ...requirements.flatMap((need) => need.groups)];
  const words = [rule.rule, ...clusters, ...who.people, ...circles, ...peopleIn(groups, circles)];
  const wanted = text.trim().toLowerCase();
  return words.some((word) => word.toLowerCase().includes(wanted));
}
