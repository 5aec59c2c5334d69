/** The files of a working directory, from which a deployment is synthesized and deployed. */
import manifest from "../../package.json" with { type: "json" };
import { accessText, expectationsText } from "./access-text.ts";
import type { ChosenCluster } from "./chosen-clusters.ts";
import { firstPersonText } from "./first-person.ts";
import type { Answers } from "./questions.ts";

export const CONFIG_FILE = "timelatch.config.yaml";
export const APP_FILE = "app.mjs";

/**
 * The CDK command reads an assembly of its own time and older. 2.1145.0 is the first that reads that of the
 * library's aws-cdk-lib. https://docs.aws.amazon.com/cdk/v2/guide/versioning.html
 */
const CDK_COMMAND = "2.1148.1";

/** Where the library comes from by default: the file that was packed, in the folder itself. */
export const LIBRARY_FILE = `timelatch-cdk-${manifest.version}.tgz`;

interface Folder {
  readonly answers: Answers;
  readonly clusters: readonly ChosenCluster[];
  /** The package that npm installs as `@timelatch/cdk`: a file, or a version of an own registry. */
  readonly library: string;
}

/** Names of the files, in the order in which somebody should read them. */
export const FOLDER_FILES = [
  "access.yaml",
  "people.yaml",
  "access.test.yaml",
  CONFIG_FILE,
  "package.json",
  APP_FILE,
  "cdk.json",
  ".gitignore",
] as const;

/** Texts by the names of the files. */
export const folderFiles = ({
  answers,
  clusters,
  library,
}: Folder): Readonly<Record<(typeof FOLDER_FILES)[number], string>> => ({
  "access.yaml": accessText(answers, clusters),
  "people.yaml": firstPersonText(answers),
  "access.test.yaml": expectationsText(answers, clusters),
  [CONFIG_FILE]: configText(answers),
  "package.json": packageText(library),
  [APP_FILE]: APP,
  "cdk.json": `${JSON.stringify({ app: `node ${APP_FILE}` }, null, 2)}\n`,
  ".gitignore": "node_modules/\ncdk.out/\n",
});

function configText(answers: Answers): string {
  const [account = ""] = answers["account"] ?? [];
  const [region = ""] = answers["region"] ?? [];
  const [concurrency] = answers["lambda-concurrency"] ?? [];
  return `# Where the broker is deployed. \`timelatch synth\`, \`deploy\` and \`destroy\` read it.
version: 1
account: ${JSON.stringify(account)}
region: ${region}
# ARNs of SNS topics of the region, which every alarm notifies. Those of other accounts and regions with clusters hear of
# fuses that could not fire there.
alarmTopics: []
${concurrency === undefined ? "" : `# aws lambda get-account-settings --query AccountLimit.UnreservedConcurrentExecutions\nlambdaConcurrency: ${concurrency}\n`}`;
}

const packageText = (library: string): string => {
  const { "aws-cdk-lib": lib, "cdk-nag": nag, constructs } = manifest.devDependencies;
  return `${JSON.stringify(
    {
      name: "timelatch-deployment",
      private: true,
      type: "module",
      dependencies: {
        "@timelatch/cdk": library,
        "aws-cdk": CDK_COMMAND,
        "aws-cdk-lib": lib,
        "cdk-nag": nag,
        constructs,
      },
    },
    null,
    2,
  )}\n`;
};

const APP = `// The stacks of this deployment. \`timelatch synth\` runs it, and so does the CDK command.
import { readDeployment, Timelatch } from "@timelatch/cdk";
import { App } from "aws-cdk-lib";

const app = new App();
new Timelatch(app, readDeployment("${CONFIG_FILE}"));
app.synth();
`;
