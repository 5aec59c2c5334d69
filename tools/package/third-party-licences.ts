/** The licences of the packages that are in a bundle. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

/**
 * Every package that esbuild read, by licence, with the licence's text. Packages of one text share
 * it. A NOTICE is added, as Apache-2.0 asks in 4 (d).
 *
 * @param holder what holds the packages
 * @param inputs the inputs of esbuild's metafile
 * @throws Error where a package has no licence that may be passed on
 */
export function licenceTexts(holder: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
  const packages = [...folders].sort().map(packageAt);
  const byText = Map.groupBy(packages, ({ text }) => text);
  const parts = [...byText].map(([text, those]) => {
    const names = those.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
    return `${names.join("\n")}\n\n${text.trim()}\n`;
  });
  const opening = `${holder} holds code of the packages below, under these licences.\n`;
  return [opening, ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** `node_modules/@aws-sdk/core` of a file in it; undefined for a file of ours. */
const packageFolder = (input: string): string | undefined =>
  /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];

/** Licences that ask for no more than their text. */
const ALLOWED = ["Apache-2.0", "MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD"];

function packageAt(folder: string): Package {
  const at = path.join(ROOT, folder);
  const manifest = JSON.parse(readFileSync(path.join(at, "package.json"), "utf8")) as Manifest;
  const { name, version, license, author } = manifest;
  const licence = license ?? "none";
  if (!ALLOWED.includes(licence))
    throw new Error(
      `The bundle holds ${name}, whose licence is ${licence}. Nothing was packed. Replace it, or add the licence in tools/package/third-party-licences.ts after a lawyer has read it.`,
    );
  const files = readdirSync(at).sort();
  const read = (pattern: RegExp) =>
    files
      .filter((file) => pattern.test(file))
      .map((file) => readFileSync(path.join(at, file), "utf8"));
  const texts = read(/^licen[cs]e/i);
  const holder = (typeof author === "string" ? author : author?.name) ?? `the authors of ${name}`;
  const own = texts.length > 0 ? texts : [commonText(name, licence, holder)];
  return { name, version, licence, text: [...own, ...read(/^notice/i)].join("\n\n") };
}

function commonText(name: string, licence: string, holder: string): string {
  const template = LICENCE_TEMPLATES[licence];
  if (template) return template(holder);
  throw new Error(
    `The bundle holds ${name}, which has no text of its licence (${licence}). Nothing was packed.`,
  );
}

/** https://spdx.org/licenses/MIT.html */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.
`;

/** By SPDX identifier; `holder` is whom the package names as its author. */
const LICENCE_TEMPLATES: Readonly<Record<string, (holder: string) => string>> = {
  // Our own is the same.
  "Apache-2.0": () => readFileSync(path.join(ROOT, "LICENSE"), "utf8"),
  MIT: (holder) => `MIT License\n\nCopyright (c) ${holder}\n\n${MIT}`,
  "MIT-0": () =>
    "MIT No Attribution, whose text need not be passed on: https://spdx.org/licenses/MIT-0.html",
};
