/** The form's terms, and what my rules offer for them. */
import type { Access } from "../../../shared/domain/requests/request.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { policyWord } from "../../parts/access-words.ts";

export interface AskTerms {
  readonly cluster: string;
  /** One of `offersOf`, by its key. */
  readonly offer: string;
  /** As typed, with commas. */
  readonly namespaces: string;
  readonly duration: string;
  readonly reason: string;
  /** The one ticket that it is for; empty for the only one that the reason names. */
  readonly ticket: string;
  /** Empty to leave the choice to the policy. */
  readonly rule: string;
  /** The ARN of one of my principals; empty where there is no choice. */
  readonly principal: string;
}

export const NO_TERMS: AskTerms = {
  cluster: "",
  offer: "",
  namespaces: "",
  duration: "",
  reason: "",
  ticket: "",
  rule: "",
  principal: "",
};

/** Some access that a rule of mine lends on a cluster. */
export interface Offer {
  readonly key: string;
  readonly label: string;
  /** Namespaces or patterns that the rules name; undefined where none are named. */
  readonly namespaces?: readonly string[];
  readonly access: (namespaces: readonly string[]) => Access;
}

/** The access that my rules lend on a cluster, each once. */
export function offersOf({ rules }: AccessAnswer, cluster: string): readonly Offer[] {
  const offers = new Map<string, Offer>();
  for (const { access, clusters } of rules) {
    if (!clusters.includes(cluster)) continue;
    for (const offer of offersOfAccess(access)) {
      const known = offers.get(offer.key)?.namespaces ?? [];
      const namespaces = [...new Set([...known, ...(offer.namespaces ?? [])])];
      offers.set(offer.key, offer.namespaces ? { ...offer, namespaces } : offer);
    }
  }
  return [...offers.values()];
}

function offersOfAccess(access: AccessAnswer["rules"][number]["access"]): readonly Offer[] {
  if ("groups" in access)
    return access.groups.map((group) => ({
      key: `group ${group}`,
      label: `Kubernetes group ${group}`,
      access: () => ({ groups: [group] }),
    }));
  return access.policies.flatMap((policy) => {
    if ("namespaces" in access) return inNamespaces(policy, access.namespaces);
    return access.exactly ? onCluster(policy) : [onCluster(policy), inNamespaces(policy, ["*"])];
  });
}

const onCluster = (policy: string): Offer => ({
  key: `${policy} cluster`,
  label: `${capital(policyWord(policy))} on the whole cluster`,
  access: () => ({ policy, scope: { type: "cluster" } }),
});

/** @param namespaces names, and patterns of names */
const inNamespaces = (policy: string, namespaces: readonly string[]): Offer => ({
  key: `${policy} namespaces`,
  label: `${capital(policyWord(policy))} in namespaces`,
  namespaces,
  access: (names) => ({ policy, scope: { type: "namespace", namespaces: names } }),
});

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The body of a request; undefined while something is missing that the form itself knows of. */
export function bodyOf(terms: AskTerms, offer: Offer | undefined) {
  if (!offer || terms.cluster === "" || terms.reason.trim() === "") return undefined;
  const namespaces = namesIn(terms.namespaces);
  if (offer.namespaces && namespaces.length === 0) return undefined;
  return {
    cluster: terms.cluster,
    access: offer.access(namespaces),
    reason: terms.reason.trim(),
    ...(terms.duration === "" ? {} : { duration: terms.duration }),
    ...(terms.ticket.trim() === "" ? {} : { ticket: terms.ticket.trim() }),
    ...(terms.rule === "" ? {} : { rule: terms.rule }),
    ...(terms.principal === "" ? {} : { principalArn: terms.principal }),
  };
}

/** The rules that may decide, and ask a tracker: each with its terms for the one ticket of a request. */
export const ticketRules = (access: AccessAnswer, terms: AskTerms): AccessAnswer["rules"] =>
  rulesFor(access, terms).filter(({ ticket }) => ticket !== undefined);

/** The rules that may decide, as far as the form knows. */
export const rulesFor = (
  { rules }: AccessAnswer,
  { cluster, offer, rule }: AskTerms,
): AccessAnswer["rules"] =>
  rules.filter(
    (each) =>
      each.clusters.includes(cluster) &&
      (rule === "" || each.rule === rule) &&
      offersOfAccess(each.access).some(({ key }) => key === offer),
  );

const namesIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,]+/).filter((name) => name !== "")),
];

/** The terms of a request that ended. */
export function termsOf({ cluster, access, duration, reason, ticket }: RequestSummary): AskTerms {
  const [group = ""] = "groups" in access ? access.groups : [];
  const scope = "policy" in access ? access.scope : undefined;
  return {
    ...NO_TERMS,
    cluster,
    duration,
    reason,
    // An earlier release of the API lists none.
    ticket: ticket ?? "",
    offer:
      "policy" in access
        ? `${access.policy} ${access.scope.type === "cluster" ? "cluster" : "namespaces"}`
        : `group ${group}`,
    namespaces: scope?.type === "namespace" ? scope.namespaces.join(", ") : "",
  };
}
