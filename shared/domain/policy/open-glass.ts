/**
 * A person has one break-glass at a time on a cluster. Otherwise grants one beside the other would
 * lend for longer, or more, than an emergency asked for. Pure.
 */
import type { Refusal } from "../entries/ledger.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { RefusedAsk } from "./refused-ask.ts";

type Grant = Pick<
  AccessRequest,
  "id" | "requester" | "cluster" | "breakGlass" | "state" | "revokeAt"
>;

/**
 * The break-glass of a person that is approved or active, and whose time is not over.
 *
 * @param grants some grants of one cluster @param at ISO 8601 UTC
 */
export const openGlassOf = <Some extends Grant>(
  grants: readonly Some[],
  person: string,
  at: string,
): Some | undefined =>
  grants.find(
    ({ requester, breakGlass, state, revokeAt }) =>
      breakGlass &&
      requester === person &&
      (state === "approved" || state === "active") &&
      (revokeAt === null || at < revokeAt),
  );

/** The refusal of one more break-glass beside an open one. */
export const glassOpen = ({ id, requester, cluster, revokeAt }: Grant): RefusedAsk => ({
  allowed: false,
  code: "break-glass-open",
  detail: `The break-glass ${id} of ${requester} is open on ${cluster.name}, and a person has one at a time on a cluster. Nothing was stored; end that one first, or wait until ${revokeAt ?? "its end"}.`,
  facts: { id, ...(revokeAt === null ? {} : { revokeAt }) },
});

/** Why converge adds nothing for the later of two break-glass of one person. */
export const GLASS_OPEN: Refusal = {
  code: "break-glass-open",
  detail:
    "Another break-glass of the same person is open on this cluster, and a person has one at a time. Nothing was granted; end that one first, then ask again.",
};
