/** The requests of one chain, in a table that could name a circle. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { MOST_EXTENSIONS } from "../../../../shared/domain/policy/extension.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { chainUpTo, othersInChain } from "../../../../shared/usecases/requests/grant-chain.ts";

const at = (hours: number) => plusSeconds(T0, hours * 3_600);
/** The grant of this hour, which extends the one before and is extended by the one after. */
const link = (hour: number, more: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest({ id: `g${hour}`, createdAt: at(hour - 0.5) }),
  state: "active",
  approvedAt: at(hour),
  ...(hour === 0 ? {} : { extends: `g${hour - 1}` }),
  ...(hour === 3 ? {} : { extendedBy: `g${hour + 1}` }),
  ...more,
});
function tableOf(all: readonly AccessRequest[], pending: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  return {
    asked,
    load: async (id: string) => {
      asked.push(id);
      const found = all.find((each) => each.id === id);
      if (!found) throw new Error(`There is no ${id}.`);
      return found;
    },
    pendingExtension: async (id: string) => pending[id],
  };
}
const chain = [0, 1, 2, 3].map((hour) => link(hour));
const grant = (hour: number) => {
  const found = chain[hour];
  if (!found) throw new Error("The chain is shorter.");
  return found;
};

describe("A chain up to one of its grants", () => {
  it("It began with the first one's access, and has each extension since", async () => {
    const requests = tableOf(chain);
    for (const hour of [0, 1, 2, 3])
      expect(await chainUpTo(requests, grant(hour))).toEqual({ since: T0, extensions: hour });
  });

  it("It began when the first was made, where that was never approved", async () => {
    const first = link(0, { approvedAt: null });
    expect(await chainUpTo(tableOf([first]), link(1))).toEqual({ since: at(-0.5), extensions: 1 });
  });

  it("A chain is followed so far as a rule can extend, and no further", async () => {
    const long = Array.from({ length: MOST_EXTENSIONS + 3 }, (_, hour) => link(hour));
    const requests = tableOf(long);
    const last = long.at(-1);
    if (!last) throw new Error("There is no chain.");
    expect((await chainUpTo(requests, last)).extensions).toBe(MOST_EXTENSIONS);
    expect(requests.asked).toHaveLength(MOST_EXTENSIONS);
  });

  it.each([
    ["of two", [link(1, { extends: "g2" }), link(2, { extends: "g1" })], ["g2"]],
    ["of itself", [link(1, { extends: "g1", extendedBy: "g1" })], []],
    [
      "that it leads into",
      [link(1, { extends: "g2" }), link(2, { extends: "g3" }), link(3, { extends: "g2" })],
      ["g2", "g3"],
    ],
  ] as const)("A circle %s names each request once", async (_, circle, others) => {
    const requests = tableOf(circle);
    const [one] = circle;
    const found = await othersInChain(requests, one);
    expect(found.map(({ id }) => id)).toEqual(others);
  });
});

describe("The others of a chain", () => {
  const others = async (of: AccessRequest, all = chain, pending = {}) =>
    (await othersInChain(tableOf(all, pending), of)).map(({ id }) => id);

  it("They are those before and after that may still give access", async () => {
    expect(await others(grant(1))).toEqual(["g0", "g2", "g3"]);
    expect(await others(grant(3))).toEqual(["g2", "g1", "g0"]);
    for (const state of ["ending", "ended", "failed", "denied"] as const)
      expect(await others(grant(1), [link(0, { state }), grant(1), grant(2), grant(3)])).toEqual([
        ...["g2", "g3"],
      ]);
  });

  it("An extension that is pending or approved is one of them", async () => {
    for (const state of ["pending", "approved"] as const) {
      const { extendedBy: _, ...last } = link(0);
      const extension = link(1, { state });
      const { extendedBy: _by, ...open } = extension;
      const pending = state === "pending" ? { g0: "g1" } : {};
      const from = state === "pending" ? last : link(0);
      expect(await others(from, [from, open], pending)).toEqual(["g1"]);
    }
  });

  it("It ends at an id without a request, and not where the table does not answer", async () => {
    const failing = (error: Error) => ({
      ...tableOf(chain),
      load: async () => Promise.reject(error),
    });
    const none = failing(new BrokerError("request-not-found", "There is none."));
    expect(await othersInChain(none, grant(1))).toEqual([]);
    for (const error of [new Error("no answer"), new BrokerError("dependency-unavailable", "no")])
      await expect(othersInChain(failing(error), grant(1))).rejects.toBe(error);
  });

  it("Only an active grant is asked for a pending extension", async () => {
    const { extendedBy: _, ...alone } = link(0, { state: "ending" });
    expect(await others(alone, [alone, link(1)], { g0: "g1" })).toEqual([]);
  });
});
