/** Access that goes while its grant lasts, and nobody took it. */
import { expect, it } from "vitest";
import { verdictsOn } from "../../../../lab/chaos/judge/judgements.ts";
import type { Seen } from "../../../../lab/chaos/judge/seen.ts";
import { ALICE, at, CLEAN, presence } from "../clean-run.ts";

const broken = (over: Partial<Seen>) =>
  verdictsOn({ ...CLEAN, ...over })
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
const gone: Partial<Seen> = {
  presences: [presence({ to: at(10) }), presence({ from: at(14) })],
};

it("Lent access stays until its end", () => {
  expect(broken(gone)).toEqual(["kept"]);
  expect(broken({ presences: [presence({ to: at(10) })] })).toEqual(["kept"]);
  expect(broken({ presences: [] })).toEqual(["kept"]);
  expect(broken({ presences: [presence({ to: at(10) }), presence({ from: at(11) })] })).toEqual([]);
  expect(broken({ presences: [presence({ from: at(4), to: at(29) })] })).toEqual([]);
});

it("It may go where others took it, where its cluster went, and where an end of a run held up its repair", () => {
  const claim = {
    claim: 1,
    cluster: "prod",
    principalArn: ALICE,
    askedAt: at(9),
    madeAt: at(9.5),
    isEntryTheirs: false,
    elements: [],
  };
  expect(broken({ ...gone, strips: [{ life: 1, at: at(9.8) }] })).toEqual([]);
  expect(broken({ ...gone, strips: [{ life: 2, at: at(9.8) }] })).toEqual(["kept"]);
  expect(broken({ ...gone, claims: [claim] })).toEqual([]);
  expect(broken({ ...gone, remade: [{ cluster: "prod", at: at(9), until: at(12) }] })).toEqual([]);
  const killed = { from: at(9), to: at(9), holdsUpSeconds: 13, what: "converge was killed" };
  expect(broken({ ...gone, disturbances: [killed] })).toEqual([]);
});
