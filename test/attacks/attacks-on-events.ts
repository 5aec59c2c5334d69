/** Attacks on steps of people: the events of requests, delegations and suspensions. */
import { idOf } from "../cli/sample-requests.ts";
import type { World } from "./archive-days.ts";
import type { Attack } from "./attack.ts";
import {
  append,
  type Body,
  change,
  exchanged,
  hide,
  recordsOf,
  rewrite,
  withDetails,
} from "./forgeries.ts";
import { READ_ID, SLACK_IDS } from "./recorded-day.ts";

const NEW = idOf(777);
const FORGED = `AUDIT#${NEW}`;
const LATER = "2026-11-25T15:00:00.000Z";
const LONG_BEFORE = "2026-11-19T10:00:00.000Z";

const moved = (at: string, seconds: number) =>
  new Date(Date.parse(at) + seconds * 1_000).toISOString();

const ofDenied = ({ day }: World) => `AUDIT#${day.denied}`;
const ofGrant = ({ day }: World) => `AUDIT#${day.grant}`;

/** A request that nobody made, as one like it was asked for and denied. */
const madeUp = (world: World, at: string, proof: Body, surface: string): readonly Body[] =>
  recordsOf(world, ofDenied(world)).map((body) => ({
    ...withDetails(body, { proof, surface, id: NEW }),
    ...{ requestId: NEW, at },
  }));

const addMadeUp = (world: World, at: string, proof: Body, surface = "api") =>
  rewrite(world, FORGED, madeUp(world, at, proof, surface));

const INVENTED = { gatewayRequestId: "gw-invented=", callerId: "AROABOB:bob" };

const ATTACKS: readonly Omit<Attack, "outside">[] = [
  {
    deed: "add",
    what: "makes up a request with its denial",
    rights: ["put an event"],
    forge: (world) => addMadeUp(world, world.now, INVENTED),
  },
  {
    deed: "add",
    what: "makes up a request as from Slack",
    rights: ["put an event"],
    forge: (world) =>
      addMadeUp(world, world.now, { signedBody: "a".repeat(64), team: "T1", user: "U1" }, "slack"),
  },
  {
    deed: "add",
    what: "makes up a request with the id of somebody's real call that only read",
    rights: ["put an event"],
    forge: (world) =>
      addMadeUp(world, world.now, { gatewayRequestId: READ_ID, callerId: "AROABOB:bob" }),
  },
  {
    deed: "add",
    what: "makes up a request with the id of a click in Slack that only opened a window",
    rights: ["put an event", "be slack"],
    moments: ["fresh"],
    isPublished: true,
    forge: (world) => {
      addMadeUp(world, world.now, INVENTED, "slack");
      for (const [at, gatewayRequestId] of SLACK_IDS.entries())
        change(world, FORGED, at + 1, (body) => withDetails(body, { proof: { gatewayRequestId } }));
    },
  },
  {
    deed: "add",
    what: "makes up a delegation",
    rights: ["put a delegation"],
    forge: (world) =>
      append(world, `DELEG#${NEW}`, {
        ...{ schema: 1, type: "delegate", delegationId: NEW, actor: "bob", at: world.now },
        policyHash: "b".repeat(64),
        details: { to: "alice", from: world.now, until: LATER, surface: "api", proof: INVENTED },
      }),
  },
  {
    deed: "add",
    what: "makes up a suspension",
    rights: ["put a suspension"],
    forge: (world) =>
      append(world, "STOP#ALL", {
        ...{ schema: 1, chain: "ALL", type: "suspend", actor: "bob", at: world.now },
        policyHash: "b".repeat(64),
        details: {
          ...{ person: "alice", reason: "x", surface: "api", proof: INVENTED },
          after: { people: { alice: { by: "bob", at: world.now, reason: "x" } }, drain: null },
        },
      }),
  },
  {
    deed: "change",
    what: "exchanges who approved, with all hashes",
    rights: ["put an event"],
    forge: (world) =>
      change(world, ofGrant(world), 2, (body) => ({
        ...withDetails(body, { person: "carol" }),
        actor: "carol",
      })),
  },
  {
    deed: "change",
    what: "makes an approval of a denial, with all hashes",
    rights: ["put an event"],
    forge: (world) =>
      change(world, ofDenied(world), 2, (body) => ({ ...body, type: "approve", to: "approved" })),
  },
  {
    deed: "change",
    what: "stores an approval where somebody denied, and publishes it so",
    rights: ["put an event", "be api"],
    moments: ["fresh"],
    isPublished: true,
    forge: (world) =>
      change(world, ofDenied(world), 2, (body) => ({ ...body, type: "approve", to: "approved" })),
  },
  {
    deed: "delete",
    what: "deletes events",
    rights: ["delete an event"],
    forge: (world) => rewrite(world, ofDenied(world), []),
  },
  {
    deed: "reorder",
    what: "exchanges two events of a history, with all hashes",
    rights: ["put an event"],
    forge: (world) =>
      rewrite(world, ofGrant(world), exchanged(recordsOf(world, ofGrant(world)), 2, 3)),
  },
  {
    deed: "back-date",
    what: "makes up a request of five days ago",
    rights: ["put an event"],
    forge: (world) => addMadeUp(world, LONG_BEFORE, INVENTED),
  },
  {
    deed: "back-date",
    what: "adds a step of five days ago to a history",
    rights: ["put an event"],
    forge: (world) =>
      append(world, ofGrant(world), {
        ...recordsOf(world, ofGrant(world))[4],
        ...{ type: "attempt", actor: "bob", at: LONG_BEFORE, from: "ended", to: "ended" },
      }),
  },
  {
    deed: "back-date",
    what: "makes up a request of an hour ago",
    rights: ["put an event"],
    forge: (world) =>
      addMadeUp(world, new Date(Date.parse(world.now) - 3_600_000).toISOString(), INVENTED),
  },
  {
    deed: "forward-date",
    what: "makes up a request of tomorrow",
    rights: ["put an event"],
    forge: (world) => addMadeUp(world, LATER, INVENTED),
  },
  {
    deed: "back-date",
    what: "dates an event twenty seconds earlier",
    rights: ["put an event"],
    forge: (world) =>
      change(world, ofGrant(world), 1, (body) => ({ ...body, at: moved(String(body["at"]), -20) })),
  },
  {
    deed: "forward-date",
    what: "dates an event twenty seconds later",
    rights: ["put an event"],
    forge: (world) =>
      change(world, ofGrant(world), 5, (body) => ({ ...body, at: moved(String(body["at"]), 20) })),
  },
  {
    deed: "forward-date",
    what: "dates a suspension twenty seconds later",
    rights: ["put a suspension"],
    forge: (world) =>
      change(world, "STOP#ALL", 2, (body) => ({ ...body, at: moved(String(body["at"]), 20) })),
  },
  {
    deed: "reorder",
    what: "exchanges two suspensions",
    rights: ["put a suspension"],
    forge: (world) => rewrite(world, "STOP#ALL", exchanged(recordsOf(world, "STOP#ALL"), 0, 1)),
  },
  {
    deed: "suppress",
    what: "takes the first event of a history off the index",
    rights: ["put an event"],
    forge: (world) =>
      hide(world, ({ chain, record }) => chain === ofGrant(world) && record.seq === 1),
  },
  {
    deed: "suppress",
    what: "takes the last event of a history off the index",
    rights: ["put an event"],
    forge: (world) =>
      hide(world, ({ chain, record }) => chain === ofGrant(world) && record.seq === 5),
  },
  {
    deed: "suppress",
    what: "takes a whole history off the index",
    rights: ["put an event"],
    forge: (world) => hide(world, ({ chain }) => chain === ofDenied(world)),
  },
];

export const EVENT_ATTACKS: readonly Attack[] = ATTACKS.map((attack) => ({
  outside: "whoever it names, what they were told, and an earlier export",
  ...attack,
}));
