/** Policies, kubeconfigs, tables and rights, in worlds that somebody else made. */
import { readFileSync } from "node:fs";
import { addContexts } from "../../../cli/commands/kubeconfig.ts";
import { restore } from "../../../cli/commands/restore.ts";
import { differenceText } from "../../../cli/deployment/iam/difference-text.ts";
import { rightsDifference } from "../../../cli/deployment/iam/rights-difference.ts";
import { templateRights } from "../../../cli/deployment/iam/template-rights.ts";
import type { RestoredTable, TableChange } from "../../../cli/deployment/restored-tables.ts";
import { roleTemplate } from "../../cli/deployment/fake-deployment.ts";
import { fakeTerminal } from "../../cli/fake-terminal.ts";
import { policyFolder, SAMPLE } from "../../cli/policy/policy-folder.ts";
import { failureOf, fileIn, inFolder } from "./folder.ts";

/** `timelatch policy prove` of one claim. @param reach what nobody of the auditors may have */
export async function proved(claim: string): Promise<string> {
  const folder = policyFolder();
  try {
    const sample = folder.write("access.yaml", SAMPLE);
    const file = folder.write("a.test.yaml", `version: 1\nnever:\n${claim}`);
    return (await folder.policy("prove", file, "--against", sample)).out;
  } finally {
    folder.remove();
  }
}

const PROD = {
  context: "timelatch-prod",
  server: "https://prod.example.com",
  certificateAuthority: "Q0E=",
  args: ["token"],
  env: {},
};

/** The context of a cluster, written into a file that somebody else uses. */
export const kubeconfigOf = (text: string): Promise<string> =>
  inFolder(async (folder) => {
    const file = fileIn(folder, "config", text);
    const terminal = fakeTerminal({ columns: Number.POSITIVE_INFINITY, env: { KUBECONFIG: file } });
    return addContexts(terminal.context, [PROD]).then(
      () => {
        const kept = text.split("\n").every((line) => readFileSync(file, "utf8").includes(line));
        return kept ? terminal.out() : "A line of others was lost.";
      },
      (error: unknown) => failureOf(Promise.reject(error)),
    );
  });

const SOURCE: RestoredTable = {
  arn: "arn:source",
  status: "ACTIVE",
  shape: "HASH pk, RANGE sk",
  sourceArn: undefined,
  keys: "HASH pk, RANGE sk",
  indexes: {},
  encryption: "a key that AWS owns",
  deletionProtection: true,
  ttl: "ttl",
  pointInTimeRecovery: true,
  tags: {},
};

/** `timelatch restore` of a ledger. @param change how DynamoDB answers one */
export async function restoring(
  lacks: Partial<RestoredTable>,
  change: (change: TableChange) => void = () => undefined,
): Promise<string> {
  const restored = { ...SOURCE, arn: "arn:restored", sourceArn: "arn:source", ...lacks };
  const tables = {
    read: async (name: string) => (name === "arn:source" ? SOURCE : restored),
    change: async (_: RestoredTable, each: TableChange) => change(each),
  };
  const terminal = fakeTerminal();
  return restore(terminal.context, ".", { table: ["ledger=restored"] }, tables).then(
    () => terminal.out(),
    (error: unknown) => failureOf(Promise.reject(error)),
  );
}

/** An error as DynamoDB answers one of a client's. */
export const refusedByDynamo = (): Error =>
  Object.assign(new Error("No."), { name: "Refused", $metadata: { httpStatusCode: 400 } });

/** `timelatch deploy` about IAM, from one statement of a role to another. */
export function rightsTold(before: object, after: object): string {
  const place = { name: "S", account: "111122223333", region: "us-west-2" };
  const rights = (statement: object) =>
    templateRights(roleTemplate("r", statement), {
      ...place,
      deployRole: undefined,
      lookupRole: undefined,
    });
  return differenceText(
    rightsDifference(rights(before), rights(after)),
    fakeTerminal().context.screen.out,
  );
}
