import type { ElementSet } from "../values/element-set.ts";
import { type EndProof, type NothingRemains, nothingRemains } from "./end-proof.ts";

/**
 * How a grant ended, in sentences that say no more than its proof: of its own access on its own access
 * entry. Its holder may have other access.
 */
export function endText(proof: EndProof | undefined): string {
  if (!proof) return "This grant has ended.";
  const { hadBegun, readAt, stayed, stayedBy } = proof;
  if (!hadBegun) return "Nothing was lent.";
  if (stayed.length > 0)
    return `This grant has ended. Its access ${whereText(stayed)} is also given by ${byText(stayedBy)}.`;
  if (readAt === null) return "Nothing of it was added.";
  const gone = nothingRemains(proof);
  return gone ? accessEnded(gone) : "This grant has ended.";
}

/** Other sources of the access when a grant ended, to be read later; empty where none is known. */
export const stayedText = (proof: EndProof | null | undefined): string =>
  proof && proof.stayed.length > 0
    ? `When it ended, its access ${whereText(proof.stayed)} was also given by ${byText(proof.stayedBy)}.`
    : "";

/** Says that the access itself is gone: only a proof allows it. */
export const accessEnded = (_proof: NothingRemains): string =>
  "The access of this grant has ended.";

/** `in payments-api, payments-web`, `on the whole cluster`, `by Kubernetes groups ops` */
function whereText(elements: ElementSet): string {
  const named = (prefix: string) =>
    elements.flatMap((each) => (each.startsWith(prefix) ? each.slice(prefix.length) : []));
  const [namespaces, groups] = [named("ns/"), named("group/")];
  if (groups.length > 0) return `through Kubernetes groups ${groups.join(", ")}`;
  return namespaces.length > 0 ? `in ${namespaces.join(", ")}` : "on the whole cluster";
}

const byText = (names: readonly string[]): string =>
  names.map((each) => (each === STANDING_ACCESS ? each : `grant ${each}`)).join(" and ");

/** The word in a proof for access that comes from no grant. */
export const STANDING_ACCESS = "standing access";
