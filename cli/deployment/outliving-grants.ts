/** Grants that go on although the policy that is deployed next would not lend them. A deployment ends none of them. */
import path from "node:path";
import { objectionsTo } from "../../shared/domain/policy/objections.ts";
import { type AccessPolicy, clusterNamed, memberOf } from "../../shared/domain/policy/policy.ts";
import { ruleNamed } from "../../shared/domain/policy/policy-index.ts";
import { describeRuleAccess } from "../../shared/domain/policy/rule-access.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { assembledIn } from "./assembled-clusters.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DepartureOptions } from "./departing-clusters.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";
import { demandSameApi, grantLines, lentOn } from "./lent-on.ts";
import type { WorkingFolder } from "./working-folder.ts";

/** A grant, and the first thing in which the next policy objects to it. */
interface Outliving {
  readonly grant: RequestAnswer;
  readonly why: string;
}

export interface Outlived {
  readonly grants: readonly Outliving[];
  /** Why nobody knows the grants; undefined where they were read, or the policy stays the same. */
  readonly unread?: string;
}

/**
 * Compares open grants with the next policy. It never refuses: each grant ends at its time whatever the policy says.
 */
export async function outlivingGrants(
  context: Context,
  { folder, config }: WorkingFolder,
  { stacks, deployed }: { readonly stacks: readonly AssemblyStack[]; deployed: DeployedStacks },
  { adminProfile }: Pick<DepartureOptions, "adminProfile">,
): Promise<Outlived> {
  const broker = stacks.find(({ hasCode }) => hasCode);
  const now = broker && (await deployed.read(broker));
  const address = now?.outputs["ApiUrl"];
  if (address === undefined) return { grants: [] };
  const policy = await readPolicy(path.join(folder, config.access));
  if (assembledIn(now?.template ?? {}).hash === policy.hash) return { grants: [] };
  try {
    const api = await context.api(adminProfile);
    demandSameApi(api, address, "Nothing was asked.");
    const open = await lentOn(api, () => true);
    return { grants: open.flatMap((grant) => outliving(policy, grant)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { grants: [], unread: error.text.what };
  }
}

/** A line for each such grant, and what to do about it. */
export function outlivingText({ grants, unread }: Outlived): string {
  if (unread !== undefined)
    return `Nobody knows which grants the new policy would not lend: ${unread}\nEach goes on until its end: timelatch grants\n\n`;
  if (grants.length === 0) return "";
  const lines = grants.map(({ grant, why }) => `  ${grantLines([grant]).join()}: ${why}\n`);
  const one = grants.length === 1;
  return [
    `${one ? "This grant goes" : "These grants go"} on until ${one ? "its end" : "their ends"}, although the new policy would not lend ${one ? "it" : "them"}:\n`,
    ...lines,
    `To end one:  timelatch revoke ${grants[0]?.grant.id}\n\n`,
  ].join("");
}

function outliving(policy: AccessPolicy, grant: RequestAnswer): readonly Outliving[] {
  const why = objectionOf(policy, grant);
  return why === undefined ? [] : [{ grant, why }];
}

/** The terms of a grant. */
type Lent = Pick<
  RequestAnswer,
  | (
      | "requester"
      | "rule"
      | "cluster"
      | "clusterArn"
      | "principalArn"
      | "access"
      | "durationSeconds"
    )
  | ("reason" | "createdAt" | "startsAt" | "approvedAt")
>;

/** Pure. @returns the first objection of the policy to a grant, as a sentence; undefined where it lends the same */
export function objectionOf(policy: AccessPolicy, grant: Lent): string | undefined {
  const { requester, cluster, clusterArn, createdAt, startsAt, approvedAt } = grant;
  const member = memberOf(policy, requester);
  if (!member) return `${requester} is not in the policy.`;
  const rule = ruleNamed(policy, grant.rule);
  if (!rule) return `The policy has no rule ${grant.rule}.`;
  const moments = { askedAt: createdAt, startsAt, decidedAt: approvedAt };
  const [objection] = objectionsTo(policy, rule, member, {
    ...grant,
    moments,
    onCall: "everyone",
    ticketIs: "met",
  });
  // Its sentence is for whoever asks.
  if (objection?.code === "other-access") return `${rule.name} lends ${describeRuleAccess(rule)}.`;
  if (objection) return objection.detail;
  return clusterNamed(policy, cluster)?.arn === clusterArn
    ? undefined
    : `The name ${cluster} means another cluster.`;
}
