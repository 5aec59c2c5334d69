/** Ways to each failure of `timelatch docs`. */
import { docs } from "../../../cli/commands/docs.ts";
import { fakeTerminal } from "../fake-terminal.ts";

export const DOCS_WAYS: Readonly<Record<string, () => unknown>> = {
  "a page that there is not": () => docs(fakeTerminal().context, "runbok"),
  "a page that nothing is like": () => docs(fakeTerminal().context, "quantum"),
  "a section that there is not": () => docs(fakeTerminal().context, "runbook#restoreatable"),
};
