/** Fills in what a named rule leaves no choice of. */
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { Api } from "../api/api-client.ts";
import { type RequestTerms, wrongTerms } from "./request-terms.ts";

/**
 * The terms, completed by the rule that they name: its only cluster, policy, namespace or group.
 * Nothing is filled in without a named rule, and nothing where the rule leaves a choice.
 *
 * @throws Failure `usage` for a misspelt rule
 */
export async function completeTerms(api: Api, terms: RequestTerms): Promise<RequestTerms> {
  if (terms.rule === undefined || isComplete(terms)) return terms;
  const { rules } = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  const rule = rules.find(({ rule: name }) => name === terms.rule);
  if (!rule) {
    const meant = meantText(
      terms.rule,
      rules.map(({ rule: name }) => name),
    );
    if (meant !== "") throw wrongTerms(`No rule for you is called "${terms.rule}".${meant}`);
    return terms;
  }
  const cluster = terms.cluster ?? only(rule.clusters);
  return {
    ...terms,
    ...(cluster === undefined ? {} : { cluster }),
    ...accessTerms(rule, terms),
  };
}

const isComplete = ({ cluster, policy, namespace, clusterScope, group }: RequestTerms): boolean =>
  cluster !== undefined &&
  (group !== undefined ||
    (policy !== undefined && (namespace !== undefined || clusterScope === true)));

const only = (names: readonly string[]): string | undefined =>
  names.length === 1 ? names[0] : undefined;

function accessTerms({ access }: AccessRuleAnswer, terms: RequestTerms): RequestTerms {
  const { policy: asked, namespace, clusterScope, group } = terms;
  if ("groups" in access) {
    const one = only(access.groups);
    const given = [asked, namespace, clusterScope, group].some((value) => value !== undefined);
    return given || one === undefined ? {} : { group: [one] };
  }
  if (group !== undefined) return {};
  const policy = asked ?? only(access.policies);
  return { ...(policy === undefined ? {} : { policy }), ...scopeTerms(access, terms) };
}

function scopeTerms(
  access: Exclude<AccessRuleAnswer["access"], { groups: readonly string[] }>,
  { namespace, clusterScope }: RequestTerms,
): RequestTerms {
  if (namespace !== undefined || clusterScope) return {};
  if ("scope" in access) return { clusterScope: true };
  const one = only(access.namespaces);
  return one === undefined || one.includes("*") ? {} : { namespace: [one] };
}
