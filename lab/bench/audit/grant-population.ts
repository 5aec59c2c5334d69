/** Grants in the tables, with all that is stored about each of them. */

import {
  chainedKey,
  evidenceOnceKey,
  evidencePk,
  findingPk,
} from "../../../shared/aws/dynamodb/evidence/record-keys.ts";
import {
  auditKey,
  auditPk,
  callKey,
  callOfKey,
  callsPk,
  intentKey,
  intentPk,
  stateKey,
} from "../../../shared/aws/dynamodb/keys.ts";
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import { findingChain } from "../../../shared/domain/evidence/findings/finding-record.ts";
import { evidenceKey } from "../../../shared/domain/evidence/record-key.ts";
import { ACCOUNT, ALICE, PROD } from "../../fakes/builders.ts";
import type { Item, Items, PartitionKind } from "./counted-tables.ts";
import {
  addedBy,
  beganAt,
  callsOf,
  evidenceOf,
  grantId,
  intentsOf,
  NOW,
  removedBy,
  stepsOf,
} from "./stored-grant.ts";

/** The names of the two tables. */
export const TABLES = { requests: "requests", audit: "audit" } as const;

/** The fewest changes of others on record. */
const CHANGES = 100;

export interface Population {
  readonly grants: number;
  /** How many of them one access entry has. The latest entry is Alice's. */
  readonly each: number;
}

/** The principal whose entry carries the grant. */
export function principalOf({ each }: Pick<Population, "each">, of: number): string {
  const entry = Math.floor(of / each);
  return entry === 0 ? ALICE : `arn:aws:iam::${ACCOUNT}:role/people/person-${entry}`;
}

/** One partition for each grant: its key, and its items. */
interface StoredKind extends PartitionKind {
  pk(of: number): string;
}

type Seed = (pk: string, kind: PartitionKind, of: number) => void;

/** Puts every item of the population under its key. The items themselves are made as they are read. */
export function seedGrants(seed: Seed, population: Population): void {
  const { grants, each } = population;
  const kinds = storedKinds(population);
  for (let grant = 0; grant < grants; grant += 1)
    for (const kind of kinds) seed(kind.pk(grant), kind, grant);
  const intents = intentsIn(population);
  for (let grant = 0; grant < grants; grant += each) seed(intents.pk(grant), intents, grant);
  const changes = Math.max(CHANGES, grants / CHANGES);
  seed(findingPk(CHAIN), { table: TABLES.audit, items: () => changesOf(changes) }, 0);
}

function storedKinds(population: Population): readonly StoredKind[] {
  const { requests, audit } = TABLES;
  const stepsIn = (of: number) => stepsOf(of, principalOf(population, of));
  const callsIn = (of: number) => callsOf(of, principalOf(population, of));
  const callItem = (of: number, at: number) => {
    const call = callsIn(of)[at];
    return call ? [{ ...callKey(call.eksRequestId), recordedCall: call }] : [];
  };
  return [
    {
      table: requests,
      pk: (of) => stateKey(grantId(of)).pk,
      items: (of) => listed([{ ...stateKey(grantId(of)), request: stepsIn(of).at(-1)?.request }]),
    },
    {
      table: audit,
      pk: (of) => auditPk(grantId(of)),
      items: (of) =>
        listed(stepsIn(of).map(({ event }) => ({ ...auditKey(grantId(of), event.seq), event }))),
    },
    {
      table: requests,
      pk: (of) => callsPk(grantId(of)),
      items: (of) =>
        listed(
          callsIn(of).map((call) => ({
            ...callOfKey(grantId(of), call.at, call.eksRequestId),
            recordedCall: call,
          })),
        ),
    },
    {
      table: requests,
      pk: (of) => callKey(addedBy(of)).pk,
      items: (of) => listed(callItem(of, 0)),
    },
    {
      table: requests,
      pk: (of) => callKey(removedBy(of)).pk,
      items: (of) => listed(callItem(of, 1)),
    },
    ...confirmedKinds,
  ];
}

/** The latest grant is not yet confirmed by CloudTrail. */
const confirmedKinds: readonly StoredKind[] = [
  {
    table: TABLES.audit,
    pk: (of) => evidencePk(grantId(of)),
    items: (of) => {
      const key = chainedKey(evidencePk(grantId(of)), 1);
      return listed(of === 0 ? [] : [{ ...key, hasItems: true, record: evidenceOf(of) }]);
    },
  },
  {
    table: TABLES.audit,
    pk: (of) => evidenceOnceKey(grantId(of), "").pk,
    items: (of) =>
      listed(of === 0 ? [] : [evidenceOnceKey(grantId(of), evidenceKey(evidenceOf(of)))]),
  },
];

/** The intents of each entry, from its earliest grant's to its latest. */
function intentsIn(population: Population): StoredKind {
  const { grants, each } = population;
  const bindingOf = (of: number) => bindingKey(PROD.arn, principalOf(population, of));
  return {
    table: TABLES.requests,
    pk: (of) => intentPk(bindingOf(of)),
    items: (first) => {
      const [principal, binding] = [principalOf(population, first), bindingOf(first)];
      const end = Math.min(first + each, grants);
      return {
        length: 2 * (end - first),
        item: (at) => {
          const own = intentsOf(end - 1 - Math.floor(at / 2), principal);
          const intent = own[at % 2 === 0 ? 0 : 1];
          return { ...intentKey(binding, intent), intent };
        },
      };
    },
  };
}

const CHAIN = findingChain(PROD.arn, NOW);
const OTHERS = `arn:aws:iam::${ACCOUNT}:role/nodes`;
const HASH = "a".repeat(64);

/** Changes by others on the cluster, on entries of their own. */
function changesOf(changes: number): Items {
  const item = (at: number) => {
    const eventTime = beganAt(changes - at);
    const call = { operation: "DeleteAccessEntry", policyArn: null, scope: null, groups: null };
    const event = { ...call, eventTime, principalArn: OTHERS, errorCode: null };
    const details = { eventKey: `change-${at}`, event };
    const record = { type: "expected", chain: CHAIN, at: eventTime, seq: at + 1, hash: HASH };
    const key = chainedKey(findingPk(CHAIN), at + 1);
    return { ...key, hasItems: true, record: { ...record, details } };
  };
  return { length: changes, item };
}

const listed = (items: readonly Item[]): Items => ({
  length: items.length,
  item: (at) => items[at] ?? {},
});
