import { clusterNamed } from "../../shared/domain/policy/policy.ts";
import { askerName } from "../../shared/domain/requests/asker-text.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { type Reacher, whoReaches } from "../../shared/policy-tools/prove/who-reaches.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { readKeptPolicy } from "../policy/read-policy.ts";
import { listed, plain } from "../policy/words.ts";
import { policyName } from "../prompts/request-terms.ts";
import { type Column, renderTable } from "../terminal/table.ts";

export interface PolicyWhoOptions {
  readonly cluster: string;
  /** Access policies, any of which is meant; any access without them. */
  readonly policy?: readonly string[];
  /** Names or patterns, any of which is meant; anywhere without them. */
  readonly namespace?: readonly string[];
}

/**
 * `timelatch policy who`: everyone who can end up with some access, with the fewest people who have to act.
 *
 * @throws Failure `usage` for a cluster that the policy does not have; `faulty` for a policy that is not sound
 */
export async function policyWho(
  context: Context,
  file: string,
  { cluster, policy: named = [], namespace: namespaces = [] }: PolicyWhoOptions,
): Promise<void> {
  const policy = await readKeptPolicy(context, file);
  if (!clusterNamed(policy, cluster)) throw noCluster(cluster, Object.keys(policy.clusters));
  const policies = named.map(policyName);
  const reach = { cluster, policies, namespaces, isDirect: false };
  const found = whoReaches(policy, reach, {});
  const { out } = context.screen;
  const isOne = (name: string) => policy.people[name]?.machine !== undefined;
  const people = found.map((each) => documentOf(each, isOne(each.person)));
  const document = { cluster, policies, namespaces, people };
  answer(context, document, () =>
    found.length === 0
      ? "No rule of this file lets anybody end up with that.\n"
      : renderTable(found, columns(isOne), out),
  );
}

const documentOf = ({ person, fewest, reaching }: Reacher, isMachine: boolean) => ({
  person,
  ...(isMachine ? { machine: true } : {}),
  people: fewest.people,
  rules: rulesOf({ fewest }),
  assumed: reaching.isAssumed,
});

const rulesOf = ({ fewest }: Pick<Reacher, "fewest">): readonly string[] => [
  ...new Set(fewest.acts.map(({ wanted }) => wanted.rule.name)),
];

/** @param isMachine whether a name of the policy is a machine's */
const columns = (isMachine: (name: string) => boolean): readonly Column<Reacher>[] => [
  {
    title: "WHO",
    text: ({ person: requester }) =>
      visible(askerName({ requester, ...(isMachine(requester) ? { machine: true } : {}) })),
    least: 6,
  },
  { title: "PEOPLE", text: ({ fewest }) => String(fewest.people.length) },
  {
    title: "WHO ACT",
    text: ({ fewest }) => listed(fewest.people, plain),
    least: 8,
  },
  {
    title: "BY",
    text: (found) =>
      `${listed(rulesOf(found), plain)}${found.reaching.isAssumed ? " (assumed)" : ""}`,
    folds: 1,
  },
];

const noCluster = (cluster: string, known: readonly string[]) =>
  new Failure("usage", "usage", {
    what: `The policy has no cluster "${cluster}".${meantText(cluster, known)}`,
    notDone: "Nothing was done.",
    next: [`Next: name one of ${known.join(", ")}.`],
  });
