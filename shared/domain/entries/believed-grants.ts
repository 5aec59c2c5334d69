/**
 * Stored records that converge believes to be grants of a binding. Functions that face people can
 * write the requests table. So a binding is recomputed from each record, and never read from its
 * place. A record that is left out holds nothing up. Pure.
 */
import { grantIn } from "../requests/parse-grant.ts";
import type { AccessRequest } from "../requests/request.ts";
import { bindingKey } from "./binding.ts";
import { termsOf } from "./extension-chain.ts";
import type { Ledger } from "./ledger.ts";

/** An item that is filed as a grant. */
export interface StoredRecord {
  /** The id under which it is filed. */
  readonly filedAs: string;
  /** Undefined where the binding's head names a grant, and no such item was read. */
  readonly record: unknown;
  /** The version that the binding's head names; 0 where it names no such grant. */
  readonly headVersion: number;
}

/**
 * - `unreadable`: a field lacks its form, or its access can no longer exist.
 * - `misfiled`: it is filed under another id than its own.
 * - `elsewhere`: its cluster and principal are another binding's.
 * - `outdated`: every read shows an older version than the binding's head names, or its history
 * says that it ended.
 * - `altered`: its terms are not those with which it began.
 * - `stuck`: it has not begun, and no step of it can be stored: it is not its request's record, or
 * something has the place of its next event.
 */
type WhyLeftOut = "unreadable" | "misfiled" | "elsewhere" | "outdated" | "altered" | "stuck";

/** A record that is no grant of the binding. */
interface LeftOut {
  readonly id: string;
  readonly why: WhyLeftOut;
}

/** The grants of a binding, and the records that are left out. */
export interface Believed {
  readonly grants: readonly AccessRequest[];
  readonly leftOut: readonly LeftOut[];
}

/** Judges each record of a binding's partition by itself. @param binding the key of the partition */
export function believedIn(binding: string, records: readonly StoredRecord[]): Believed {
  return sorted(records, (stored) => {
    const grant = grantIn(stored.record);
    const why = whyLeftOut(binding, stored, grant);
    return why === undefined && grant ? grant : { id: stored.filedAs, why: why ?? "unreadable" };
  });
}

function whyLeftOut(
  binding: string,
  { filedAs, record, headVersion }: StoredRecord,
  grant: AccessRequest | undefined,
): WhyLeftOut | undefined {
  if (record === undefined) return "outdated";
  if (!grant) return "unreadable";
  if (grant.id !== filedAs) return "misfiled";
  if (bindingKey(grant.cluster.arn, grant.principalArn) !== binding) return "elsewhere";
  return grant.version < headVersion ? "outdated" : undefined;
}

/**
 * Leaves out begun grants whose person, access or rule is not what the ledger holds. Otherwise a
 * record could explain access that another grant was lent, and keep it past that grant's end. A
 * grant that an earlier release began has no terms in the ledger, and counts as it is written.
 */
export const unaltered = (grants: readonly AccessRequest[], { begun }: Ledger): Believed =>
  sorted(grants, (grant) => {
    const chain = Object.hasOwn(begun, grant.id) ? begun[grant.id]?.chain : undefined;
    const isAltered = chain !== undefined && chain.terms !== termsOf(grant);
    return isAltered ? { id: grant.id, why: "altered" } : grant;
  });

function sorted<From>(
  from: readonly From[],
  judge: (each: From) => AccessRequest | LeftOut,
): Believed {
  const judged = from.map(judge);
  return {
    grants: judged.filter((each) => !("why" in each)) as readonly AccessRequest[],
    leftOut: judged.filter((each) => "why" in each) as readonly LeftOut[],
  };
}
