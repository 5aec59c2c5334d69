/** Leaves out of a bundle what our sources never call of the AWS SDK. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "../..");
const requireFrom = createRequire(import.meta.url);

/** The modules that the command is made of. */
const SOURCES = "{cli,shared}/**/*.ts";

/** Every word of the sources. A word in a comment or a text keeps too much, which does no harm. */
export const wordsOf = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));

const sourceTexts = () =>
  globSync(SOURCES, { cwd: ROOT }).map((file) => readFileSync(path.join(ROOT, file), "utf8"));

/**
 * The module of a whole service, such as `new SSM()`, with only the methods that somebody names.
 *
 * @param text the package's own `dist-es/SSM.js`
 */
export const withCalledMethods = (text: string, words: ReadonlySet<string>): string =>
  text.replace(/^const (?:commands|paginators|waiters) = \{\n[^}]*\};/gm, (table) =>
    table.replace(/^ {4}(\w+),\n/gm, (line, name: string) =>
      words.has(methodOf(name)) ? line : "",
    ),
  );

/**
 * A service's schemas with only the errors that somebody names. The SDK answers any other as an error of the service,
 * with its name and message, as it does for errors that are newer than itself.
 */
export const withNamedErrors = (text: string, words: ReadonlySet<string>): string =>
  text.replace(/^n0_registry\.registerError\((\w+)\$, \1\);\n/gm, (line, name: string) =>
    words.has(name) ? line : "",
  );

/** The SDK's own rule: `GetParameterCommand` becomes `getParameter`, and a paginator keeps its name. */
const methodOf = (name: string) =>
  name.endsWith("Command")
    ? name.replace(/Command$/, "").replace(/^[A-Z]/, (first) => first.toLowerCase())
    : name;

const INDEX =
  /[\\/](@aws-sdk[\\/](?:client-[\w-]+|credential-providers))[\\/]dist-es[\\/]index\.js$/;
const SCHEMAS = /[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/;
const SERVICE = /[\\/]dist-es[\\/][A-Z]\w*\.js$/;

/**
 * esbuild keeps the whole of every module that is loaded late. So each package of the SDK is bundled by itself
 * first, with the exports that our sources name; in that bundle esbuild leaves out the rest.
 */
export function calledSdk(): Plugin {
  const words = wordsOf(sourceTexts());
  return {
    name: "called-sdk",
    setup({ onLoad }) {
      onLoad({ filter: INDEX }, async ({ path: file }) => ({
        contents: await calledOf(file, words),
        loader: "js",
        resolveDir: path.dirname(file),
      }));
    },
  };
}

/** The package whose index this is, as one module that imports nothing but other packages. */
async function calledOf(index: string, words: ReadonlySet<string>): Promise<string> {
  const [, name = ""] = INDEX.exec(index) ?? [];
  const exported = Object.keys(requireFrom(name)).filter((each) => words.has(each));
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${exported.join(", ")} } from ${JSON.stringify(index)};`,
      resolveDir: path.dirname(index),
    },
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    plugins: [calledMethods(words)],
  });
  return outputFiles[0]?.text ?? "";
}

const calledMethods = (words: ReadonlySet<string>): Plugin => ({
  name: "called-methods",
  setup({ onLoad }) {
    onLoad({ filter: SERVICE }, ({ path: file }) => ({
      contents: withCalledMethods(readFileSync(file, "utf8"), words),
      loader: "js",
    }));
    onLoad({ filter: SCHEMAS }, ({ path: file }) => ({
      contents: withNamedErrors(readFileSync(file, "utf8"), words),
      loader: "js",
    }));
  },
});
