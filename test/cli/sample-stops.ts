/** The API's answer about stopped people, and an API that gives it. */
import type { StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { fakeApi } from "./fake-terminal.ts";

export const STOP = {
  by: "carol",
  at: "2026-11-24T10:00:00.000Z",
  reason: "her laptop was stolen on the way to the office, and nobody knows by whom",
  liftedBy: ["heidi"],
} as const;

export const NOBODY: StopsAnswer = { suspended: [], drain: null };
export const ALICE: StopsAnswer = {
  suspended: [{ person: "alice", ...STOP }],
  drain: null,
  remaining: { grants: 2, people: 1 },
};
export const EVERYONE: StopsAnswer = {
  suspended: [],
  drain: STOP,
  remaining: { grants: 1, people: 1 },
};

/** An API that answers every call with who is stopped. */
export const apiWithStops = (stops: StopsAnswer) => fakeApi(() => stops);
