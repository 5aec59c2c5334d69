import { Failure } from "../failures/failure.ts";

/** `access.test.yaml` is about the `access.yaml` beside it. @throws Failure `usage` */
export function policyBeside(file: string): string {
  const beside = file.replace(/\.test(\.ya?ml)$/, "$1");
  if (beside !== file) return beside;
  throw new Failure("usage", "usage", {
    what: `${file} does not say by its name which policy it is about.`,
    notDone: "Nothing was done.",
    next: ["Next: call it <policy>.test.yaml, or name the policy: --against access.yaml."],
  });
}
