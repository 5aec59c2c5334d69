/** Grants in the tables, with all that is stored about each of them. */

import {
  callKey,
  callOfKey,
  callsPk,
  chainedKey,
  evidenceOnceKey,
  evidencePk,
  findingPk,
  intentKey,
  intentPk,
} from "../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { auditKey, auditPk, stateKey } from "../../../shared/aws/dynamodb/keys.ts";
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
export function principalOf({ each }: Pick<Population, "each">, index: number): string {
  const entry = Math.floor(index / each);
  return entry === 0 ? ALICE : `arn:aws:iam::${ACCOUNT}:role/people/person-${entry}`;
}

/** One partition for each grant: its key, and its items. */
interface StoredKind extends PartitionKind {
  pk(index: number): string;
}

type Seed = (pk: string, kind: PartitionKind, index: number) => void;

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
  const stepsIn = (index: number) => stepsOf(index, principalOf(population, index));
  const callsIn = (index: number) => callsOf(index, principalOf(population, index));
  const callItem = (index: number, at: number) => {
    const call = callsIn(index)[at];
    return call ? [{ ...callKey(call.eksRequestId), recordedCall: call }] : [];
  };
  return [
    {
      table: requests,
      pk: (index) => stateKey(grantId(index)).pk,
      items: (index) =>
        listed([{ ...stateKey(grantId(index)), request: stepsIn(index).at(-1)?.request }]),
    },
    {
      table: audit,
      pk: (index) => auditPk(grantId(index)),
      items: (index) =>
        listed(
          stepsIn(index).map(({ event }) => ({ ...auditKey(grantId(index), event.seq), event })),
        ),
    },
    {
      table: requests,
      pk: (index) => callsPk(grantId(index)),
      items: (index) =>
        listed(
          callsIn(index).map((call) => ({
            ...callOfKey(grantId(index), call.at, call.eksRequestId),
            recordedCall: call,
          })),
        ),
    },
    {
      table: requests,
      pk: (index) => callKey(addedBy(index)).pk,
      items: (index) => listed(callItem(index, 0)),
    },
    {
      table: requests,
      pk: (index) => callKey(removedBy(index)).pk,
      items: (index) => listed(callItem(index, 1)),
    },
    ...confirmedKinds,
  ];
}

/** The latest grant is not yet confirmed by CloudTrail. */
const confirmedKinds: readonly StoredKind[] = [
  {
    table: TABLES.audit,
    pk: (index) => evidencePk(grantId(index)),
    items: (index) => {
      const key = chainedKey(evidencePk(grantId(index)), 1);
      return listed(index === 0 ? [] : [{ ...key, hasItems: true, record: evidenceOf(index) }]);
    },
  },
  {
    table: TABLES.audit,
    pk: (index) => evidenceOnceKey(grantId(index), "").pk,
    items: (index) =>
      listed(index === 0 ? [] : [evidenceOnceKey(grantId(index), evidenceKey(evidenceOf(index)))]),
  },
];

/** The intents of each entry, from its earliest grant's to its latest. */
function intentsIn(population: Population): StoredKind {
  const { grants, each } = population;
  const bindingOf = (index: number) => bindingKey(PROD.arn, principalOf(population, index));
  return {
    table: TABLES.requests,
    pk: (index) => intentPk(bindingOf(index)),
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
