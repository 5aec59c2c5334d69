/** Prompts for each value of a request, within what the rules allow the caller. */

import { isLongEnough, namesTicket } from "../../shared/domain/policy/reason.ts";
import { isNamespace, lendsNamespace } from "../../shared/domain/policy/rule-access.ts";
import { formatDuration, parseDuration } from "../../shared/domain/values/duration.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import { Failure } from "../failures/failure.ts";
import type { Stream } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { lentText, reasonText, whereText } from "../text/access-text.ts";
import { requirementText } from "../text/requirement-text.ts";
import { chooseOne } from "./choose.ts";
import type { Prompt, Reading } from "./prompt.ts";
import type { RequestTerms } from "./request-terms.ts";

/** The access that a rule lends: one policy at a time, or its Kubernetes groups together. */
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
  const first = "Ctrl-C stops at any prompt. Nothing is sent before you confirm it.\n\n";
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
    what: `No rule of access.yaml allows ${person} to ask for access at present.`,
    notDone: "Nothing was sent.",
    next: ["Next: see your rules with timelatch access, or have a rule added to access.yaml."],
  });

const offersOf = (rule: AccessRuleAnswer): readonly Offer[] =>
  "groups" in rule.access
    ? [{ rule, access: rule.access }]
    : rule.access.policies.map((policy) => ({ rule, access: { policies: [policy] } }));

const nameOfOffer = ({ access }: Offer): string =>
  "groups" in access ? access.groups.join(",") : access.policies[0];

/** Reads well without its column title, since it may be folded. */
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
  { title: "APPROVAL", text: ({ rule }) => approvalText(rule), folds: 1 },
];

/** Names separated by spaces or commas, each once. */
const namesIn = (line: string): readonly string[] => [
  ...new Set(line.split(/[\s,]+/).filter((name) => name !== "")),
];

/** The policy and its scope, or the groups. */
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
  if ("scope" in rule.access && !rule.access.exactly) return { policy, ...(await askPart(prompt)) };
  if (!("namespaces" in rule.access)) return { policy, clusterScope: true };
  const { namespaces, wildcards } = rule.access;
  const [only = "", ...others] = namespaces;
  if (others.length === 0 && !only.includes("*")) {
    err.write(`Namespace: ${visible(only)} (the only one)\n\n`);
    return { policy, namespace: [only] };
  }
  const lent = namespaces.map(visible).join(", ");
  const patterns = wildcards ? ", or patterns" : "";
  const namespace = await prompt.ask(`Namespaces within ${lent}${patterns}: `, (line) =>
    readNamespaces(line, namespaces, wildcards),
  );
  return { policy, namespace };
}

/** The whole cluster, or namespaces of it. */
const askPart = (prompt: Prompt) =>
  prompt.ask<RequestTerms>("Namespaces, or Enter for the whole cluster: ", (line) => {
    const names = namesIn(line);
    const strange = names.filter((name) => !isNamespace(name));
    if (strange.length > 0)
      return { wrong: `${strange.map(visible).join(", ")} is no name of a namespace.` };
    return { value: names.length === 0 ? { clusterScope: true } : { namespace: names } };
  });

const askGroups = (prompt: Prompt, groups: readonly string[]) =>
  prompt.ask(`Groups, of ${groups.map(visible).join(", ")}: `, (line) => {
    const names = namesIn(line);
    const strange = names.filter((name) => !groups.includes(name));
    if (names.length === 0) return { wrong: "Name at least one; separate several by spaces." };
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
  if (names.length === 0) return { wrong: "Name at least one; separate several by spaces." };
  const strange = names.filter(
    (name) => !lent.some((pattern) => lendsNamespace(pattern, wildcards, name)),
  );
  if (strange.length === 0) return { value: names };
  const why =
    strange.some((name) => name.includes("*")) && !wildcards
      ? " It lends names only, no patterns."
      : "";
  return { wrong: `The rule does not lend ${strange.map(visible).join(", ")}.${why}` };
}

/** Asked only where the person has several principals. */
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
  const seconds = secondsIn(line, withSeconds(duration));
  if (seconds === undefined)
    return {
      wrong: `Write whole days, hours${withSeconds(duration) ? ", minutes and seconds" : " and minutes"}, such as 90m or 1h30m.`,
    };
  if (seconds < duration.minimumSeconds || seconds > duration.maxSeconds)
    return {
      wrong: `${formatDuration(seconds)} is not within ${visible(duration.minimum)} to ${visible(duration.max)}.`,
    };
  return { value: line };
}

/** A rule whose shortest duration has seconds is of an API that accepts seconds. */
const withSeconds = ({ minimum }: AccessRuleAnswer["duration"]) => minimum.endsWith("s");

function secondsIn(line: string, seconds: boolean): number | undefined {
  try {
    return parseDuration(line, seconds);
  } catch {
    return undefined;
  }
}

async function askReason(
  prompt: Prompt,
  err: Stream,
  { reason, ticket: asked }: AccessRuleAnswer,
): Promise<string> {
  const { minLength, ticket } = reason;
  const wanted = reasonText(reason, asked);
  if (wanted !== "any") err.write(wrapLines(`The reason needs ${wanted}.\n`, err.columns));
  return prompt.ask("Reason: ", (line) => {
    if (line === "") return { wrong: "Give a reason: approvers and auditors read it." };
    if (!isLongEnough(line, minLength))
      return {
        wrong: `The reason needs at least ${minLength} characters and has ${[...line].length}.`,
      };
    if (ticket !== null && !namesTicket(line, ticket))
      return { wrong: `The reason names no ticket that matches ${visible(ticket)}.` };
    return { value: line };
  });
}
