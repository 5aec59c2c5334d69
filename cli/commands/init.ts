import path from "node:path";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { awsIdentity } from "../api/aws-identity.ts";
import { answer, type Context } from "../context.ts";
import { type ReadAccount, readAccountClusters } from "../deployment/account-clusters.ts";
import { answersOf, type QuestionOptions } from "../deployment/answers.ts";
import { type ChosenCluster, chosenClusters } from "../deployment/chosen-clusters.ts";
import { FOLDER_FILES, folderFiles, LIBRARY_FILE } from "../deployment/folder-files.ts";
import { refusePresent, writeNewFiles } from "../deployment/new-files.ts";
import { assumeStatement, needsStatement, nextCommands } from "../deployment/next-steps.ts";
import type { Answers } from "../deployment/questions.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface InitOptions {
  readonly fromAccount?: true;
  /** The package that npm installs as the library. */
  readonly library?: string;
}

/**
 * `timelatch init`: writes the files of a new deployment into a folder. It changes nothing in AWS, and with
 * `--from-account` it reads there.
 *
 * @throws Failure `usage` for answers that are missing or none; `conflict` where a file is there already;
 *   `refused` where AWS refuses to be read; `unwritten`; `interrupted`
 */
export async function init(
  context: Context,
  folder: string,
  { fromAccount, library = `file:${LIBRARY_FILE}`, ...options }: InitOptions,
): Promise<void> {
  // Before anything is asked.
  await refusePresent(folder, FOLDER_FILES);
  const given = options as QuestionOptions;
  const read = fromAccount ? await readAccount(context, given) : undefined;
  const answers = await answersOf(context, given, read ? knownOf(read) : {});
  const clusters = clustersOf(answers, read?.clusters ?? []);
  const files = folderFiles({ answers, clusters, library });
  await writeNewFiles(folder, files);
  const commands = nextCommands(folder, answers, clusters, library);
  const [region = ""] = answers["region"] ?? [];
  const statement = needsStatement(answers) ? assumeStatement(region) : undefined;
  const unlent = withoutAccessEntries(clusters);
  const document = { folder, files: Object.keys(files), next: commands, statement };
  answer(context, { ...document, withoutAccessEntries: unlent }, () =>
    [
      wrapLines(
        `Wrote ${Object.keys(files).join(", ")} into ${visible(path.resolve(folder))}. Nothing was changed in AWS.`,
        context.screen.out.columns,
      ),
      unlent.length > 0 ? `\n\n${unlentText(unlent)}` : "",
      "\n\nNext:\n",
      ...commands.map((command) => `  ${visible(command)}\n`),
      ...(statement ? [statementText(statement)] : []),
    ].join(""),
  );
}

/** Clusters on which nothing can be lent yet, by their names in access.yaml. */
const withoutAccessEntries = (clusters: readonly ChosenCluster[]): readonly string[] =>
  clusters.filter(({ mode }) => mode === "CONFIG_MAP").map(({ name }) => name);

const unlentText = (names: readonly string[]) =>
  `Nothing can be lent yet on ${names.join(", ")}: access.yaml has the command that changes it.`;

const statementText = (statement: object) =>
  `\nWhat people sign in with (a permission set, a role or a user) needs this statement:\n  ${JSON.stringify(statement)}\n`;

async function readAccount({ env }: Context, { region }: QuestionOptions) {
  const named = typeof region === "string" ? region : (await awsIdentity(undefined, env)).region;
  return { ...(await readAccountClusters(named)), region: named };
}

const knownOf = ({ account, region, clusters }: ReadAccount & { readonly region: string }) =>
  ({ account: [account], region: [region], cluster: clusters.map(({ arn }) => arn) }) as Answers;

/** Those that were named, with what EKS says of those that were read. */
function clustersOf(answers: Answers, read: readonly ChosenCluster[]): readonly ChosenCluster[] {
  const [account = ""] = answers["account"] ?? [];
  const [region = ""] = answers["region"] ?? [];
  return chosenClusters(answers["cluster"] ?? [], { account, region }).map((cluster) => ({
    ...read.find(({ arn }) => arn === cluster.arn),
    ...cluster,
  }));
}
