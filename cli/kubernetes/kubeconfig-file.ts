/** Reads and writes kubeconfig files, and leaves everything alone that is not Timelatch's. */
import { chmod, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** One cluster as kubectl finds it. Its parts all have the context's name. */
export interface KubeContext {
  readonly context: string;
  /** `https://…` */
  readonly server: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** Arguments of `timelatch`, which prints the token. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The file that kubectl writes to: the first of `KUBECONFIG`, or `~/.kube/config`.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function kubeconfigPath(env: Environment): string {
  const [first] = (env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  return first ?? path.join(env["HOME"] || homedir(), ".kube", "config");
}

/** Adds the contexts to the file, or replaces those of the same names. @throws Failure */
export async function writeContexts(file: string, contexts: readonly KubeContext[]): Promise<void> {
  const text = withContexts(await textOf(file), contexts, file);
  try {
    // A link stays a link: what it points at is replaced.
    const real = await realpath(file).catch(() => file);
    const mode = await stat(real).then(
      (found) => found.mode & 0o777,
      () => 0o600,
    );
    const draft = `${real}.${process.pid}`;
    await mkdir(path.dirname(real), { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600, flag: "wx" });
    await chmod(draft, mode);
    await rename(draft, real);
  } catch (error) {
    throw unusable(file, `it cannot be written: ${fileErrorWords(error)}`);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw unusable(file, fileErrorWords(error));
  }
}

/**
 * The text of a kubeconfig with the contexts in it. Comments, order and everybody else's contexts
 * stay. So does the current context, even if it is missing: kubectl by itself reaches no other
 * cluster than before. Pure.
 *
 * @param file for failures
 */
export function withContexts(text: string, contexts: readonly KubeContext[], file: string): string {
  const document = parsed(text, file);
  if (document.contents !== null && !isMap(document.contents))
    throw unusable(file, "it is no kubeconfig");
  if (document.contents === null)
    document.contents = document.createNode({ apiVersion: "v1", kind: "Config" }) as never;
  for (const context of contexts)
    for (const [list, entry] of Object.entries(entriesOf(context)))
      replace(document, list, entry, file);
  return document.toString({ lineWidth: 0 });
}

/** The contexts of a kubeconfig that ask `timelatch` for a token, with its variables. @throws Failure */
export function timelatchContexts(
  text: string,
  file: string,
): readonly Pick<KubeContext, "context" | "env">[] {
  const document = parsed(text, file);
  const { contexts = [], users = [] } = (document.toJS() ?? {}) as Partial<KubeFile>;
  return contexts.flatMap(({ name, context }) => {
    const exec = users.find((user) => user.name === context?.user)?.user?.exec;
    if (exec?.command !== "timelatch") return [];
    const env = (exec.env ?? []).map((one): [string, string] => [one.name, one.value]);
    return [{ context: name, env: Object.fromEntries(env) }];
  });
}

/** The parts of a kubeconfig that are read. Others may have written it. */
interface KubeFile {
  readonly contexts: readonly { readonly name: string; readonly context?: { user?: string } }[];
  readonly users: readonly {
    readonly name: string;
    readonly user?: {
      readonly exec?: {
        readonly command?: string;
        readonly env?: readonly { readonly name: string; readonly value: string }[];
      };
    };
  }[];
}

/** @throws Failure for what is no YAML */
function parsed(text: string, file: string): Document.Parsed {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw unusable(file, broken.message.split("\n")[0] ?? "it is no YAML");
  return document;
}

type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

const entriesOf = (one: KubeContext): Readonly<Record<string, Entry>> => ({
  clusters: {
    name: one.context,
    cluster: { server: one.server, "certificate-authority-data": one.certificateAuthority },
  },
  contexts: { name: one.context, context: { cluster: one.context, user: one.context } },
  users: {
    name: one.context,
    user: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "timelatch",
        args: one.args,
        env: Object.entries(one.env).map(([name, value]) => ({ name, value })),
        installHint: "kubectl asks timelatch for a token and did not find it on the PATH.",
        interactiveMode: "IfAvailable",
        provideClusterInfo: false,
      },
    },
  },
});

/** A context that somebody edited keeps what is theirs, such as its namespace. */
function replace(document: Document, list: string, entry: Entry, file: string): void {
  const found = document.get(list);
  if (found === undefined || found === null) {
    document.set(list, document.createNode([entry]));
    return;
  }
  if (!isSeq(found)) throw unusable(file, `its ${list} are no list`);
  const before = (found as YAMLSeq).items.find(
    (item): item is YAMLMap => isMap(item) && item.get("name") === entry.name,
  );
  if (!before) {
    found.add(document.createNode(entry));
    return;
  }
  const [inner = ""] = Object.keys(entry).filter((key) => key !== "name");
  const values = entry[inner] as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(values)) before.setIn([inner, key], value);
}

const unusable = (file: string, why: string) =>
  new Failure("usage", "kubeconfig-unusable", {
    what: `Cannot use the kubeconfig ${file}: ${why.replace(/\.?\s*$/, "")}.`,
    notDone: "Nothing was changed.",
    next: ["Next: correct it, or set KUBECONFIG to another file.", "See it: --print"],
  });
