/** Whether one more grant has room on its access entry, and what is named to end first. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { longEdit } from "../../../../lab/fakes/shared-entry.ts";
import { grantBytes, ROOM_BYTES, reservedBytes } from "../../../../shared/domain/entries/bounds.ts";
import {
  roomBeside,
  tooMuchBeside,
  tooMuchOnOneEntry,
} from "../../../../shared/domain/policy/entry-room.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

/** An active grant of `count` long namespaces. */
const grant = (at: number, count: number, more: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest({ id: countedId(at), access: longEdit(`t${at}`, count) }),
  state: "active",
  ...more,
});
const asking = aRequest({ id: countedId(99), access: edit("payments-api") });
const endFirst = (open: readonly AccessRequest[], missing: number) =>
  tooMuchOnOneEntry(asking, roomBeside(asking) + missing, open).facts["endFirst"];

describe("The room on an entry", () => {
  it("A grant has room beside others up to the last byte", () => {
    expect(roomBeside(asking)).toBe(ROOM_BYTES - grantBytes(asking));
    const many = Array.from({ length: 200 }, (_, at) => grant(at, 50));
    const fitting = many.findIndex(
      (_, at) => reservedBytes(many.slice(0, at + 1)) > roomBeside(asking),
    );
    expect(fitting).toBeGreaterThan(0);
    expect(tooMuchBeside(asking, many.slice(0, fitting))).toBeUndefined();
    expect(tooMuchBeside(asking, many.slice(0, fitting + 1))).toMatchObject({
      code: "too-much-on-one-entry",
      facts: {
        cluster: "prod",
        reservedBytes: reservedBytes(many.slice(0, fitting + 1)),
        neededBytes: grantBytes(asking),
        mostBytes: ROOM_BYTES,
      },
    });
  });

  it("The text says kilobytes, rounded up", () => {
    const { message } = tooMuchOnOneEntry(asking, 10 * 1_024 + 1);
    expect(message).toContain("take 11 KB of the ");
    expect(message).toContain(`of the ${Math.ceil(ROOM_BYTES / 1_024)} KB`);
    expect(message).toContain(`this one needs ${Math.ceil(grantBytes(asking) / 1_024)} KB`);
  });
});

describe("The grants to end first", () => {
  const [small, middle, large] = [grant(1, 1), grant(2, 10), grant(3, 50)];

  it("They are the requester's largest, as many as make the missing room", () => {
    const open = [small, large, middle];
    expect(endFirst(open, 1)).toEqual([large.id]);
    expect(endFirst(open, grantBytes(large))).toEqual([large.id]);
    expect(endFirst(open, grantBytes(large) + 1)).toEqual([large.id, middle.id]);
    expect(endFirst(open, 1_000_000)).toEqual([large.id, middle.id, small.id]);
    expect(endFirst(open, 0)).toEqual([]);
  });

  it("None of others, none that is ending, and five at most", () => {
    expect(endFirst([grant(4, 50, { requester: "dora" }), small], 1)).toEqual([small.id]);
    expect(endFirst([grant(4, 50, { state: "ending" }), small], 1)).toEqual([small.id]);
    const many = Array.from({ length: 8 }, (_, at) => grant(at, 10));
    expect(endFirst(many, 1_000_000)).toEqual(many.slice(0, 5).map(({ id }) => id));
  });

  it("The text names them, or says what to wait for", () => {
    const roomBy = (open: readonly AccessRequest[]) =>
      tooMuchOnOneEntry(asking, ROOM_BYTES, open).message.split("ask for fewer namespaces, or ")[1];
    expect(roomBy([large, small])).toBe(`end ${large.id} first.`);
    expect(roomBy([])).toBe("wait until grants of others there have ended.");
  });
});
