/** Whether grants are recent enough to be judged with a ledger. Pure. */
import type { AccessRequest } from "../requests/request.ts";
import type { Ledger } from "./ledger.ts";

/** A binding's grants, as they were read. */
interface ReadGrants {
  /** Grows with every step of any of its requests. */
  readonly version: number;
  readonly grants: readonly Pick<AccessRequest, "id" | "version">[];
}

/**
 * Whether a read shows every grant as late as the ledger's last save knew it. Else the ledger may
 * have begun a grant that the read does not show, or have forgotten one that it still does.
 *
 * A grant that is not among them is over: the save knew it, and only final grants leave a binding.
 */
export function isAsRecent(ledger: Ledger, { version, grants }: ReadGrants): boolean {
  const { basis, revision } = ledger;
  if (basis?.revision !== revision || version < basis.version) return false;
  return grants.every((grant) => grant.version >= (basis.steps[grant.id] ?? 0));
}
