/** Everyone who can reach a cluster now, as far as anybody knows: through grants, and standing. */
import { whenText } from "../../../cli/text/request-text.ts";
import { entryLines, principalText } from "../../../cli/text/standing-text.ts";
import { awayText } from "../../../cli/text/time-text.ts";
import { describeAccess } from "../../../shared/domain/requests/access-text.ts";
import { shortAsker } from "../../../shared/domain/requests/asker-text.ts";
import { POWERS, type Power, powerOfPolicy } from "../../../shared/domain/standing/power.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../../shared/http/contract/cluster-answer.ts";

export interface ReachRow {
  readonly key: string;
  readonly power: Power;
  readonly who: string;
  /** The access, in words. */
  readonly access: string;
  /** `until 10:42`, or `standing, read 5m ago`. */
  readonly through: string;
  /** The id of a grant. */
  readonly id?: string;
}

/** Through these, access may exist. */
const LENT: ReadonlySet<string> = new Set(["approved", "active", "ending"]);

/** Most power first. @param now ISO 8601 UTC */
export const reachRows = (
  cluster: ClusterAnswer,
  grants: readonly RequestSummary[],
  standing: readonly StandingEntryAnswer[],
  now: string,
): readonly ReachRow[] =>
  [
    ...grants.filter((grant) => isThere(grant, cluster)).map((grant) => ofGrant(grant, now)),
    ...standing.map((entry) => ofEntry(entry, cluster, now)),
  ].toSorted((a, b) => POWERS.indexOf(a.power) - POWERS.indexOf(b.power) || byWho(a, b));

const isThere = ({ cluster, state }: RequestSummary, { name }: ClusterAnswer): boolean =>
  cluster === name && LENT.has(state);

const byWho = (a: ReachRow, b: ReachRow): number => (a.who < b.who ? -1 : 1);

function ofGrant(grant: RequestSummary, now: string): ReachRow {
  const { id, access } = grant;
  return {
    key: id,
    id,
    power: "groups" in access ? "unknown" : powerOfPolicy(access.policy),
    who: visible(shortAsker(grant)),
    access: visible(describeAccess(access)),
    through: `grant, ${whenText(grant, now)}`,
  };
}

const ofEntry = (entry: StandingEntryAnswer, cluster: ClusterAnswer, now: string): ReachRow => ({
  key: entry.principalArn,
  power: entry.power,
  who: principalText(entry.principalArn, cluster),
  access: entryLines(entry, cluster).join("; "),
  through: `standing, read ${awayText(entry.readAt, now)}`,
});
