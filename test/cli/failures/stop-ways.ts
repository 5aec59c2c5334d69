/** Ways to each failure of `timelatch suspend` and `timelatch drain`. */
import { drain, suspend } from "../../../cli/commands/stops.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { apiWithStops, NOBODY } from "../sample-stops.ts";

const terminal = () => fakeTerminal({ api: apiWithStops(NOBODY) }).context;

export const STOP_WAYS: Readonly<Record<string, () => unknown>> = {
  "a suspension without a reason": () => suspend(terminal(), "alice", { yes: true }),
  "a lift with a reason": () =>
    drain(terminal(), { lift: true, yes: true, reason: "it is safe again" }),
};
