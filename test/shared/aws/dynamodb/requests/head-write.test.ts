/** Changes of a binding's head by the steps of its requests. */
import { describe, expect, it } from "vitest";
import { anApproval, aRequest, aStep, STAGING, T0 } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { headCounts, headGrant, headKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import {
  bindingOf,
  type Change,
  headWrite,
} from "../../../../../shared/aws/dynamodb/requests/head-write.ts";
import { grantBytes } from "../../../../../shared/domain/entries/bounds.ts";
import { roomBeside } from "../../../../../shared/domain/policy/entry-room.ts";
import type { AccessRequest, State } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const asked = aRequest();
const approved = anApproval(asked, plusSeconds(T0, 10)).request;
const at = (seconds: number) => ({ at: plusSeconds(T0, seconds) });
const active = aStep(approved, { type: "activate", ...at(20) }).request;
const ending = aStep(active, { type: "revoke", ...at(30) }).request;
const ended = aStep(ending, { type: "settle", ...at(40) }).request;
const { open, ending: endings } = headCounts("alice");
const change = (from: State | null, request: AccessRequest): Change => ({
  from,
  request,
  events: [],
});

/** The clauses of the update with names and values in place of their placeholders. */
function written(changes: readonly Change[], capacity?: Parameters<typeof headWrite>[2]) {
  const [write] = headWrite("requests", changes, capacity);
  if (!write || !("Update" in write.item)) return undefined;
  const update = write.item.Update;
  if (!update) return undefined;
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = update;
  const clauses: Record<string, Record<string, unknown>> = {};
  for (const [, verb = "", list = ""] of (update.UpdateExpression ?? "").matchAll(
    /(SET|REMOVE|ADD) (.*?)(?= SET | REMOVE | ADD |$)/g,
  ))
    clauses[verb] = Object.fromEntries(
      list.split(", ").map((part) => {
        const [name = "", value] = part.split(/ = | /);
        return [names[name] ?? name, value === undefined ? "removed" : values[value]];
      }),
    );
  const condition = update.ConditionExpression?.replace(
    /#n\d+/g,
    (name) => names[name] ?? name,
  ).replace(/:v\d+/g, (value) => String(values[value]));
  return { ...clauses, ...(condition === undefined ? {} : { condition }), key: update.Key, write };
}

describe("The head of a binding", () => {
  it("A request that can give no access changes none", () => {
    expect(headWrite("requests", [change(null, asked)])).toEqual([]);
    const denied = aStep(asked, { type: "deny" }).request;
    expect(headWrite("requests", [change("pending", denied)])).toEqual([]);
    expect(headWrite("requests", [])).toEqual([]);
  });

  it("An approval makes it due at once, for an addition, and counts the grant and what it may take", () => {
    const found = written([change("pending", approved)]);
    expect(found?.key).toEqual(headKey(bindingOf(approved)));
    expect(found).toMatchObject({
      SET: {
        schema: 1,
        attempts: 0,
        dueSk: approved.updatedAt,
        dueFor: "addition",
        clusterArn: approved.cluster.arn,
        principalArn: approved.principalArn,
        [headGrant(approved.id)]: approved.version,
      },
      ADD: { version: 1, [open]: 1, reservedBytes: grantBytes(approved) },
    });
    expect(found).not.toHaveProperty("REMOVE");
    expect(found?.["SET" as never]).not.toHaveProperty("removalSk");
  });

  it("An end makes it due for a removal too, and moves the count", () => {
    const found = written([change("active", ending)]);
    expect(found).toMatchObject({
      SET: { dueSk: ending.updatedAt, removalSk: ending.updatedAt },
      ADD: { version: 1, [open]: -1, [endings]: 1 },
    });
    expect(found?.["SET" as never]).not.toHaveProperty("dueFor");
    expect(found?.["ADD" as never]).not.toHaveProperty("reservedBytes");
  });

  it("Any other step makes it due, and changes no count", () => {
    for (const [from, request] of [
      ["approved", active],
      ["active", active],
      ["ending", ending],
    ] as const) {
      const found = written([change(from, request)]);
      expect(found?.["ADD" as never]).toEqual({ version: 1 });
      expect(found?.["SET" as never]).not.toHaveProperty("dueFor");
      expect(found?.["SET" as never]).not.toHaveProperty("removalSk");
    }
  });

  it("A grant that is over leaves it", () => {
    expect(written([change("ending", ended)])).toMatchObject({
      REMOVE: { [headGrant(ended.id)]: "removed" },
      ADD: { version: 1, [endings]: -1 },
    });
  });

  it("Several steps are one change, that of the latest", () => {
    const other = { ...ended, id: countedId(2), cluster: STAGING, updatedAt: plusSeconds(T0, 50) };
    const found = written([
      change("active", ending),
      change("ending", { ...other, cluster: ended.cluster }),
    ]);
    expect(found).toMatchObject({
      SET: {
        dueSk: plusSeconds(T0, 50),
        removalSk: plusSeconds(T0, 50),
        [headGrant(ending.id)]: ending.version,
      },
      REMOVE: { [headGrant(other.id)]: "removed" },
      ADD: { version: 2, [open]: -1 },
    });
    // One grant begins to end, and another is over.
    expect(found).toMatchObject({ ADD: { [endings]: 0 } });
  });
});

describe("The limits of an approval", () => {
  const most = { open: 5, ending: 7 } as never;
  const room = roomBeside(approved);
  const below = (name: string, value: number) =>
    `(attribute_not_exists(${name}) OR ${name} <= ${value})`;

  it("It has room on the entry, and its person has fewer grants than they may", () => {
    expect(written([change("pending", approved)])?.condition).toBe(below("reservedBytes", room));
    expect(written([change("pending", approved)], most)?.condition).toBe(
      [below(open, 4), below(endings, 7), below("reservedBytes", room)].join(" AND "),
    );
  });

  it("No other step has any", () => {
    for (const [from, request] of [
      ["approved", active],
      ["active", ending],
      ["ending", ended],
    ] as const)
      expect(written([change(from, request)], most)).not.toHaveProperty("condition");
  });

  it("The refusal says which of the two it was", () => {
    const refused = written([change("pending", approved)], most)?.write.refused;
    const by = (item: Readonly<Record<string, number>>) =>
      refused?.(
        {
          Item: Object.fromEntries(
            Object.entries(item).map(([name, n]) => [name, { N: String(n) }]),
          ),
        } as never,
        new Error("refused"),
      );
    expect(by({ [open]: 5 })).toMatchObject({ code: "too-many-grants" });
    expect(by({ [open]: 4, [endings]: 8 })).toMatchObject({ code: "too-many-grants" });
    expect(by({ [open]: 4, reservedBytes: room + 1 })).toMatchObject({
      code: "too-much-on-one-entry",
      facts: { reservedBytes: room + 1 },
    });
  });
});
