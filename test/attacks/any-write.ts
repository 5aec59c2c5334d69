/** Any write to the record: to the audit table, to the archive and its seals, to calls and intents, or by archive's own lies. */
import type { Random } from "../../lab/simulation/random.ts";
import { archiveLine } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { sealText } from "../../shared/domain/evidence/archive/seal.ts";
import { type AnyWrite, anyRecordWrite, type Kind, RECORD_KINDS } from "./any-record-write.ts";
import { changedBody, textsOf } from "./changed-body.ts";
import { type Body, chainOf } from "./forgeries.ts";
import { DAY, type Meddling, type RecordedDay } from "./recorded-day.ts";
import type { Right } from "./rights.ts";

/** Everything that somebody may write to. */
export const TARGETS = [...RECORD_KINDS, "object", "seal", "archive", "call", "intent"] as const;
export type Target = (typeof TARGETS)[number];

/** The right by which one tells whether somebody may write to a target at all. */
export const FIRST_RIGHT: Readonly<Record<Target, Right>> = {
  AUDIT: "put an event",
  EVID: "put evidence",
  FIND: "put a finding",
  DELEG: "put a delegation",
  STOP: "put a suspension",
  STANDING: "put a reading",
  object: "put an object",
  seal: "sign",
  archive: "be archive",
  call: "put a call",
  intent: "put an intent",
};

/** The day and the instant of a write. */
export interface WriteAim {
  readonly random: Random;
  readonly day: RecordedDay;
  readonly now: string;
}

export function anyWrite(aim: WriteAim, target: Target): AnyWrite {
  if (target === "object") return anyObject(aim);
  if (target === "seal") return anySeal(aim);
  if (target === "archive") return anyLie(aim);
  if (target === "call" || target === "intent") return anyCall(aim, target);
  return anyRecordWrite({ ...aim, kind: target });
}

/** Archive's own code, which takes another table for the table from then on. */
function anyLie({ random, ...aim }: WriteAim): AnyWrite {
  const kind: Kind = random.pick(RECORD_KINDS);
  const { deed, what, paths, act } = anyRecordWrite({ random, ...aim, kind });
  const isLeftOut = deed === "delete";
  return {
    deed: isLeftOut ? "suppress" : deed,
    what: `archives as if somebody ${what}`,
    rights: ["be archive"],
    ...(paths ? { paths } : {}),
    isLie: true,
    forge: (world) => {
      const lies = { table: [...(world.lies ?? world.table)], hidden: [...world.hidden] };
      act(lies);
      world.lies = lies.table;
    },
  };
}

const HOURS = ["09", "10", "11", "12", "20"];

function anyObject({ random, day, now }: WriteAim): AnyWrite {
  const hour = `${random.pick([DAY, "2026-11-25"])}T${random.pick(HOURS)}`;
  const sealDay = random.chance(0.8) ? hour.slice(0, DAY.length) : random.pick([DAY, "2026-11-25"]);
  const key = `records/${sealDay}/${hour}/000${random.pick([1, 2, 9])}.ndjson.gz`;
  const lines = anyLines(random, day, `${hour}:30:00.000Z`);
  const isSealed = sealDay === DAY && now.slice(0, DAY.length) > DAY;
  const deed =
    lines.length === 0
      ? "suppress"
      : `${hour}:59` > now
        ? "forward-date"
        : isSealed
          ? "back-date"
          : "add";
  const [isOver, isGone] = [random.chance(0.2), random.chance(0.15)];
  if (isGone)
    return {
      ...{ deed: "delete", what: `deletes ${key}`, isObject: true },
      rights: ["delete an object", "delete a version"],
      forge: ({ store }) => store.objects.delete(key),
    };
  return {
    deed: isOver ? "change" : deed,
    what: `puts ${key}${isOver ? " over another" : ""}: ${lines.join(" ") || "nothing"}`,
    rights: [isOver ? "put over an object" : "put an object"],
    isObject: true,
    forge: ({ store }) => {
      if (isOver || !store.objects.has(key)) store.objects.set(key, lines);
    },
  };
}

/** Lines of an object: of records that the table never had, or has otherwise; of no records, or no lines. */
function anyLines(random: Random, day: RecordedDay, at: string): readonly string[] {
  if (random.chance(0.15)) return [];
  if (random.chance(0.1)) return ["{}"];
  const pool = textsOf(day.records.map(({ record }) => record as unknown as Body));
  const one = random.pick(day.records);
  const { body } = changedBody(random, one.record as unknown as Body, pool, random.whole(0, 2));
  const chain = random.chance(0.5) ? one.chain : "AUDIT#never";
  return chainOf(chain, [{ ...body, at }]).map(archiveLine);
}

function anySeal({ random, now }: WriteAim): AnyWrite {
  const isOver = random.chance(0.3);
  const day = isOver ? DAY : random.pick([DAY, "2026-11-25", "2026-11-26", "2027-01-15"]);
  const key = isOver ? `seals/${DAY}.json` : `seals/${day}${random.pick(["", "_again"])}.json`;
  const counts = { "AUDIT/request": random.whole(1, 9) };
  return {
    deed: day >= now.slice(0, DAY.length) ? "forward-date" : "re-seal",
    what: `puts ${key}, a seal of ${day}`,
    rights: [isOver ? "put over an object" : "put an object", "sign"],
    isObject: true,
    forge: async ({ store, signer }) => {
      const text = store.objects.get(`seals/${DAY}.json`)?.[0];
      if (text === undefined || (!isOver && store.objects.has(key))) return;
      const sealed = JSON.parse(text) as SealedDay;
      const seal = { ...sealed.seal, day, counts };
      const signature = await signer.sign(sealText(seal));
      store.objects.set(key, [JSON.stringify({ ...sealed, seal, signature })]);
    },
  };
}

/** Stored calls and intents, before CloudTrail's events of them come. */
function anyCall({ random, day }: WriteAim, target: "call" | "intent"): AnyWrite {
  const pool = textsOf(day.records.map(({ record }) => record as unknown as Body));
  const isGone = random.chance(0.3);
  const meddle: NonNullable<Meddling["meddle"]> = async ({ evidence: { kept } }) => {
    const [calls, waiting, intents] = kept;
    const ofEntries = [...(intents?.values() ?? [])] as readonly Map<string, Body>[];
    const all = target === "call" ? [calls as Map<string, Body>] : ofEntries;
    const places = all.flatMap((items) => [...items.keys()].map((key) => ({ items, key })));
    if (places.length === 0) return [];
    const { items, key } = random.pick(places);
    if (!isGone) items.set(key, changedBody(random, items.get(key) ?? {}, pool, 1).body);
    else items.delete(key);
    if (isGone && target === "call") waiting?.delete(key);
    return [];
  };
  return {
    deed: isGone ? "delete" : "change",
    what: `${isGone ? "deletes" : "changes"} a stored ${target}`,
    rights: [isGone ? `delete a${target === "call" ? " call" : "n intent"}` : FIRST_RIGHT[target]],
    meddle,
  };
}
