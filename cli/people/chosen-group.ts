import { Name } from "../../shared/policy-file/file-values.ts";
import type { ChosenGroup } from "../../shared/policy-tools/people-sync/group-names.ts";
import { Failure } from "../failures/failure.ts";

/** `SRE`, or `Payments Leads=payments-leads`. @throws Failure `usage` */
export function parseChosenGroup(text: string): ChosenGroup {
  const at = text.lastIndexOf("=");
  if (at < 0) return { shown: text };
  const [shown, name] = [text.slice(0, at), text.slice(at + 1)];
  if (shown !== "" && Name.safeParse(name).success) return { shown, name };
  throw new Failure("usage", "usage", {
    what: `"${text}" does not say what a group is called.`,
    notDone: "Nothing was written.",
    next: [
      "Next: write --group '<shown>=<name>', with a name of lower-case letters, digits, . _ -",
    ],
  });
}
