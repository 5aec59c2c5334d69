/** Any write to the audit table: of any kind of record, with every hash computed again, or not. */
import type { Random } from "../../lab/simulation/random.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { CHAIN_START, linked } from "../../shared/domain/values/hash-chain.ts";
import type { World } from "./archive-days.ts";
import type { Deed } from "./attack.ts";
import { changedBody, movedBy, textsOf } from "./changed-body.ts";
import type { Body } from "./forgeries.ts";
import type { Meddling } from "./recorded-day.ts";
import type { Right } from "./rights.ts";

/** One write, and everything that it takes. */
export interface AnyWrite {
  readonly deed: Deed;
  readonly what: string;
  readonly rights: readonly Right[];
  readonly forge?: (world: World) => unknown;
  /** A write before CloudTrail's events come. */
  readonly meddle?: NonNullable<Meddling["meddle"]>;
  /** Members of a record that it changes, where it changes nothing else. */
  readonly paths?: readonly string[];
  /** Whether archive's own code lies. */
  readonly isLie?: true;
  /** Whether it is one to the archive's objects. */
  readonly isObject?: true;
}

/** Kinds of chains in the table, and what each takes. */
const KINDS = {
  AUDIT: ["put an event", "delete an event"],
  EVID: ["put evidence", "delete evidence"],
  FIND: ["put a finding", "delete a finding"],
  DELEG: ["put a delegation", "delete a delegation"],
  STOP: ["put a suspension", "delete a suspension"],
  STANDING: ["put a reading", "delete a reading"],
} as const satisfies Readonly<Record<string, readonly [Right, Right]>>;
export type Kind = keyof typeof KINDS;
export const RECORD_KINDS = Object.keys(KINDS) as readonly Kind[];

type Place = Pick<World, "table" | "hidden">;

/** A record of a chain, and whether it is in no list. */
interface Item {
  readonly body: Body;
  readonly isHidden: boolean;
}

const bodyOf = (one: ArchivedRecord): Body => one.record as unknown as Body;
const seqOf = ({ body }: Item) => Number(body["seq"]);

function itemsOf({ table, hidden }: Place, chain: string): readonly Item[] {
  const of = (records: readonly ArchivedRecord[], isHidden: boolean) =>
    records.flatMap((one) => (one.chain === chain ? { body: bodyOf(one), isHidden } : []));
  return [...of(table, false), ...of(hidden, true)].toSorted((a, b) => seqOf(a) - seqOf(b));
}

/** `fits`: this record and all that follow get new places and hashes. `own`: its own hash. `stale`: no hash. */
type Hashes = "fits" | "own" | "stale";

/** Puts items in the place of a chain. @param from the first that is another than before */
function putBack(place: Place, chain: string, items: readonly Item[], from: number, how: Hashes) {
  let previousHash = String(items[from - 1]?.body["hash"] ?? CHAIN_START);
  const made = items.map((item, at): Item => {
    if (at < from || how === "stale" || (how === "own" && at > from)) return item;
    const { hash: _, ...body } = item.body;
    const placed = how === "fits" ? { ...body, seq: at + 1, previousHash } : body;
    const record = linked(placed);
    previousHash = record.hash;
    return { ...item, body: record };
  });
  const put = (all: ArchivedRecord[], isHidden: boolean) => {
    const others = all.filter((one) => one.chain !== chain);
    const own = made.filter((item) => item.isHidden === isHidden);
    const records = own.map(({ body }) => ({ chain, record: body as never }));
    all.splice(0, all.length, ...others, ...records);
  };
  put(place.table, false);
  put(place.hidden, true);
}

const ofKind = (day: World["day"], kind: Kind): readonly ArchivedRecord[] =>
  day.records.filter(({ chain }) => chain.startsWith(`${kind}#`));

/** Where a write goes, and how it computes hashes. */
interface Aim {
  readonly random: Random;
  readonly kind: Kind;
  readonly day: World["day"];
  /** The clock's time. */
  readonly now: string;
}

type Made = Omit<AnyWrite, "rights" | "what" | "forge"> & {
  readonly what: string;
  readonly isDeletion?: true;
  readonly act: (place: Place) => unknown;
};

const HOUR = 3_600;

function anyHashes(random: Random): Hashes {
  return random.chance(0.8) ? "fits" : random.pick(["own", "stale"]);
}

const said = (how: Hashes) =>
  ({ fits: "with all hashes", own: "with its own hash", stale: "without hashes" })[how];

/** To end a finding is an end of its own, and to change what ended one is a change. */
function endOf(kind: Kind, body: Body, otherwise: "add" | "change", before?: Body): Deed {
  const isEnd = kind === "FIND" && body["type"] !== "finding";
  return isEnd && (before?.["type"] ?? "finding") === "finding" ? "un-find" : otherwise;
}

function adds({ random, kind, day, now }: Aim): Made {
  const models = ofKind(day, kind);
  const model = random.pick(models);
  const pool = textsOf(day.records.map(bodyOf));
  const { body } = changedBody(random, bodyOf(model), pool, random.whole(0, 3));
  const shift = random.pick([0, 0, 0, -HOUR, -5 * 24 * HOUR, HOUR, 24 * HOUR]);
  const at = movedBy(now, shift);
  const how = anyHashes(random);
  const dated = withInstant(body, at);
  const isNew = kind !== "STOP" && kind !== "STANDING" && random.chance(0.4);
  const id = `01935e00-0000-7000-8000-0000000007${random.whole(10, 99)}`;
  const chain = isNew ? `${kind}#${id}` : model.chain;
  const named = { AUDIT: "requestId", EVID: "requestId", DELEG: "delegationId" } as const;
  const name = named[kind as keyof typeof named] ?? "chain";
  const whole = isNew ? { ...dated, [name]: id } : dated;
  return {
    deed: shift === 0 ? endOf(kind, whole, "add") : shift < 0 ? "back-date" : "forward-date",
    what: `adds a record to ${chain}, dated ${at}, ${said(how)}: ${JSON.stringify(whole)}`,
    act: (place) => {
      const items = itemsOf(place, chain);
      const last = items.at(-1);
      const seq = (last ? seqOf(last) : 0) + 1;
      const placed = { ...whole, seq, previousHash: last?.body["hash"] ?? CHAIN_START };
      putBack(place, chain, [...items, { body: placed, isHidden: false }], items.length, how);
    },
  };
}

/** A record that says another instant everywhere where it said its own. */
function withInstant(body: Body, at: string): Body {
  const text = JSON.stringify(body).replaceAll(JSON.stringify(body["at"]), JSON.stringify(at));
  return { ...(JSON.parse(text) as Body), at };
}

/** Changes one record, in its place. */
const onOne =
  (
    { chain, record: { seq } }: ArchivedRecord,
    how: Hashes,
    made: (item: Item) => readonly Item[],
  ) =>
  (place: Place) => {
    const items = itemsOf(place, chain);
    const from = items.findIndex((item) => seqOf(item) === seq);
    if (from < 0) return;
    putBack(
      place,
      chain,
      items.flatMap((item, at) => (at === from ? made(item) : [item])),
      from,
      how,
    );
  };

const nameOf = ({ chain, record }: ArchivedRecord) => `${record.seq} of ${chain}`;

function changes({ random, kind, day }: Aim): Made {
  const one = random.pick(ofKind(day, kind));
  const pool = textsOf(day.records.map(bodyOf));
  const how = anyHashes(random);
  const { body, paths } = changedBody(random, bodyOf(one), pool, random.whole(1, 2));
  return {
    deed: endOf(kind, body, "change", bodyOf(one)),
    what: `changes ${paths.join(", ")} of ${nameOf(one)}, ${said(how)}: ${JSON.stringify(body)}`,
    paths: paths.map((path) => `${kind} ${path}`),
    act: onOne(one, how, (item) => {
      const { seq, hash, previousHash } = item.body;
      return [{ ...item, body: { ...body, seq, hash, previousHash } }];
    }),
  };
}

function dates({ random, kind, day }: Aim): Made {
  const one = random.pick(ofKind(day, kind));
  const how = anyHashes(random);
  const seconds = random.pick([-1, 1]) * random.pick([20, 60, HOUR, 24 * HOUR, 5 * 24 * HOUR]);
  const at = movedBy(one.record.at, seconds);
  const isEverywhere = random.chance(0.5);
  return {
    deed: seconds < 0 ? "back-date" : "forward-date",
    what: `dates ${nameOf(one)} ${at}${isEverywhere ? " everywhere" : ""}, ${said(how)}`,
    ...(Math.abs(seconds) <= 30 ? { paths: [`${kind} at`] } : {}),
    act: onOne(one, how, (item) => [
      { ...item, body: isEverywhere ? withInstant(item.body, at) : { ...item.body, at } },
    ]),
  };
}

function hides({ random, kind, day }: Aim): Made {
  const one = random.pick(ofKind(day, kind));
  const isAll = random.chance(0.3);
  return {
    deed: "suppress",
    what: `takes ${isAll ? `all of ${one.chain}` : nameOf(one)} off the index`,
    act: (place) => {
      const { chain, record } = one;
      const items = itemsOf(place, chain).map((item) =>
        isAll || seqOf(item) === record.seq ? { ...item, isHidden: true } : item,
      );
      putBack(place, chain, items, items.length, "stale");
    },
  };
}

function deletes({ random, kind, day }: Aim): Made {
  const one = random.pick(ofKind(day, kind));
  const how = anyHashes(random);
  return {
    deed: "delete",
    what: `deletes ${nameOf(one)}, ${said(how)}`,
    isDeletion: true,
    act: onOne(one, how, () => []),
  };
}

function reorders({ random, kind, day }: Aim): Made {
  const { chain } = random.pick(ofKind(day, kind));
  const [how, keepsTimes] = [anyHashes(random), random.chance(0.5)];
  const [a, b] = [random.fraction(), random.fraction()];
  return {
    deed: "reorder",
    what: `exchanges two records of ${chain}${keepsTimes ? ", and not their times" : ""}, ${said(how)}`,
    act: (place) => {
      const items = itemsOf(place, chain);
      const [one, other] = [a, b].map((part) => Math.floor(part * items.length));
      if (one === undefined || other === undefined || one === other) return;
      const swapped = items.map((item, at) => {
        const from = items[at === one ? other : at === other ? one : at] ?? item;
        const { seq, at: time } = item.body;
        return { ...from, body: { ...from.body, seq, ...(keepsTimes ? { at: time } : {}) } };
      });
      putBack(place, chain, swapped, Math.min(one, other), how);
    },
  };
}

const MADE = [adds, adds, changes, changes, changes, dates, hides, deletes, reorders] as const;

/** Any write to records of a kind. */
export function anyRecordWrite(aim: Aim): AnyWrite & { readonly act: Made["act"] } {
  const { isDeletion, ...made } = aim.random.pick(MADE)(aim);
  const [put, remove] = KINDS[aim.kind];
  return { ...made, rights: [isDeletion ? remove : put], forge: made.act };
}
