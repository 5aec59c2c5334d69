import { describe, expect, it } from "vitest";
import {
  type KnownChange,
  lastKnown,
} from "../../../../../shared/domain/evidence/calls/last-known.ts";
import { VIEW } from "../samples.ts";

const ADMIN = VIEW.replace("View", "Admin");
const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`;
const associated = (minute: number, ...elements: readonly string[]): KnownChange => ({
  at: at(minute),
  operation: "AssociateAccessPolicy",
  target: VIEW,
  elements,
});
const ofEntry = (operation: "CreateAccessEntry" | "DeleteAccessEntry", minute: number) => ({
  at: at(minute),
  operation,
  target: null,
  elements: [],
});

describe("What was on a target before", () => {
  it("The latest earlier change of the target counts, in whatever order changes are known", () => {
    const changes = [associated(3, "ns/c"), associated(1, "ns/a"), associated(2, "ns/b")];
    expect(lastKnown(changes, VIEW, "2026-11-24T10:02:59.000Z", at(0))).toEqual(["ns/b"]);
    expect(lastKnown(changes, VIEW, at(4), at(0))).toEqual(["ns/c"]);
  });

  it("Nothing was there after a disassociation, and after the entry was deleted or created", () => {
    const gone = { ...associated(2), operation: "DisassociateAccessPolicy" } as const;
    for (const change of [gone, ofEntry("DeleteAccessEntry", 2), ofEntry("CreateAccessEntry", 2)])
      expect(lastKnown([associated(1, "ns/a"), change], VIEW, at(5), at(0))).toEqual([]);
  });

  it("Nobody knows what was there before one of two changes in the same second", () => {
    const added = { ...associated(2, "cluster"), at: "2026-11-24T10:02:00.700Z" };
    expect(lastKnown([associated(1, "ns/a"), added], VIEW, at(2), at(0))).toBeNull();
    expect(lastKnown([associated(1, "ns/a"), associated(2)], VIEW, at(2), at(0))).toBeNull();
  });

  it("A change of another target says nothing", () => {
    const other = { ...associated(2, "cluster"), target: ADMIN };
    expect(lastKnown([associated(1, "ns/a"), other], VIEW, at(5), at(0))).toEqual(["ns/a"]);
    expect(lastKnown([other], VIEW, at(5), at(0))).toBeNull();
  });

  it("Nobody knows what was there before the first change, or from before what is known", () => {
    expect(lastKnown([], VIEW, at(5), at(0))).toBeNull();
    expect(lastKnown([associated(1, "ns/a")], VIEW, at(5), at(2))).toBeNull();
    expect(lastKnown([associated(1, "ns/a")], null, at(5), at(0))).toBeNull();
  });
});
