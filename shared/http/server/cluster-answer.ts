import { scopeFromElements } from "../../domain/entries/scope.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { holdersOf } from "../../domain/policy/policy-index.ts";
import type { LentThere } from "../../domain/standing/lent-there.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import type { CompletePass, StandingRecord } from "../../domain/standing/standing-record.ts";
import { clusterOf, grantorRoleArn } from "../../domain/values/arn.ts";
import type { ClusterAnswer, StandingEntryAnswer } from "../contract/cluster-answer.ts";

/** The facts about a cluster of which its answer is made. */
export interface Known {
  readonly name: string;
  readonly arn: string;
  readonly retired: boolean;
  readonly unread: "retired" | undefined;
  readonly record: StandingRecord | undefined;
  readonly shown: CompletePass | undefined;
  readonly facts: { readonly checkedAt: string } | undefined;
  readonly lends: LentThere;
}

/** A cluster as clients read it. @param deployment its name, as its grantor roles have it */
export function clusterAnswer(known: Known, deployment: string): ClusterAnswer {
  const { name, arn, retired, unread, record, shown, facts, lends } = known;
  return {
    name,
    clusterArn: arn,
    retired,
    unread: unread ?? null,
    setup: record?.setup ?? null,
    standing: shown ? passAnswer(shown) : null,
    reading: record?.reading
      ? { startedAt: record.reading.startedAt, read: record.reading.read }
      : null,
    failure: record?.failure ? { code: record.failure.code, at: record.failure.at } : null,
    grantor: {
      roleArn: grantorRoleArn(clusterOf(arn), "policies", deployment),
      describedAt: facts?.checkedAt ?? null,
      lends,
    },
  };
}

/** A reading without its id and its hash, which only the tables need. */
export const passAnswer = ({ passId: _passId, content: _content, ...pass }: CompletePass) => pass;

/** An entry as clients read it: policies by name, scopes as in requests, and the people who hold the principal. */
export function standingEntryAnswer(
  entry: StandingEntry,
  policy: AccessPolicy,
): StandingEntryAnswer {
  const people = holdersOf(policy, entry.principalArn);
  return { ...archivedEntryAnswer(entry), ...(people.length === 0 ? {} : { people }) };
}

/** The same of an archive, which does not say who holds a principal. */
export const archivedEntryAnswer = ({
  policies,
  ...entry
}: StandingEntry): StandingEntryAnswer => ({
  ...entry,
  policies: policies.flatMap(({ policyArn, power, elements }) => {
    const scope = scopeFromElements(elements);
    return scope ? [{ policy: policyArn.split("/").at(-1) ?? policyArn, power, scope }] : [];
  }),
});

/** The cluster's name in the path, as it stands in `access.yaml`. */
export const clusterNameOf = ({
  pathParameters,
}: {
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
}): string => pathParameters?.["name"] ?? "";
