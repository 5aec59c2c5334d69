/** The `timelatch` command as two files that need no other. */
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { type BuildOptions, build, type Plugin, transform } from "esbuild";
import { type PageTexts, pageTexts } from "../../cli/docs/page-texts.ts";
import { INDEX_BYTES } from "../../cli/packed/parts.ts";
import { type BundledPage, bundleWithInputs } from "../../console/bundle-page.ts";
import { calledSdk } from "./called-sdk.ts";
import { readyAnswers } from "./ready-answers.ts";
import { licenceTexts } from "./third-party-licences.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** The oldest Node.js that the packed command was played under. */
export const OLDEST_NODE = [22, 13] as const;

/**
 * Refuses an older Node.js in one line, before the bundle calls what that one lacks. It is written
 * in what every Node.js can read.
 */
export const NODE_CHECK = `(function () {
  var is = process.versions.node.split(".").map(Number);
  if (is[0] > ${OLDEST_NODE[0]} || (is[0] === ${OLDEST_NODE[0]} && is[1] >= ${OLDEST_NODE[1]})) return;
  process.stderr.write("timelatch: it needs Node.js ${OLDEST_NODE.join(".")} or newer; this is " + process.version + ". Nothing was started.\\n  Next: install a newer one: https://nodejs.org\\n");
  process.exit(1);
})();`;

export interface CliBundle {
  /** The program that people start. Its first line has a shell run it by Node.js. */
  readonly start: string;
  /** The file that `start` loads from, as `Parts` reads it. */
  readonly parts: Buffer;
  /** The licences of everything in both that is not ours. */
  readonly licences: string;
}

/** Both files hold CommonJS, since that is what a single executable holds. */
export async function bundleCli(): Promise<CliBundle> {
  const start = await bundled({
    entryPoints: ["cli/packed/start.ts"],
    format: "cjs",
    banner: { js: `#!/usr/bin/env node\n${NODE_CHECK}` },
  });
  const { page, inputs } = await bundleWithInputs();
  const program = await bundled({
    entryPoints: ["cli/main.ts", "cli/packed/plugin.ts"],
    // Only modules of ECMAScript are split. Each part becomes CommonJS afterwards.
    format: "esm",
    splitting: true,
    chunkNames: "[hash]",
    plugins: [withPage(page), withTexts(pageTexts()), WITHOUT_AJV, WITHOUT_BOWSER, calledSdk()],
  });
  const code = await Promise.all(
    [...program.files].map(async ([name, text]) => [name, await asCommonJs(text)] as const),
  );
  const [first] = start.files.values();
  if (first === undefined) throw new Error("esbuild wrote no file. Nothing was packed.");
  const held = [...start.inputs, ...program.inputs, ...inputs];
  return {
    start: first,
    parts: partsFile([...code, ...(await readyAnswers())]),
    licences: licenceTexts("timelatch", held),
  };
}

/** An older Node.js has to be able to read the files, to refuse them. */
const READABLE = {
  platform: "node",
  target: "node20",
  minify: true,
  legalComments: "none",
} as const;

/** The files that esbuild writes, by name, and all that it read. */
async function bundled(options: BuildOptions) {
  const { outputFiles = [], metafile } = await build({
    ...READABLE,
    absWorkingDir: ROOT,
    outdir: "dist",
    entryNames: "[name]",
    write: false,
    bundle: true,
    metafile: true,
    // ES modules first, of which esbuild leaves out what nothing uses.
    mainFields: ["module", "main"],
    ...options,
  });
  return {
    files: new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text])),
    inputs: Object.keys(metafile?.inputs ?? {}),
  };
}

/** `import()` becomes `require`, which the file of parts answers. */
async function asCommonJs(text: string): Promise<string> {
  const supported = { "dynamic-import": false };
  return (await transform(text, { ...READABLE, format: "cjs", supported })).code;
}

/** The form that `Parts` reads: an index in JSON on a line, and the parts behind it. */
function partsFile(parts: readonly (readonly [string, string])[]): Buffer {
  const contents = parts.map(([name, text]) => [name, Buffer.from(text)] as const);
  const index: Record<string, readonly [number, number]> = {};
  let at = 0;
  for (const [name, { length }] of contents) {
    index[name] = [at, length];
    at += length;
  }
  const line = Buffer.from(`${JSON.stringify(index)}\n`, "latin1");
  if (line.length > INDEX_BYTES)
    throw new Error("The index of parts is too long. Nothing was packed.");
  return Buffer.concat([line, ...contents.map(([, content]) => content)]);
}

/** Puts the console's page in the place of the module that would bundle it from sources. */
const withPage = (page: BundledPage): Plugin => ({
  name: "with-page",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]cli[\\/]console[\\/]page-files\.ts$/ }, () => ({
      contents: moduleOf(page),
      loader: "js",
    }));
  },
});

/** Puts the texts of `timelatch docs` in the place of the module that would read them from a checkout. */
const withTexts = (texts: PageTexts): Plugin => ({
  name: "with-texts",
  setup({ onLoad }) {
    const packed = compressed(Buffer.from(JSON.stringify(texts)));
    onLoad({ filter: /[\\/]cli[\\/]docs[\\/]page-texts\.ts$/ }, () => ({
      contents: `import { brotliDecompressSync } from "node:zlib";
export const pageTexts = () => JSON.parse(brotliDecompressSync(Buffer.from("${packed}", "base64")));`,
      loader: "js",
    }));
  },
});

/**
 * Leaves out the validator of the Model Context Protocol's library, 157 kB that nothing here calls:
 * cli/mcp/mcp-server.ts gives its own.
 */
const WITHOUT_AJV: Plugin = {
  name: "without-ajv",
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]@modelcontextprotocol[\\/]server[\\/].*[\\/]ajvProvider-[^\\/]+\.mjs$/ },
      () => ({
        contents: "export const n = undefined, r = undefined, t = undefined;",
        loader: "js",
      }),
    );
  },
};

/** Leaves out what the SDK reads a browser's name with, 34 kB: the command runs in no browser. */
const WITHOUT_BOWSER: Plugin = {
  name: "without-bowser",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]bowser[\\/][^\\/]+\.m?js$/ }, () => ({
      contents: "export default undefined;",
      loader: "js",
    }));
  },
};

/** Ten of eleven: it takes a second more than nine, for 33 kB. The last takes two more, for 5 kB. */
const QUALITY = 10;

/** Compressed, in Base64. */
const compressed = (content: Buffer): string =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  }).toString("base64");

/** A module with the files one after the other, compressed as one, in Base64. */
function moduleOf(page: BundledPage): string {
  const files = Object.entries(page);
  const whole = Buffer.concat(files.map(([, { content }]) => content));
  const packed = compressed(whole);
  const index = files.map(([address, { type, content }]) => [address, type, content.length]);
  return `import { brotliDecompressSync } from "node:zlib";
const packed = "${packed}";
export async function pageFiles() {
  const whole = brotliDecompressSync(Buffer.from(packed, "base64"));
  let at = 0;
  return Object.fromEntries(
    ${JSON.stringify(index)}.map(([address, type, length]) => {
      at += length;
      return [address, { type, content: whole.subarray(at - length, at) }];
    }),
  );
}`;
}
