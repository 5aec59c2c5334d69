/** The record of a broker with a broken judge contradicts the policy that it names. */
import { expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { loadBroken } from "../../../../lab/simulation/load-mutant.ts";
import { MUTATED_JUDGES, type MutatedJudge } from "./mutated-judges.ts";
import { replayed } from "./played-record.ts";

const broken = ({ name, file, from, to }: MutatedJudge) =>
  loadBroken<{ memoryBroker: typeof memoryBroker }>(["lab/fakes/memory-broker.ts"], {
    name,
    edits: [{ file: `shared/domain/policy/${file}`, from, to }],
  });

it("There are twenty mutated judges at least", () => {
  expect(new Set(MUTATED_JUDGES.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
});

it.each(MUTATED_JUDGES)("A judge that $name is found in its record", async (judge) => {
  const policy = judge.policy ?? aPolicy();
  const other = (await broken(judge)).memoryBroker({ policy });
  await judge.play(other);
  const found = replayed(other, policy, policy);
  expect(found.contradictions.length).toBeGreaterThan(0);
});

it.each(MUTATED_JUDGES)("The judge as it is refuses what one that $name grants", async (judge) => {
  const policy = judge.policy ?? aPolicy();
  const broker = memoryBroker({ policy });
  await judge.play(broker).catch(() => undefined);
  expect(replayed(broker, policy, policy).contradictions).toEqual([]);
});
