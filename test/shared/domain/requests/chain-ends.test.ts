/** The steps that end chains of extensions. */
import { describe, expect, it } from "vitest";
import { MOST_EXTENSIONS } from "../../../../shared/domain/policy/extension.ts";
import { endsOf, lastInChain } from "../../../../shared/domain/requests/chain-ends.ts";
import type { State } from "../../../../shared/domain/requests/request.ts";

/** A request of a chain, as `id` or `id>the one that it extends`, made in the order of the ids. */
const link = (text: string, state: State = "active") => {
  const [id = "", before] = text.split(">");
  return {
    id,
    state,
    createdAt: `2026-11-24T10:0${id}:00.000Z`,
    ...(before === undefined ? {} : { extends: before }),
  };
};
const orders = <Item>([first, ...rest]: readonly Item[]): readonly (readonly Item[])[] =>
  first === undefined
    ? [[]]
    : orders(rest).flatMap((each) =>
        Array.from({ length: each.length + 1 }, (_, at) => each.toSpliced(at, 0, first)),
      );
const shown = (requests: Parameters<typeof endsOf>[0], isOwn: boolean) =>
  endsOf(requests, isOwn).map(({ verb, request, others }) =>
    [verb, request.id, ...others.map(({ id }) => id)].join(" "),
  );

describe("The last of a chain", () => {
  it("It is the one that no other extends, in whatever order they come", () => {
    for (const chain of orders([link("1"), link("2>1"), link("3>2")]))
      expect(lastInChain(chain)?.id).toBe("3");
    expect(lastInChain([link("3>2"), link("1")])?.id).toBe("3");
  });

  it("In a circle any is the last, and an empty chain has no last", () => {
    expect(lastInChain([link("1>2"), link("2>1")])).toBeDefined();
    expect(lastInChain([])).toBeUndefined();
  });
});

describe("The ends of chains", () => {
  const chain = [link("1"), link("2>1"), link("3>2", "pending")];

  it("One call ends a chain: the return of its last active grant, in whatever order they come", () => {
    for (const each of orders(chain)) expect(shown(each, true)).toEqual(["return 2 1 3"]);
  });

  it("Somebody else revokes the last that is approved or active", () => {
    for (const each of orders(chain)) expect(shown(each, false)).toEqual(["revoke 2 1 3"]);
    const approved = [link("1"), link("2>1", "approved")];
    expect(shown(approved, false)).toEqual(["revoke 2 1"]);
    expect(shown(approved, true)).toEqual(["return 1 2"]);
  });

  it("Without active access a requester cancels each, and nobody else ends what waits", () => {
    const waiting = [link("1", "approved"), link("2>1", "pending")];
    expect(shown(waiting, true)).toEqual(["cancel 1", "cancel 2"]);
    expect(shown([link("1", "pending"), link("2>1", "pending")], false)).toEqual([]);
  });

  it("One end reaches the longest chain that a rule allows, and leaves what others wrote beyond it", () => {
    const chainOf = (length: number) =>
      Array.from({ length }, (_, at) => link(at === 0 ? "0" : `${letter(at)}>${letter(at - 1)}`));
    const letter = (at: number) => at.toString(36);
    const most = MOST_EXTENSIONS + 1;
    const end = (last: number, first: number) =>
      ["return", last, ...Array.from({ length: last - first }, (_, at) => first + at)]
        .map((each) => (typeof each === "number" ? letter(each) : each))
        .join(" ");
    expect(shown(chainOf(most), true)).toEqual([end(most - 1, 0)]);
    expect(shown(chainOf(most + 1), true)).toEqual([end(most, 1), end(0, 0)]);
  });

  it("Chains end in the order in which their requests were made", () => {
    for (const each of orders([link("1"), link("2"), link("3>1")]))
      expect(shown(each, true)).toEqual(["return 3 1", "return 2"]);
  });

  it("An extension whose grant is not among them is a chain of its own", () => {
    expect(shown([link("2>1"), link("3")], true)).toEqual(["return 2", "return 3"]);
  });
});
