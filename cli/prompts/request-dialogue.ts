/** Asks for the terms of a request one after the other, within what the caller may ask for. */

import {
  isLongEnough,
  lendsNamespace,
  namesTicket,
} from "../../shared/domain/policy/eligibility.ts";
import { formatDuration, parseDuration } from "../../shared/domain/values/duration.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";
import type { Stream } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { visible, wrapLines } from "../terminal/visible-text.ts";
import { lentText, reasonText, whereText } from "../text/access-text.ts";
import { requirementText } from "../text/request-text.ts";
import { chooseOne } from "./choose.ts";
import type { Prompt, Reading } from "./prompt.ts";
import type { RequestTerms } from "./request-terms.ts";

/** What a rule lends, one policy at a time; its Kubernetes groups together. */
interface Offer {
  readonly rule: AccessRuleAnswer;
  readonly access:
    | { readonly policies: readonly [string] }
    | { readonly groups: readonly string[] };
}

/** @throws Failure `refused` where nothing may be asked for; `interrupted` */
export async function askTerms(
  prompt: Prompt,
  err: Stream,
  { person, principals, rules }: AccessAnswer,
): Promise<RequestTerms> {
  const usable = rules.filter((rule) => rule.principals.length > 0);
  const clusters = [...new Set(usable.flatMap((rule) => rule.clusters))];
  if (clusters.length === 0) throw nothingLent(person);
  const first = "Ctrl-C ends this at any question; nothing is sent before you say yes.\n\n";
  err.write(wrapLines(first, err.columns));
  const cluster = await chooseOne(prompt, err, {
    what: "Cluster",
    options: clusters,
    nameOf: (name) => name,
    columns: [{ title: "CLUSTER", text: visible }],
  });
  const { rule, access } = await chooseOne(prompt, err, {
    what: "Access",
    options: usable.filter((each) => each.clusters.includes(cluster)).flatMap(offersOf),
    nameOf: nameOfOffer,
    columns: OFFER_COLUMNS,
  });
  const scope = await askScope(prompt, err, rule, access);
  const principal = await askPrincipal(prompt, err, rule, principals);
  const duration = await prompt.ask(durationQuestion(rule), (line) => readDuration(line, rule));
  const reason = await askReason(prompt, err, rule);
  return { cluster, ...scope, duration, reason, ...principal, rule: rule.rule };
}

const nothingLent = (person: string) =>
  new Failure("refused", "nothing-lent", {
    happened: `No rule of access.yaml lends anything to ${person} at present.`,
    undone: "Nothing was sent.",
    next: [
      "Next: see the rules that are for you with timelatch access, or have access.yaml changed.",
    ],
  });

const offersOf = (rule: AccessRuleAnswer): readonly Offer[] =>
  "groups" in rule.access
    ? [{ rule, access: rule.access }]
    : rule.access.policies.map((policy) => ({ rule, access: { policies: [policy] } }));

const nameOfOffer = ({ access }: Offer): string =>
  "groups" in access ? access.groups.join(",") : access.policies[0];

/** Understood without its title too, where it is folded. */
const approvalText = ({ requirements }: AccessRuleAnswer): string =>
  requirements.length === 0 ? "no approval" : `approval by ${requirementText(requirements)}`;

const OFFER_COLUMNS: readonly Column<Offer>[] = [
  {
    title: "ACCESS",
    text: ({ rule, access }) =>
      lentText("groups" in access ? access : { ...rule.access, ...access }),
    least: 20,
  },
  { title: "IN", text: ({ rule }) => whereText(rule.access), least: 12 },
  { title: "UP TO", text: ({ rule }) => visible(rule.duration.max) },
  {
    title: "RULE",
    text: ({ rule }) => `${visible(rule.rule)}${rule.breakGlass ? " (BREAK GLASS)" : ""}`,
    style: ({ rule }) => (rule.breakGlass ? "red" : undefined),
    folds: 2,
  },
  { title: "NEEDS", text: ({ rule }) => approvalText(rule), folds: 1 },
];

/** Names apart by spaces or commas, each once. */
const namesIn = (line: string): readonly string[] => [
  ...new Set(line.split(/[\s,]+/).filter((name) => name !== "")),
];

/** The policy with where it should hold, or the groups. */
async function askScope(
  prompt: Prompt,
  err: Stream,
  rule: AccessRuleAnswer,
  access: Offer["access"],
): Promise<RequestTerms> {
  if ("groups" in access)
    return {
      group: access.groups.length > 1 ? await askGroups(prompt, access.groups) : access.groups,
    };
  const [policy] = access.policies;
  if (!("namespaces" in rule.access)) return { policy, clusterScope: true };
  const { namespaces, wildcards } = rule.access;
  const [only = "", ...others] = namespaces;
  if (others.length === 0 && !only.includes("*")) {
    err.write(`Namespace: ${visible(only)} (there is no other)\n\n`);
    return { policy, namespace: [only] };
  }
  const lent = namespaces.map(visible).join(", ");
  const patterns = wildcards ? ", or patterns" : "";
  const namespace = await prompt.ask(`Namespaces within ${lent}${patterns}: `, (line) =>
    readNamespaces(line, namespaces, wildcards),
  );
  return { policy, namespace };
}

const askGroups = (prompt: Prompt, groups: readonly string[]) =>
  prompt.ask(`Groups, of ${groups.map(visible).join(", ")}: `, (line) => {
    const names = namesIn(line);
    const strange = names.filter((name) => !groups.includes(name));
    if (names.length === 0) return { wrong: "Name at least one; several apart by spaces." };
    if (strange.length > 0)
      return { wrong: `The rule does not lend ${strange.map(visible).join(", ")}.` };
    return { value: names };
  });

function readNamespaces(
  line: string,
  lent: readonly string[],
  wildcards: boolean,
): Reading<readonly string[]> {
  const names = namesIn(line);
  if (names.length === 0) return { wrong: "Name at least one; several apart by spaces." };
  const strange = names.filter(
    (name) => !lent.some((pattern) => lendsNamespace(pattern, wildcards, name)),
  );
  if (strange.length === 0) return { value: names };
  const why =
    strange.some((name) => name.includes("*")) && !wildcards ? " It lends names only." : "";
  return { wrong: `The rule does not lend ${strange.map(visible).join(", ")}.${why}` };
}

/** Only where the API could not tell by itself whom to lend to. */
async function askPrincipal(
  prompt: Prompt,
  err: Stream,
  rule: AccessRuleAnswer,
  all: readonly string[],
): Promise<Pick<RequestTerms, "principal">> {
  if (all.length < 2) return {};
  const principal = await chooseOne(prompt, err, {
    what: "As",
    options: rule.principals,
    nameOf: (arn) => arn,
    columns: [{ title: "PRINCIPAL", text: visible, least: 40 }],
  });
  return { principal };
}

const durationQuestion = ({ duration }: AccessRuleAnswer) =>
  `For how long, ${visible(duration.minimum)} to ${visible(duration.max)} [${visible(duration.default)}]: `;

function readDuration(line: string, { duration }: AccessRuleAnswer): Reading<string> {
  if (line === "") return { value: duration.default };
  const seconds = secondsIn(line);
  if (seconds === undefined)
    return { wrong: "Write whole days, hours and minutes, such as 90m or 1h30m." };
  if (seconds < duration.minimumSeconds || seconds > duration.maxSeconds)
    return {
      wrong: `${formatDuration(seconds)} is not within ${visible(duration.minimum)} to ${visible(duration.max)}.`,
    };
  return { value: line };
}

/** Seconds are read here, since the API may take them; it says so itself where it does not. */
function secondsIn(line: string): number | undefined {
  try {
    return parseDuration(line, true);
  } catch {
    return undefined;
  }
}

async function askReason(
  prompt: Prompt,
  err: Stream,
  { reason }: AccessRuleAnswer,
): Promise<string> {
  const { minLength, ticket } = reason;
  const wanted = reasonText(reason);
  if (wanted !== "any") err.write(wrapLines(`A reason: ${wanted}.\n`, err.columns));
  return prompt.ask("Why: ", (line) => {
    if (line === "") return { wrong: "Say why: those who approve and audit read it." };
    if (!isLongEnough(line, minLength))
      return { wrong: `At least ${minLength} characters; these are ${[...line].length}.` };
    if (ticket !== null && !namesTicket(line, ticket))
      return { wrong: `It names no ticket that matches ${visible(ticket)}.` };
    return { value: line };
  });
}
