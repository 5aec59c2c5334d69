/** Grants that may have access which the ledger does not know. No end of theirs is proven meanwhile. Pure. */
import type { AccessRequest } from "../requests/request.ts";
import { EMPTY, unionOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";
import type { Ledger } from "./ledger.ts";
import { mayHave } from "./may-have.ts";
import { covers } from "./scope.ts";
import { lentOn, type OnRecord, provenBy, strangersTo, wasActive } from "./unknown-ledger.ts";

/**
 * Grants that may have begun, although the ledger does not know them: a stored call was about to serve them, or it may
 * be among those that were not read, and what the record claims is there.
 */
export interface MaybeBegun {
  readonly ids: ReadonlySet<string>;
  /** Whether a read has shown what there is of their access. */
  readonly areRead: boolean;
  /** Whether a read shows access of theirs as it may have been before a removal, so that a later one is needed. */
  readonly arePast: boolean;
}

export function maybeBegun(ledger: Ledger, record: OnRecord): MaybeBegun {
  const { grants, intents, reading, isCut } = record;
  const strangers = strangersTo(ledger, grants);
  const isServed = ({ id }: AccessRequest) => intents.served.has(id);
  const served = strangers.filter((grant) => !wasActive(grant) && isServed(grant));
  const unread = isCut ? strangers.filter((grant) => !isServed(grant)) : [];
  const left = unread.filter((grant) => isClaimLeft(ledger, record, grant));
  const arePast = served.some((grant) => isShownAsPast(ledger, record, grant));
  return {
    ids: new Set([...served, ...left].map(({ id }) => id)),
    areRead: reading !== undefined && left.length === 0 && !arePast,
    arePast,
  };
}

/** Whether access that a record claims is there, and no other grant is known to lend it, nor its owner to have it. */
function isClaimLeft(
  ledger: Ledger,
  { intents, reading }: OnRecord,
  { access, cluster }: AccessRequest,
): boolean {
  const { target, elements } = reachOf(access, cluster.arn);
  const found = reading?.entry?.targets[target] ?? EMPTY;
  const others = unionOf(lentOn(ledger, target), intents.owners[target] ?? EMPTY);
  return !reading || elements.some((each) => covers(found, each) && !covers(others, each));
}

/**
 * Whether the read shows access that the grant may have got, and that was perhaps removed before. Only a later read says
 * whether the grant has begun.
 */
function isShownAsPast(ledger: Ledger, record: OnRecord, grant: AccessRequest): boolean {
  const may = mayHave(ledger, grant, record.intents.served.get(grant.id));
  return Object.entries(may).some(([target, elements]) => {
    const found = record.reading?.entry?.targets[target] ?? EMPTY;
    const certain = unionOf(provenBy(ledger, record, target), lentOn(ledger, target));
    return elements.some((each) => covers(found, each) && !covers(certain, each));
  });
}
