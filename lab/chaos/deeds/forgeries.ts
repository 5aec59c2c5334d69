/** Forgeries as data: each has a name, the request that it is about, and its writes. */
import {
  groupOf,
  type Item,
  itemOfGrant,
  keyOfGrant,
  keyOfHead,
  type Write,
} from "../../../test/e2e/table-intruder.ts";
import type { ActionOf } from "../plan/action.ts";
import { valueFor, withField } from "./forged-fields.ts";
import { forgedApproval, plantedEvent } from "./forged-history.ts";
import { about, type Forge, NOTHING, recordOf, wake } from "./forgery.ts";

const changeField: Forge = (scene) => {
  const { random, place, id } = scene;
  const record = recordOf(scene);
  if (!record) return NOTHING;
  const [field, value] = valueFor(scene);
  const what = `${field} of ${id} becomes ${JSON.stringify(value) ?? "absent"}`.slice(0, MOST_TEXT);
  const item = itemOfGrant(place, id, withField(record, field, value));
  return {
    what,
    attacks: [about(place, { request: id })],
    writes: [{ kind: "put", item }, ...random.some([wake(place)], 0.5)],
  };
};
const MOST_TEXT = 160;

const UNUSED_ID = "00000000-0000-7000-8000-000000000000";

const plantRecord: Forge = (scene) => {
  const { random, place, other, id } = scene;
  const record = recordOf(scene);
  if (!record) return NOTHING;
  const as = random.pick([UNUSED_ID, id]);
  const { principalArn } = random.pick([place, other]);
  const item = itemOfGrant(other, as, { ...record, id: as, principalArn });
  const where = `${other.cluster} of ${other.principalArn.split("/").at(-1)}`;
  return {
    what: `a copy of ${id} as ${as} on ${where}`,
    attacks: [about(place, { request: id }), about(other)],
    writes: [{ kind: "put", item }, ...random.some([wake(other)], 0.5)],
  };
};

const putBack: Forge = ({ random, remembered }) => {
  if (remembered.length === 0) return NOTHING;
  const { place, id, item } = random.pick(remembered);
  return {
    what: `${id} as it was`,
    attacks: [about(place, { request: id })],
    writes: [{ kind: "put", item }, ...random.some([wake(place)], 0.5)],
  };
};

const deleteRecord: Forge = ({ place, id }) => ({
  what: `the record of ${id}`,
  attacks: [about(place, { request: id })],
  writes: [{ kind: "delete", key: keyOfGrant(place, id) }],
});

/** Attributes of a head that put it into the indexes of what is due. */
const DUE = /^(?:due|removal|driftCheck)(?:At|Pk|Sk)$|^removeAt$/;

const spoilHead: Forge = ({ random, place, sight: { head } }) => {
  const spoilt: Item = Object.fromEntries(
    Object.entries(head ?? {}).filter(([name]) => !DUE.test(name)),
  );
  const headText = `the head of ${place.cluster} of ${place.principalArn.split("/").at(-1)}`;
  const [how, write] = random.pick<readonly [string, Write]>([
    ["deleted", { kind: "delete", key: keyOfHead(place) }],
    ["never due", { kind: "put", item: { ...keyOfHead(place), ...spoilt } }],
    [
      "with odd values",
      { kind: "put", item: { ...head, ...keyOfHead(place), clusterArn: { x: 1 }, version: "x" } },
    ],
  ]);
  return {
    what: `${headText}: ${how}`,
    attacks: [about(place, { hidesHead: true })],
    writes: [write],
  };
};

/** An item of DynamoDB has 400 KB at most. */
const FILL_BYTES = 390_000;

const fillHead: Forge = ({ place, sight: { head } }) => ({
  what: `the head of ${place.cluster} of ${place.principalArn.split("/").at(-1)}`,
  attacks: [about(place, { hidesHead: true })],
  writes: [{ kind: "put", item: { ...head, ...keyOfHead(place), filler: "x".repeat(FILL_BYTES) } }],
});

const sendJunk: Forge = ({ random, place }) => {
  const [queue, group] = random.pick([
    ["converge", "nobody"],
    ["converge", groupOf(place)],
    ["notify", "nobody"],
  ] as const);
  const body = random.pick(["{}", "junk", JSON.stringify({ subject: "nobody", binding: [1] })]);
  return {
    what: `${body} to ${queue}, group ${group}`,
    attacks: group === "nobody" ? [] : [about(place)],
    writes: [{ kind: "send", queue, group, body }],
  };
};

export const FORGE: Readonly<Record<ActionOf<"intrude">["forgery"], Forge>> = {
  "change-field": changeField,
  "plant-record": plantRecord,
  "put-back": putBack,
  "delete-record": deleteRecord,
  "spoil-head": spoilHead,
  "fill-head": fillHead,
  "send-junk": sendJunk,
  "forge-approval": forgedApproval,
  "plant-event": plantedEvent,
};
