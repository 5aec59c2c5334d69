/** Proof that nothing is lent, and that nothing can be lent meanwhile, before what takes access away is deleted. */
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf } from "../api/lists.ts";
import { Failure } from "../failures/failure.ts";
import { demandSameApi, drainOf, grantLines } from "./lent-on.ts";
import type { ManagedEntries } from "./managed-entries.ts";

/** The consequence where a proof fails. */
export const NOT_DONE = "Nothing was changed, and nothing was deleted.";

declare const BY_THE_API: unique symbol;

/** That the deployment's API listed no grant that has not ended. Only `noGrants` makes one. */
export interface NoGrants {
  readonly [BY_THE_API]: true;
}

/** Undefined where a grant has not ended. @param grants as the API listed them to an admin or an auditor */
export const noGrants = (grants: readonly RequestSummary[]): NoGrants | undefined =>
  grants.length === 0 ? ({} as NoGrants) : undefined;

/**
 * Before the stacks are deleted, after no access entry had the deployment's tag. An entry of others has no tag, so that
 * only the API knows what is lent there.
 *
 * @param proof undefined where nobody asked the API
 * @param where empty, or with a space before it
 */
export const lentText = (proof: NoGrants | undefined, where = ""): string =>
  proof ? nothingLent(proof, where) : UNASKED;

/** Only a proof allows it. */
export const nothingLent = (_proof: NoGrants, where: string): string => `Nothing is lent${where}.`;

const UNASKED =
  "No access entry has the deployment's tag. Nobody was asked what is lent on entries of others.";

/**
 * Asks the API. The caller has to be an admin or an auditor. Others see only their own grants, and
 * the API does not tell them whether the broker is drained.
 *
 * @param address the output of the stack that is to be deleted
 * @throws Failure `usage` where another API is configured; `conflict` where it is not drained, or grants live;
 *   those of the API
 */
export async function demandDrained(api: Api, address: string | undefined): Promise<NoGrants> {
  demandSameApi(api, address, NOT_DONE);
  if ((await drainOf(api)) === null) throw notDrained();
  const grants = await grantsOf(api);
  const proof = noGrants(grants);
  if (!proof) throw grantsLive(grantLines(grants));
  return proof;
}

/** @throws Failure `conflict` where a cluster has an entry of the deployment, or cannot be read */
export function demandNoEntries(clusters: readonly ManagedEntries[]): void {
  const findings = entryLines(clusters);
  if (findings.length > 0)
    throw new Failure("conflict", "entries-live", {
      what: "Access entries of this deployment are on its clusters, or a cluster cannot be read.",
      notDone: NOT_DONE,
      findings,
      next: [
        "Next: let the grants end, or delete these entries by hand. Then run it again.",
        "See timelatch docs runbook",
      ],
    });
}

/** A line for each entry, as the command that deletes it, and for each cluster that could not be read. */
export const entryLines = (clusters: readonly ManagedEntries[]): readonly string[] =>
  clusters.flatMap(({ cluster: { name, arn }, principals, unread }) => {
    const [, , , region = "", account = "", path = ""] = arn.split(":");
    if (!principals) return [`${name} of account ${account} cannot be read: ${unread}`];
    return principals.map(
      (principal) =>
        `aws eks delete-access-entry --region ${region} --cluster-name ${path.replace("cluster/", "")} --principal-arn ${principal}   # account ${account}`,
    );
  });

const notDrained = () =>
  new Failure("conflict", "not-drained", {
    what: "The broker is not drained, so it could still lend access.",
    notDone: NOT_DONE,
    next: [
      'Next: drain it, and wait until nothing is lent: timelatch drain --reason "…"',
      "Check:  timelatch list --state active --state ending",
    ],
  });

const grantsLive = (findings: readonly string[]) =>
  new Failure("conflict", "grants-live", {
    what: `${findings.length} ${findings.length === 1 ? "grant has" : "grants have"} not ended yet.`,
    notDone: NOT_DONE,
    findings,
    next: [
      "Next: wait until they are ended, usually within minutes after a drain, and run it again.",
    ],
  });
