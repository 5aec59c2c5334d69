/** Ways to each failure of `timelatch suspend` and `timelatch drain`. */
import { drain, suspend } from "../../../cli/commands/stops.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { activated, answerTo, approved, asked } from "../sample-requests.ts";
import { ALICE, apiWithStops, NOBODY } from "../sample-stops.ts";

/** A grant that stays as it is. */
const OPEN = answerTo(activated(approved(asked())));
const stubborn = () =>
  fakeTerminal({
    api: fakeApi(({ method, path }) => {
      if (method === "POST") return ALICE;
      return path === "/v1/grants" ? { requests: [OPEN] } : OPEN;
    }),
  }).context;

const terminal = () => fakeTerminal({ api: apiWithStops(NOBODY) }).context;

export const STOP_WAYS: Readonly<Record<string, () => unknown>> = {
  "a suspension without a reason": () => suspend(terminal(), "alice", { yes: true }),
  "a lift with a reason": () =>
    drain(terminal(), { lift: true, yes: true, reason: "it is safe again" }),
  "a stop whose end no read proves in time": () =>
    suspend(stubborn(), "alice", { reason: "lost laptop", yes: true, wait: true, timeout: "1s" }),
};
