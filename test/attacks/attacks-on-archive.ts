/** Attacks on the archive: objects, seals, and work that archive leaves undone. */

import { type SealedDay, sealText } from "../../shared/domain/evidence/archive/seal.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import type { World } from "./archive-days.ts";
import type { Attack } from "./attack.ts";
import { chainOf } from "./forgeries.ts";
import { DAY } from "./recorded-day.ts";

const SEAL = `seals/${DAY}.json`;

const put = ({ store }: World, key: string, lines: readonly string[]) => {
  store.objects.set(key, lines);
};

/** A record of an event that the table never had. */
export const forged = (at: string) =>
  chainOf("AUDIT#never", [
    {
      type: "request",
      at,
      actor: "bob",
      details: {},
      requestId: "never",
      schema: 1,
      from: null,
      to: "pending",
    },
  ]);
const forgedLine = (at: string) => forged(at).map((one) => JSON.stringify(one));

/** A seal that says something else, by the true key. */
async function sealedAgain({ store, signer }: World, key: string, as = SEAL): Promise<void> {
  const sealed = JSON.parse(store.objects.get(key)?.[0] ?? "{}") as SealedDay;
  const seal = { ...sealed.seal, counts: { "AUDIT/ask": 1 } };
  const signature = await signer.sign(sealText(seal));
  store.objects.set(as, [JSON.stringify({ ...sealed, seal, signature })]);
}

const ATTACKS: readonly Omit<Attack, "outside">[] = [
  {
    deed: "add",
    what: "puts an object with a record that the table does not have",
    rights: ["put an object"],
    forge: (world) =>
      put(world, `records/${DAY}/${DAY}T10/0009.ndjson.gz`, forgedLine(`${DAY}T10:30:00.000Z`)),
  },
  {
    deed: "change",
    what: "puts an object over another",
    rights: ["put over an object"],
    moments: ["archived", "sealed"],
    forge: (world) =>
      put(world, `records/${DAY}/${DAY}T10/0001.ndjson.gz`, forgedLine(`${DAY}T10:30:00.000Z`)),
  },
  {
    deed: "delete",
    what: "deletes an object",
    rights: ["delete an object", "delete a version"],
    moments: ["archived", "sealed"],
    forge: ({ store }) => store.objects.delete(`records/${DAY}/${DAY}T10/0001.ndjson.gz`),
  },
  {
    deed: "reorder",
    what: "puts an object over another, with its lines in another order and all hashes",
    rights: ["put over an object"],
    moments: ["archived", "sealed"],
    forge: (world) => {
      const key = `records/${DAY}/${DAY}T10/0001.ndjson.gz`;
      const lines = world.store.objects.get(key) ?? [];
      put(world, key, [...forgedLine(`${DAY}T10:30:00.000Z`), ...lines]);
    },
  },
  {
    deed: "back-date",
    what: "puts an object under a day that is sealed",
    rights: ["put an object"],
    moments: ["sealed"],
    forge: (world) =>
      put(world, `records/${DAY}/${DAY}T09/0009.ndjson.gz`, forgedLine(`${DAY}T09:30:00.000Z`)),
  },
  {
    deed: "forward-date",
    what: "puts an object of an hour to come",
    rights: ["put an object"],
    forge: (world) =>
      put(
        world,
        "records/2026-11-25/2026-11-25T20/0009.ndjson.gz",
        forgedLine("2026-11-25T20:30:00.000Z"),
      ),
  },
  {
    deed: "forward-date",
    what: "seals a day to come",
    rights: ["put an object", "sign"],
    moments: ["sealed"],
    forge: async (world) => {
      const sealed = JSON.parse(world.store.objects.get(SEAL)?.[0] ?? "{}") as SealedDay;
      const seal = { ...sealed.seal, day: "2027-01-15" };
      const signature = await world.signer.sign(sealText(seal));
      put(world, "seals/2027-01-15.json", [canonicalJson({ ...sealed, seal, signature } as never)]);
    },
  },
  {
    deed: "suppress",
    what: "archives and seals nothing more",
    rights: ["be archive"],
    replacesArchive: true,
  },
  {
    deed: "suppress",
    what: "puts an empty object in the place of an hour",
    rights: ["put an object"],
    moments: ["fresh"],
    forge: (world) => put(world, `records/${DAY}/${DAY}T10/0001.ndjson.gz`, []),
  },
  {
    deed: "re-seal",
    what: "seals a day again beside its seal",
    rights: ["put an object", "sign"],
    moments: ["sealed"],
    forge: (world) => sealedAgain(world, SEAL, `seals/${DAY}_again.json`),
  },
  {
    deed: "re-seal",
    what: "puts another seal over a seal",
    rights: ["put over an object", "sign"],
    moments: ["sealed"],
    forge: (world) => sealedAgain(world, SEAL),
  },
  {
    deed: "re-seal",
    what: "takes a seal away",
    rights: ["delete an object", "delete a version"],
    moments: ["sealed"],
    replacesArchive: true,
    forge: ({ store }) => store.objects.delete(SEAL),
  },
];

export const ARCHIVE_ATTACKS: readonly Attack[] = ATTACKS.map((attack) => ({
  outside: "versions of objects, a witness, and `PutBucketPolicy` in CloudTrail's own files",
  ...attack,
}));
