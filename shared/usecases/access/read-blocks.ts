import { type AccessBlock, accessBlocks } from "../../domain/entries/access-blocks.ts";
import type { AccessPolicy, Member, Rule } from "../../domain/policy/policy.ts";
import { ruleNamed, rulesFor } from "../../domain/policy/policy-index.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { StopStore } from "../../ports/stop-store.ts";

/** The person that somebody asks about, and what the asker may see. */
interface BlocksQuestion {
  readonly name: string;
  /** Undefined for a person who has left the policy. */
  readonly member: Member | undefined;
  readonly reader: string;
  /** Whether the reader sees all of the person. Otherwise they see the person's open requests only. */
  readonly isWhole: boolean;
  /** A cluster's name; undefined for all. */
  readonly cluster: string | undefined;
  readonly principals: readonly string[];
  /** The person's pending requests that the reader may see. */
  readonly waiting: readonly AccessRequest[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Reads the obstacles to a person's access there. */
export async function readBlocks(
  { stops, policy }: { readonly stops: Pick<StopStore, "latest">; readonly policy: AccessPolicy },
  { name, isWhole, principals, reader, at, ...question }: BlocksQuestion,
): Promise<readonly AccessBlock[]> {
  const sight = {
    person: name,
    reader,
    seesReasons: isWhole,
    principals: isWhole ? principals : [],
    rules: rulesSeen(policy, { ...question, isWhole }),
  };
  return accessBlocks(policy, await stops.latest(), sight, at);
}

/** An approver sees the rules of the requests that they may decide on. */
function rulesSeen(
  policy: AccessPolicy,
  {
    member,
    isWhole,
    cluster,
    waiting,
  }: Pick<BlocksQuestion, "member" | "isWhole" | "cluster" | "waiting">,
): readonly Rule[] {
  const asked = waiting.flatMap(({ rule }) => ruleNamed(policy, rule) ?? []);
  const own = isWhole && member ? rulesFor(policy, member) : asked;
  return [...new Set(own)].filter(
    ({ clusters }) => cluster === undefined || clusters.includes(cluster),
  );
}
