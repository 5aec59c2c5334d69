/** Ways to each failure of `timelatch findings`. */
import { acknowledgeFinding, listFindings, showFinding } from "../../../cli/commands/findings.ts";
import { reach } from "../../../cli/commands/reach.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { apiWith, found } from "../sample-findings.ts";

const ONE = found();
const ALIKE = { ...ONE, findingId: `${ONE.findingId.slice(0, 8)}${"0".repeat(24)}` };

const terminal = () => fakeTerminal({ api: apiWith([ONE, ALIKE]) }).context;

export const FINDING_WAYS: Readonly<Record<string, () => unknown>> = {
  "an instant of a reach that is none": () => reach(terminal(), { at: "friday" }),
  "an instant of a reach to come": () => reach(terminal(), { at: "2026-11-24T12:00Z" }),
  "a moment of findings that is none": () => listFindings(terminal(), { from: "friday" }),
  "an end of findings before the start": () =>
    listFindings(terminal(), { from: "2026-11-02", to: "2026-11-01" }),
  "a finding's id that is none": () => showFinding(terminal(), "0".repeat(32), {}),
  "an id that two findings begin with": () =>
    showFinding(terminal(), ONE.findingId.slice(0, 8), {}),
  "an acknowledgement that nobody confirmed": () =>
    acknowledgeFinding(terminal(), ONE.findingId, { note: "Planned" }),
  "an acknowledgement without a note": () =>
    acknowledgeFinding(terminal(), ONE.findingId, { yes: true }),
};
