/** Context of the CDK: what a landing zone says of all its apps, such as a qualifier and a permissions boundary. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

type Members = Readonly<Record<string, unknown>>;

/** How the CDK command hands it to an app. */
const VARIABLE = "CDK_CONTEXT_JSON";

/**
 * The variable with the context that the CDK command would hand to the app of a folder. It joins
 * `cdk.json`, `cdk.context.json`, and `.cdk.json` in the home directory. The first that has a key
 * counts. Empty without context. https://docs.aws.amazon.com/cdk/v2/guide/context.html
 *
 * @throws Failure `faulty` for a file that is no JSON
 */
export async function contextVariable(
  folder: string,
  { HOME: home }: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  const context = {
    ...(home ? contextIn(await membersOf(path.join(home, ".cdk.json"))) : {}),
    ...(await membersOf(path.join(folder, "cdk.context.json"))),
    ...contextIn(await membersOf(path.join(folder, "cdk.json"))),
  };
  return Object.keys(context).length === 0 ? {} : { [VARIABLE]: JSON.stringify(context) };
}

const contextIn = ({ context }: Members): Members => (isMembers(context) ? context : {});

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Empty where there is no such file. */
async function membersOf(file: string): Promise<Members> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw unreadable(file, fileErrorWords(error), error);
  });
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch (error) {
    throw unreadable(file, "it is no JSON", error);
  }
}

const unreadable = (file: string, why: string, error: unknown) =>
  new Failure(
    "faulty",
    "context-unread",
    {
      what: `Cannot read ${file}: ${why}.`,
      notDone: "Nothing was synthesized, and nothing was changed in AWS.",
      next: ["Next: correct the file. The CDK command reads it too."],
    },
    { cause: error },
  );
