/** Proof that nothing is lent, and that nothing can be lent meanwhile, before what takes access away is deleted. */
import type { Api } from "../api/api-client.ts";
import { grantsOf } from "../api/lists.ts";
import { Failure } from "../failures/failure.ts";
import { demandSameApi, drainOf, grantLines } from "./lent-on.ts";
import type { ManagedEntries } from "./managed-entries.ts";

/** The consequence where a proof fails. */
export const NOT_DONE = "Nothing was changed, and nothing was deleted.";

/**
 * Asks the API. The caller has to be an admin or an auditor. Others see only their own grants, and
 * the API does not tell them whether the broker is drained.
 *
 * @param address the output of the stack that is to be deleted
 * @throws Failure `usage` where another API is configured; `conflict` where it is not drained, or grants live;
 *   those of the API
 */
export async function demandDrained(api: Api, address: string | undefined): Promise<void> {
  demandSameApi(api, address, NOT_DONE);
  if ((await drainOf(api)) === null) throw notDrained();
  const grants = await grantsOf(api);
  if (grants.length > 0) throw grantsLive(grantLines(grants));
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
        "See the runbook: docs/runbook.md",
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
