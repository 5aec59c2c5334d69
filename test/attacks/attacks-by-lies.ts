/** Archive's own code, which takes another table for the table: it archives and seals what it likes. */
import type { World } from "./archive-days.ts";
import type { Attack } from "./attack.ts";
import { forged } from "./attacks-on-archive.ts";
import {
  append,
  type Body,
  chainOf,
  change,
  exchanged,
  recordsOf,
  rewrite,
  withDetails,
} from "./forgeries.ts";
import { FINDINGS, READINGS } from "./recorded-day.ts";

/** The table, as somebody's code in the place of archive's own pretends that it is. */
const pretend = (world: World, lie: (pretended: World) => unknown) => {
  const pretended = { ...world, table: [...world.table] };
  lie(pretended);
  world.lies = pretended.table;
};

const NEW = "01935e00-0000-7000-8000-000000000777";
const ofGrant = ({ day }: World) => `AUDIT#${day.grant}`;
const ofEvidence = ({ day }: World) => `EVID#${day.grant}`;
const LATER = "2026-11-25T15:00:00.000Z";

/** A delegation that nobody made. */
const delegated = (at: string): Body => ({
  ...{ schema: 1, type: "delegate", delegationId: NEW, actor: "bob", at },
  policyHash: "b".repeat(64),
  details: { to: "alice", from: at, until: at, surface: "api", proof: {} },
});

const moved = (body: Body, seconds: number): string =>
  new Date(Date.parse(String(body["at"])) + seconds * 1_000).toISOString();

const delegationIn = ({ table }: Pick<World, "table">): string =>
  table.find(({ chain }) => chain.startsWith("DELEG#"))?.chain ?? "";

/** The events of one history with all times moved. */
const dated = (world: World, seconds: number): readonly Body[] =>
  recordsOf(world, ofGrant(world)).map((body) => ({
    ...body,
    at: moved(body, seconds),
  }));

type Lie = Pick<Attack, "deed" | "what"> & Required<Pick<Attack, "forge">>;

const LIES: readonly Lie[] = [
  {
    deed: "add",
    what: "archives and seals events that the table never had",
    forge: (world) => pretend(world, ({ table }) => table.push(...forged(world.now))),
  },
  {
    deed: "change",
    what: "archives and seals events that are not the table's",
    forge: (world) =>
      pretend(world, (pretended) =>
        change(pretended, `AUDIT#${world.day.grant}`, 2, (body) => ({ ...body, actor: "carol" })),
      ),
  },
  {
    deed: "suppress",
    what: "leaves a history out of what it archives and seals",
    forge: (world) =>
      pretend(world, (pretended) => rewrite(pretended, `AUDIT#${world.day.denied}`, [])),
  },
  {
    deed: "un-find",
    what: "leaves findings out of what it archives and seals",
    forge: (world) => pretend(world, (pretended) => rewrite(pretended, `FIND#${FINDINGS}`, [])),
  },
  {
    deed: "add",
    what: "archives and seals a confirmation that the table never had",
    forge: (world) =>
      pretend(world, (pretended) =>
        append(pretended, ofEvidence(world), {
          ...recordsOf(world, ofEvidence(world))[0],
          details: { eksRequestId: "x", eventId: "never", eventTime: world.now, sha256: "" },
        }),
      ),
  },
  {
    deed: "add",
    what: "archives and seals a reading that the table never had",
    forge: (world) =>
      pretend(world, (pretended) =>
        append(
          pretended,
          READINGS,
          withDetails(recordsOf(world, READINGS)[1] ?? {}, { content: null }),
        ),
      ),
  },
  {
    deed: "change",
    what: "archives and seals evidence that is not the table's",
    forge: (world) =>
      pretend(world, (pretended) =>
        change(pretended, ofEvidence(world), 1, (body) => withDetails(body, { eventId: "never" })),
      ),
  },
  {
    deed: "change",
    what: "archives and seals a reading that is not the table's",
    forge: (world) =>
      pretend(world, (pretended) =>
        change(pretended, READINGS, 2, (body) => withDetails(body, { content: null })),
      ),
  },
  {
    deed: "change",
    what: "archives and seals a delegation to somebody else",
    forge: (world) =>
      pretend(world, (pretended) =>
        change(pretended, delegationIn(world), 1, (body) => withDetails(body, { to: "dave" })),
      ),
  },
  {
    deed: "reorder",
    what: "archives and seals two events in each other's place",
    forge: (world) =>
      pretend(world, (pretended) =>
        rewrite(pretended, ofGrant(world), exchanged(recordsOf(world, ofGrant(world)), 2, 3)),
      ),
  },
  {
    deed: "reorder",
    what: "archives and seals the events of two confirmations exchanged",
    forge: (world) =>
      pretend(world, (pretended) => {
        const [first = {}, second = {}, ...rest] = recordsOf(world, ofEvidence(world));
        const swapped = [
          withDetails(first, { eventId: inside(second) }),
          withDetails(second, { eventId: inside(first) }),
        ];
        rewrite(pretended, ofEvidence(world), [...swapped, ...rest]);
      }),
  },
  ...(["back-date", "forward-date"] as const).map(
    (deed): Lie => ({
      deed,
      what: "archives and seals a history with other times",
      forge: (world) =>
        pretend(world, (pretended) =>
          rewrite(pretended, ofGrant(world), dated(world, deed === "back-date" ? -600 : 600)),
        ),
    }),
  ),
  ...(["back-date", "forward-date"] as const).map(
    (deed): Lie => ({
      deed,
      what: "archives and seals a delegation with another time",
      forge: (world) =>
        pretend(world, (pretended) =>
          change(pretended, delegationIn(world), 1, (body) => ({
            ...body,
            at: moved(body, deed === "back-date" ? -20 : 20),
          })),
        ),
    }),
  ),
  {
    deed: "forward-date",
    what: "archives a delegation of tomorrow that the table never had",
    forge: (world) =>
      pretend(world, ({ table }) => table.push(...chainOf(`DELEG#${NEW}`, [delegated(LATER)]))),
  },
];

const inside = (body: Body): unknown => (body["details"] as Body)["eventId"];

export const LYING_ATTACKS: readonly Attack[] = LIES.map((lie) => ({
  outside: "versions of objects, a witness, and `PutBucketPolicy` in CloudTrail's own files",
  rights: ["be archive"],
  moments: ["fresh"],
  ...lie,
}));
