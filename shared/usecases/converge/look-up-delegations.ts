import { type Delegation, delegationOf } from "../../domain/delegations/delegation.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** Delegations by id. One of which there is no whole chain is missing. */
export type Delegations = ReadonlyMap<string, Delegation>;

/** More approvals than any rule asks for: what is beyond was stored by nobody honest. */
const MOST_READ = 100;

/**
 * Reads the delegations that approvals of the live grants name, each from its own records. Called only
 * where access may be added: a removal needs none of them.
 *
 * @returns undefined where they cannot be read now, so nothing that depends on them is judged
 */
export async function lookUpDelegations(pass: Pass): Promise<Delegations | undefined> {
  const ids = namedIn(pass);
  try {
    const found = await Promise.all(
      ids.map(async (id) => delegationOf(id, await pass.ports.delegations.records(id))),
    );
    return new Map(found.flatMap((each) => (each ? [[each.id, each] as const] : [])));
  } catch (error) {
    const { binding, run } = pass;
    run.log("delegations not read", { binding, error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}

function namedIn(pass: Pass): readonly string[] {
  const live = new Set(
    entitlementsIn(pass).flatMap(({ isLive, grantId }) => (isLive ? [grantId] : [])),
  );
  const ids = pass.grants.open
    .filter(({ id }) => live.has(id))
    .flatMap(({ approvals }) =>
      approvals.flatMap(({ onBehalfOf }) => onBehalfOf?.delegation ?? []),
    );
  return [...new Set(ids)].slice(0, MOST_READ);
}
