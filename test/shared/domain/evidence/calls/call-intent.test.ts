/** The access of an entry's owner, as stored intents knew it. */
import { expect, it } from "vitest";
import { settings } from "../../../../../lab/fakes/builders.ts";
import {
  type CallIntent,
  ownersAt,
} from "../../../../../shared/domain/evidence/calls/call-intent.ts";
import { ALICE, CLUSTER, SESSION, VIEW } from "../samples.ts";

const TIMES = settings({ clockDifferenceSeconds: 10 });
const EDIT = VIEW.replace("View", "Edit");

const intent = (from: string, owners: CallIntent["owners"]): CallIntent => ({
  sessionName: SESSION,
  clusterArn: CLUSTER,
  principalArn: ALICE,
  calls: [],
  owners,
  from: `2026-11-24T${from}.000Z`,
  until: "2026-11-24T12:00:00.000Z",
});

/** Newest first, as they are read. */
const INTENTS = [
  intent("11:00:00", { [VIEW]: [] }),
  intent("10:00:00", { [VIEW]: ["ns/reports"], [EDIT]: ["ns/own"] }),
];

it("The newest intent that knows of a target says what its owner has there", () => {
  expect(ownersAt(INTENTS, "2026-11-24T11:30:00.000Z", TIMES)).toEqual({
    [VIEW]: [],
    [EDIT]: ["ns/own"],
  });
});

it("Intents that were stored later say nothing of an earlier instant", () => {
  expect(ownersAt(INTENTS, "2026-11-24T10:30:00.000Z", TIMES)).toEqual({
    [VIEW]: ["ns/reports"],
    [EDIT]: ["ns/own"],
  });
  expect(ownersAt(INTENTS, "2026-11-24T09:30:00.000Z", TIMES)).toEqual({});
});
