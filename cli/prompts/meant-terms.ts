/** Suggests names for misspelt ones of a request that was refused. */
import type { RuleAccess } from "../../shared/domain/policy/policy.ts";
import { meantBy, policyMeantBy } from "../../shared/domain/values/nearest-text.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { Api } from "../api/api-client.ts";
import { Failure } from "../failures/failure.ts";
import type { RequestBody } from "./request-terms.ts";

/** The names that a request may have. */
interface KnownNames {
  readonly clusters: readonly string[];
  readonly rules: readonly { readonly name: string; readonly access: RuleAccess }[];
}

interface Named extends Pick<RequestBody, "cluster" | "access"> {
  readonly rule?: string | null;
}

/** `Did you mean --cluster prod --policy AmazonEKSEditPolicy?`; nothing where every name is known or far from all. */
export function meantTerms({ clusters, rules }: KnownNames, body: Named): readonly string[] {
  const { cluster, access, rule } = body;
  const lent = rules.map((each) => each.access);
  const policies = lent.flatMap((each) => ("groups" in each ? [] : each.policies));
  const groups = lent.flatMap((each) => ("groups" in each ? each.groups : []));
  const names = rules.map(({ name }) => name);
  const words = [
    ...unknown([cluster], clusters, meantBy).map((name) => `--cluster ${name}`),
    ...("policy" in access ? unknown([access.policy], policies, policyMeantBy) : []).map(
      (name) => `--policy ${name}`,
    ),
    ...("groups" in access ? unknown(access.groups, groups, meantBy) : []).map(
      (name) => `--group ${name}`,
    ),
    ...unknown(rule ? [rule] : [], names, meantBy).map((name) => `--rule ${name}`),
  ];
  return words.length === 0 ? [] : [`Did you mean ${words.join(" ")}?`];
}

/** The names that were meant by those that are not known. */
const unknown = (
  given: readonly string[],
  known: readonly string[],
  meant: (text: string, names: readonly string[]) => string | undefined,
): readonly string[] =>
  given.flatMap((name) => (known.includes(name) ? [] : (meant(name, known) ?? [])));

/** The failure, with what was meant in front of what to do next. */
const withMeant = (failure: Failure, [meant]: readonly string[]): Failure =>
  meant === undefined
    ? failure
    : new Failure(
        failure.exit,
        failure.code,
        { ...failure.text, next: [meant, ...failure.text.next] },
        { cause: failure },
      );

/**
 * The failure of a request. A refusal suggests names of what the caller may ask for: only then the API is asked for
 * them.
 */
export async function withMeantTerms(api: Api, body: Named, error: unknown): Promise<unknown> {
  if (!(error instanceof Failure) || error.exit !== "refused") return error;
  // A list that cannot be read must not hide the refusal.
  const meant = await api
    .send<AccessAnswer>({ method: "GET", path: "/v1/access" })
    .then((lent) => meantTerms(namesIn(lent), body))
    .catch(() => []);
  return withMeant(error, meant);
}

const namesIn = ({ clusters, rules }: AccessAnswer): KnownNames => ({
  clusters: clusters.map(({ name }) => name),
  rules: rules.map(({ rule: name, access }) => ({ name, access })),
});
