/** Ways to each failure of the commands that deploy. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type InitOptions, init } from "../../../cli/commands/init.ts";
import { readAccountClusters } from "../../../cli/deployment/account-clusters.ts";
import { chosenClusters } from "../../../cli/deployment/chosen-clusters.ts";
import { writeNewFiles } from "../../../cli/deployment/new-files.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const PLACE = { account: "111122223333", region: "us-west-2" };
const TWIN = "arn:aws:eks:us-west-2:444455556666:cluster/prod";

/** @param folderOf a folder for files, from the beginning of the tests on */
export function deploymentWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  const place = (name: string) => path.relative(process.cwd(), path.join(folderOf(), name));
  const initIn = (name: string, options: InitOptions = {}) =>
    init(fakeTerminal().context, place(name), options);
  return {
    "a new deployment in a folder that has one": () => {
      mkdirSync(place("deployed"), { recursive: true });
      writeFileSync(path.join(place("deployed"), "access.yaml"), "");
      return initIn("deployed");
    },
    "a new deployment without its flags": () =>
      initIn("new", { ...PLACE, signIn: "oidc" } as InitOptions),
    "a new deployment with a flag that is none": () =>
      initIn("new", { account: "1111" } as InitOptions),
    "two clusters of one name": () => chosenClusters(["prod", TWIN], PLACE),
    "a folder that cannot be written into": () =>
      writeNewFiles("/dev/null/new", { "access.yaml": "" }),
    "an account that cannot be read": async () => {
      process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
      process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
      process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
      try {
        return await readAccountClusters("us-west-2");
      } finally {
        for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
          delete process.env[name];
      }
    },
  };
}
