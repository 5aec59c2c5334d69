/** Ways to each failure of `timelatch delegate` and `timelatch delegations`. */
import { delegate } from "../../../cli/commands/delegate.ts";
import { endDelegation } from "../../../cli/commands/delegations.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { aDelegationAnswer, apiWithDelegations } from "../sample-delegations.ts";

const ONE = aDelegationAnswer();
const ALIKE = { ...ONE, id: `${ONE.id.slice(0, -1)}f`, to: "frank" };
const terminal = () =>
  fakeTerminal({ api: apiWithDelegations([ONE, ALIKE]), interactive: true }).context;

export const DELEGATION_WAYS: Readonly<Record<string, () => unknown>> = {
  "an end of a delegation that is no moment": () =>
    delegate(terminal(), { to: "erin", until: "friday" }),
  "a delegation's id that is none": () => endDelegation(terminal(), "ffffffff", {}),
  "an id that two delegations begin with": () => endDelegation(terminal(), ONE.id.slice(0, 8), {}),
};
