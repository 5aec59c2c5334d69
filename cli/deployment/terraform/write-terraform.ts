/** Writes what the Terraform module deploys: templates, zipped code, and the manifest. */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import packageManifest from "../../../package.json" with { type: "json" };
import { visible } from "../../../shared/domain/values/visible-text.ts";
import { Failure } from "../../failures/failure.ts";
import { fileErrorWords } from "../../failures/file-error.ts";
import type { AssemblyStack } from "../assembly.ts";
import { type StackAsset, type StackDetails, stackDetails } from "./asset-files.ts";
import { type MovedAsset, plainTemplate } from "./plain-template.ts";
import { sha256Of } from "./policy-files.ts";
import { storedZip } from "./stored-zip.ts";
import {
  capabilitiesOf,
  MANIFEST_FILE,
  namedStacks,
  type PolicyFile,
  type TerraformKind,
  type TerraformManifest,
  type TerraformObject,
  type TerraformStack,
  terraformKind,
} from "./terraform-manifest.ts";

/** The input of the folder. */
export interface ForTerraform {
  /** The folder that is written, from the working directory. Files of an earlier time there go. */
  readonly out: string;
  /** `cdk.out`, from the working directory. */
  readonly assembly: string;
  readonly stacks: readonly AssemblyStack[];
  readonly deployment: string;
  /** With places from the working directory. */
  readonly policy: readonly PolicyFile[];
}

/**
 * The manifest is written last, so that a folder without one is not whole.
 *
 * @throws Failure `faulty` for stacks that the module does not have; `unwritten`
 */
export async function writeTerraform(given: ForTerraform): Promise<TerraformManifest> {
  const { out, assembly, stacks, deployment, policy } = given;
  const details = stackDetails(assembly);
  const known = knownStacks(stacks, deployment, details);
  try {
    await clearFolder(out);
    const parts = [];
    for (const one of known) parts.push(await writeStack(given, one));
    const objects = parts.flatMap((part) => part.objects);
    const manifest: TerraformManifest = {
      version: 1,
      release: packageManifest.version,
      deployment,
      hub: known.find(({ kind }) => kind === "broker")?.stack.account ?? "",
      policy: policy.map(({ file, sha256 }) => ({ file: path.relative(out, file), sha256 })),
      objects: [...new Map(objects.map((one) => [placeOf(one), one])).values()],
      stacks: parts.map((part) => part.stack),
    };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(path.join(out, MANIFEST_FILE), text);
    return manifest;
  } catch (error) {
    throw error instanceof Failure ? error : notWritten(out, error);
  }
}

/** Two stacks may have the same code or template. */
const placeOf = ({ account, region, key }: TerraformObject) => [account, region, key].join();

interface KnownStack {
  readonly stack: AssemblyStack;
  readonly kind: TerraformKind;
  readonly details: StackDetails;
}

/** @throws Failure `faulty` with a line for each stack that the module cannot deploy */
function knownStacks(
  stacks: readonly AssemblyStack[],
  deployment: string,
  details: ReadonlyMap<string, StackDetails>,
): readonly KnownStack[] {
  const findings: string[] = [];
  const known = stacks.flatMap((stack) => {
    const kind = terraformKind(stack, deployment);
    const own = details.get(stack.name);
    if (kind === undefined) findings.push(`${stack.name} is no stack of ${deployment}`);
    if (own?.hasImages) findings.push(`${stack.name} has images of containers`);
    return kind && own ? [{ stack, kind, details: own }] : [];
  });
  if (findings.length > 0) throw notOurs(findings);
  return known;
}

/** Deletes what an earlier call wrote. @throws Failure `unwritten` where somebody else's files are there */
async function clearFolder(out: string): Promise<void> {
  const there = (await lstat(out).catch(() => undefined)) ? await readdir(out) : [];
  const isOurs = there.every((name) => [MANIFEST_FILE, ...FOLDERS].includes(name));
  if (!isOurs) throw notWritten(out, "it has files that this command did not write");
  await rm(path.join(out, MANIFEST_FILE), { force: true });
  for (const folder of FOLDERS) {
    await rm(path.join(out, folder), { recursive: true, force: true });
    await mkdir(path.join(out, folder), { recursive: true });
  }
}

const FOLDERS = ["assets", "templates"] as const;

async function writeStack(
  { out, stacks, deployment }: ForTerraform,
  { stack, kind, details }: KnownStack,
): Promise<{ readonly stack: TerraformStack; readonly objects: readonly TerraformObject[] }> {
  const { name, account, region } = stack;
  const objectOf = (written: WrittenFile): TerraformObject => ({
    account,
    region,
    key: `${deployment}/${path.basename(written.file)}`,
    ...written,
  });
  const moved: (MovedAsset & { readonly object: TerraformObject })[] = [];
  for (const asset of details.assets) {
    const object = objectOf(await putAsset(out, asset));
    moved.push({ ...asset, newKey: object.key, object });
  }
  const { text, ...facts } = plainTemplate(stack.template, moved);
  const template = objectOf(await putFile(out, "templates", Buffer.from(text), ".json"));
  return {
    stack: {
      name,
      kind,
      account,
      region,
      after: namedStacks(stack, details, stacks),
      template: template.key,
      capabilities: capabilitiesOf(stack),
      ...facts,
    },
    objects: [...moved.map(({ object }) => object), template],
  };
}

type WrittenFile = Pick<TerraformObject, "file" | "sha256">;

/** The code of a function: everything in its folder. */
async function putAsset(out: string, { source, isFolder }: StackAsset): Promise<WrittenFile> {
  if (!isFolder) return putFile(out, "assets", await readFile(source), path.extname(source));
  const found = await readdir(source, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    found
      .filter((one) => one.isFile())
      .map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        const zipped = path.relative(source, file).split(path.sep).join("/");
        return { name: zipped, content: await readFile(file) };
      }),
  );
  return putFile(out, "assets", storedZip(files), ".zip");
}

/** Its name is its hash. */
async function putFile(
  out: string,
  folder: (typeof FOLDERS)[number],
  bytes: Buffer,
  ending: string,
): Promise<WrittenFile> {
  const sha256 = sha256Of(bytes);
  const file = `${folder}/${sha256}${ending}`;
  await writeFile(path.join(out, file), bytes);
  return { file, sha256 };
}

const notOurs = (findings: readonly string[]) =>
  new Failure("faulty", "not-for-terraform", {
    what: "The app has what the Terraform module cannot deploy.",
    notDone: "Nothing was written for Terraform, and nothing was changed in AWS.",
    findings,
    next: ["Next: take it out of the app, and deploy it by itself."],
  });

const notWritten = (out: string, error: unknown) =>
  new Failure(
    "unwritten",
    "terraform-unwritten",
    {
      what: `Cannot write ${visible(out)}: ${fileErrorWords(error)}.`,
      notDone: "Nothing was changed in AWS.",
      next: ["Next: name a new folder that you may write to: --out <folder>"],
    },
    { cause: error },
  );
