/**
 * How large everything about one access entry can become. A grant is admitted only where its
 * binding's ledger stays below `LEDGER_BYTES` in its fullest form. That has all that calls, ends
 * and failures may still write. So a later save always fits, unless others put more on the entry
 * meanwhile. Pure.
 *
 * docs/assumptions.md has the sources of AWS's limits, docs/protocol.md the sums.
 */
import { MOST_EXTENSIONS } from "../policy/extension.ts";
import type { AccessRequest } from "../requests/request.ts";
import { itemBytes, valueBytes } from "../values/item-bytes.ts";
import { reachOf } from "./access.ts";
import type { Entitlement } from "./entitlement.ts";
import {
  type Begun,
  type ElementKnowledge,
  type Fuse,
  type Ledger,
  LONG_AGO,
  openLedger,
  type Refusal,
  UNKNOWN_ELEMENT,
} from "./ledger.ts";

/** The most that an item of DynamoDB may have, in bytes. */
export const ITEM_BYTES = 400 * 1_024;

/** The most that a ledger may have in its fullest form when a grant is admitted, in bytes. */
export const LEDGER_BYTES = 300 * 1_024;

/** The most names of one target's fuses that Scheduler has not confirmed. Where there are as many, none is named. */
export const UNSURE_FUSES = 10;

/** The records that may become stuck before the next grant. Each of more was a begun grant, which takes more room. */
export const STUCK_AT_ONCE = 10;

/** The most grants that fail at once before they began. Each leaves a reason in the ledger. */
export const FAILING_AT_ONCE = 24;

/** The most of a refusal's text that a ledger keeps, in bytes. */
export const DETAIL_BYTES = 500;

/** One fuse is confirmed, and one or two confirmed ones are about to be deleted. */
const FUSES_OF_TARGET = UNSURE_FUSES + 3;

const text = (length: number): string => "x".repeat(length);
const GRANT_ID = text(36);

const FULLEST_ELEMENT: ElementKnowledge = {
  state: "baseline",
  absenceFrom: LONG_AGO,
  presenceFrom: LONG_AGO,
  carriedUntil: LONG_AGO,
  openUntil: LONG_AGO,
};

/** Ids of grants that nobody has asked for yet. */
const PLACES = Array.from({ length: FAILING_AT_ONCE }, (_, at) =>
  `${at}`.padEnd(GRANT_ID.length, "x"),
);

const FULLEST_REFUSAL: Refusal = { code: text(32), detail: text(DETAIL_BYTES) };

const FULLEST_BEGUN: Begun = {
  revokeAt: LONG_AGO,
  expiresAt: LONG_AGO,
  over: true,
  early: true,
  refusal: FULLEST_REFUSAL,
  refusedSince: LONG_AGO,
  chain: {
    terms: text(64),
    since: LONG_AGO,
    extensions: 99,
    extends: GRANT_ID,
    others: new Array(MOST_EXTENSIONS).fill(GRANT_ID),
    shortened: true,
  },
};

const SHIFT = { onCall: text(64), schedule: text(96), person: text(128) };
const TICKET = { in: text(64), ticket: text(200), assignee: text(128), reporter: text(128) };

/** A begun grant that leans on who is on call, and on a ticket: as long as their names may be. */
const FULLEST_LEANING: Begun = {
  ...FULLEST_BEGUN,
  onCall: { ...SHIFT, readAt: LONG_AGO, until: LONG_AGO, byOverride: true },
  ticket: { ...TICKET, status: "in-progress", readAt: LONG_AGO },
};

/** @param leans whether it keeps a fact */
const fullestBegun = (leans: boolean): Begun => (leans ? FULLEST_LEANING : FULLEST_BEGUN);

/** @param target an access policy's ARN, or the groups */
const fullestFuse = (target: string): Fuse => ({
  name: text(42),
  target,
  at: LONG_AGO,
  sure: false,
  landsUntil: LONG_AGO,
});

const among = <Value>(names: readonly string[], value: Value): Readonly<Record<string, Value>> =>
  Object.fromEntries(names.map((name) => [name, value]));

/** The same ledger with all that may be written into it before another grant is admitted. */
export function fullest(ledger: Ledger): Required<Ledger> {
  const { entry, targets, begun, failing, fuses, stuck } = ledger;
  const ids = [...Object.keys(begun), ...Object.keys(failing)];
  const more = PLACES.slice(0, Math.max(0, FAILING_AT_ONCE - Object.keys(failing).length));
  return {
    ...ledger,
    revision: 10 ** 9 + 1,
    entry: {
      ...entry,
      arn: entry.arn ?? text(400),
      bornAt: LONG_AGO,
      tokens: [...entry.tokens, GRANT_ID, GRANT_ID],
    },
    principalId: ledger.principalId ?? text(32),
    clusterCreatedAt: LONG_AGO,
    doubt: { code: text(32), since: LONG_AGO },
    targets: Object.fromEntries(
      Object.entries(targets).map(([target, elements]) => [
        target,
        among(Object.keys(elements), FULLEST_ELEMENT),
      ]),
    ),
    begun: Object.fromEntries(
      Object.entries(begun).map(([id, own]) => [id, fullestBegun(isLeaning(own))]),
    ),
    failing: { ...failing, ...among(more, FULLEST_REFUSAL) },
    fuses: [...fuses, ...Object.keys(targets).flatMap((target) => missingFuses(fuses, target))],
    leftOut: text(64),
    stuck: { ...stuck, ...among(PLACES.slice(0, STUCK_AT_ONCE), 99_999) },
    adopted: ledger.adopted ?? text(400),
    unsureSince: LONG_AGO,
    basis: {
      revision: 10 ** 9 + 1,
      version: 10 ** 9 + 1,
      steps: among([...ids, ...more], 99_999),
    },
  };
}

function missingFuses(fuses: readonly Fuse[], target: string): readonly Fuse[] {
  const has = fuses.filter((fuse) => fuse.target === target).length;
  return new Array(Math.max(0, FUSES_OF_TARGET - has)).fill(fullestFuse(target));
}

/** The item's fields besides the ledger: keys, schema, revision, who saved it, when it may go. */
const ITEM = {
  pk: `BIND#${text(64)}`,
  sk: "LEDGER",
  schema: 1,
  revision: 10 ** 9 + 1,
  savedBy: GRANT_ID,
  ttl: 10 ** 9 + 1,
};

/** The size of a stored ledger, in bytes. */
export const ledgerBytes = (ledger: Ledger): number => itemBytes({ ...ITEM, ledger });

/**
 * The size that a ledger may reach, in bytes, before another grant is admitted. It has what others wrote, such as facts,
 * so a part may be longer than its fullest form.
 */
export const fullestBytes = (ledger: Ledger): number =>
  Math.max(ledgerBytes(fullest(ledger)), ledgerBytes(ledger));

/** A grant's part of a ledger. */
export interface Reaching extends Pick<Entitlement, "grantId" | "target" | "elements"> {
  /** Whether the ledger keeps a fact of another service. */
  readonly leans?: boolean;
}

/** The ledger once it has begun these grants. Their elements are there, whatever is known of them. */
export function withReached(ledger: Ledger, reached: readonly Reaching[]): Ledger {
  const names = new Map<string, readonly string[]>();
  for (const { target, elements } of reached)
    names.set(target, [...(names.get(target) ?? []), ...elements]);
  const more = [...names].map(
    ([target, elements]) =>
      [target, { ...among(elements, UNKNOWN_ELEMENT), ...ledger.targets[target] }] as const,
  );
  const begun = reached.map(
    ({ grantId, leans = false }) => [grantId, fullestBegun(leans)] as const,
  );
  return {
    ...ledger,
    begun: { ...Object.fromEntries(begun), ...ledger.begun },
    targets: { ...ledger.targets, ...Object.fromEntries(more) },
  };
}

/** A grant as the requests table has it. */
type Lent = Pick<AccessRequest, "id" | "access" | "cluster" | "extends" | "onCall" | "ticket">;

const isLeaning = ({ onCall, ticket }: Pick<Begun | Lent, "onCall" | "ticket">): boolean =>
  onCall !== undefined || ticket !== undefined;

/** An empty ledger in its fullest form, and names of cluster and principal as long as they can be. */
const EMPTY = openLedger({ binding: text(64), clusterArn: text(250), principalArn: text(600) });

const EMPTY_BYTES = fullestBytes(EMPTY);

/** The most that the open grants of one entry may take of its ledger, in bytes. */
export const ROOM_BYTES = LEDGER_BYTES - EMPTY_BYTES;

/**
 * Bytes that the open grants of one entry may take in its ledger. Only converge knows what the
 * entry's owner has on it besides.
 */
export function reservedBytes(grants: readonly Lent[]): number {
  const reached = grants.map((grant) => ({
    grantId: grant.id,
    leans: isLeaning(grant),
    ...reachOf(grant.access, grant.cluster.arn),
  }));
  return fullestBytes(withReached(EMPTY, reached)) - EMPTY_BYTES;
}

/**
 * The bytes that one grant may add to a ledger. The access of an extension is in the ledger already. The
 * fuses of its target are left out: grants share them, and converge counts them.
 */
export function grantBytes(grant: Lent): number {
  const { target, elements } = reachOf(grant.access, grant.cluster.arn);
  const leaning = isLeaning(grant) ? LEANING_BYTES : 0;
  const own = GRANT_BYTES + leaning + valueBytes(grant.id);
  if (grant.extends !== undefined) return own;
  return own + itemBytes({ [target]: among(elements, FULLEST_ELEMENT) });
}

/** A begun grant, and its version beside it. Its id counts twice. */
const GRANT_BYTES = valueBytes(FULLEST_BEGUN) + GRANT_ID.length + 10;
/** The facts of other services. */
const LEANING_BYTES = valueBytes(FULLEST_LEANING) - valueBytes(FULLEST_BEGUN);

/** The refusal as a ledger keeps it: no longer than was reserved for it. */
export function kept({ code, detail }: Refusal): Refusal {
  const bytes = new TextEncoder().encode(detail);
  if (bytes.length <= DETAIL_BYTES) return { code, detail };
  // A letter that is cut in two is left out.
  return {
    code,
    detail: new TextDecoder().decode(bytes.subarray(0, DETAIL_BYTES), { stream: true }),
  };
}
