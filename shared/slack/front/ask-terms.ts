/** The terms that somebody asks for in Slack, read by the same schema as a request over the API. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { Access } from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import { askOf, requestBody } from "../../http/contract/request-body.ts";
import { CHOOSE, groupsChoice, policyChoice } from "../texts/form-texts.ts";
import { namesIn } from "./names-in.ts";

/** The terms as texts: of a form's fields, or of a command's words. */
export interface AskTerms {
  readonly cluster?: string | undefined;
  /** A key of `accessChoices`. */
  readonly access?: string | undefined;
  /** Names or patterns, separated by commas, spaces or lines. */
  readonly namespaces?: string | undefined;
  readonly duration?: string | undefined;
  /** Names the press that filled in the duration, so that the field shows it. */
  readonly pressed?: string | undefined;
  readonly reason?: string | undefined;
  readonly principal?: string | undefined;
}

/** A fault of the terms, at the field that it is about. */
export interface TermFault {
  readonly field: keyof AskTerms;
  readonly detail: string;
}

/** One access that somebody may choose. */
export interface AccessChoice {
  readonly key: string;
  readonly label: string;
  /** Whether it needs namespaces. */
  readonly isNamespaced: boolean;
  /** Whether its rule lends the whole cluster, and this is less. */
  readonly isPart: boolean;
  readonly access: (namespaces: readonly string[]) => Access;
}

/** The access that the rules of one cluster lend, each once, in the order of the rules. */
export function accessChoices(
  rules: readonly OwnRule[],
  cluster: string | undefined,
): readonly AccessChoice[] {
  const choices = rules
    .filter(({ clusters }) => cluster !== undefined && clusters.includes(cluster))
    .flatMap(({ rule }) => choicesOf(rule));
  return [...new Map(choices.map((choice) => [choice.key, choice])).values()];
}

function choicesOf({ name, access }: OwnRule["rule"]): readonly AccessChoice[] {
  if ("groups" in access)
    return [
      {
        key: `g/${name}`,
        label: groupsChoice(access.groups),
        isNamespaced: false,
        isPart: false,
        access: () => ({ groups: access.groups }),
      },
    ];
  return access.policies.flatMap((policy) => {
    if ("namespaces" in access) return policyIn(policy, { isNamespaced: true, isPart: false });
    const whole = policyIn(policy, { isNamespaced: false, isPart: false });
    return access.exactly ? whole : [whole, policyIn(policy, { isNamespaced: true, isPart: true })];
  });
}

const policyIn = (
  policy: string,
  { isNamespaced, isPart }: Pick<AccessChoice, "isNamespaced" | "isPart">,
): AccessChoice => ({
  key: `${isNamespaced ? "n" : "c"}/${policy}`,
  label: policyChoice(shortPolicy(policy), isNamespaced),
  isNamespaced,
  isPart,
  access: (namespaces) => ({
    policy,
    scope: isNamespaced ? { type: "namespace", namespaces } : { type: "cluster" },
  }),
});

/** `Edit` for AmazonEKSEditPolicy. */
const shortPolicy = (policy: string): string => /^AmazonEKS(.+)Policy$/.exec(policy)?.[1] ?? policy;

/** The choice whose policy or group has that name, short or in full, in any case. */
export function choiceNamed(
  choices: readonly AccessChoice[],
  name: string,
  isNamespaced: boolean,
): AccessChoice | undefined {
  const wanted = name.replaceAll("-", "").toLowerCase();
  return choices.find((choice) => {
    const access = choice.access([]);
    if ("groups" in access) return access.groups.includes(name);
    const names = [access.policy, shortPolicy(access.policy)].map((each) => each.toLowerCase());
    return choice.isNamespaced === isNamespaced && names.includes(wanted);
  });
}

const isWhole = ({ isPart }: AccessChoice): boolean => !isPart;

const onlyOf = <Item>(items: readonly Item[]): Item | undefined =>
  items.length === 1 ? items[0] : undefined;

/** The terms, with what there is no choice about. */
export function withOnlyChoices(rules: readonly OwnRule[], terms: AskTerms): AskTerms {
  const clusters = [...new Set(rules.flatMap((rule) => rule.clusters))];
  const cluster = terms.cluster ?? (clusters.length === 1 ? clusters[0] : undefined);
  const choices = accessChoices(rules, cluster);
  const chosen = choices.find(({ key }) => key === terms.access) ?? onlyOf(choices.filter(isWhole));
  return { ...terms, cluster, access: chosen?.key };
}

/** The fields of the API's body, as the fields of the terms. */
const FIELDS: Readonly<Record<string, keyof AskTerms>> = {
  cluster: "cluster",
  access: "access",
  duration: "duration",
  reason: "reason",
  principalArn: "principal",
};

/** The ask, or every fault of its terms. */
export function askOfTerms(
  settings: Settings,
  rules: readonly OwnRule[],
  terms: AskTerms,
): { readonly ask: Ask } | { readonly faults: readonly TermFault[] } {
  const choice = accessChoices(rules, terms.cluster).find(({ key }) => key === terms.access);
  const missing: readonly TermFault[] = [
    ...(rules.some(({ clusters }) => clusters.includes(terms.cluster ?? ""))
      ? []
      : [fault("cluster", CHOOSE.cluster)]),
    ...(choice === undefined ? [fault("access", CHOOSE.access)] : []),
  ];
  if (choice === undefined || missing.length > 0) return { faults: missing };
  const read = requestBody(settings).safeParse({
    cluster: terms.cluster,
    access: choice.access(namesIn(terms.namespaces)),
    ...(terms.duration?.trim() ? { duration: terms.duration.trim() } : {}),
    reason: (terms.reason ?? "").trim(),
    ...(terms.principal === undefined ? {} : { principalArn: terms.principal }),
  });
  if (read.success) return { ask: askOf(read.data) };
  return { faults: read.error.issues.map(({ path, message }) => fault(fieldAt(path), message)) };
}

const fault = (field: keyof AskTerms, detail: string): TermFault => ({ field, detail });

const fieldAt = (path: readonly PropertyKey[]): keyof AskTerms =>
  path[0] === "access" && path.length > 1 ? "namespaces" : (FIELDS[String(path[0])] ?? "cluster");

/** The person's principals that a rule for the cluster lends to. */
export const principalsFor = (
  { member }: Actor,
  rules: readonly OwnRule[],
  cluster: string | undefined,
): readonly string[] =>
  member.principals.filter((arn) =>
    rules.some(
      ({ clusters, principals }) =>
        cluster !== undefined && clusters.includes(cluster) && principals.includes(arn),
    ),
  );
