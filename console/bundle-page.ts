/** The page of `timelatch console` as the files that its server sends. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "..");

/** A file as it is sent. */
interface BundledFile {
  readonly type: string;
  readonly content: Uint8Array;
}

const PATHS = [
  "/",
  "/console.js",
  "/console.css",
  "/icon.svg",
  "/font-0.woff2",
  "/font-1.woff2",
] as const;

/** By their address. */
export type BundledPage = Readonly<Record<(typeof PATHS)[number], BundledFile>>;

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** @throws Error where a source does not compile */
export const bundlePage = async (): Promise<BundledPage> => (await bundleWithInputs()).page;

/** Names the files that went into it, too, for their licences. @throws Error as {@link bundlePage} */
export async function bundleWithInputs() {
  const fonts: Buffer[] = [];
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { console: "console/main.tsx" },
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    mainFields: ["module", "main"],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    external: ["/font-*.woff2"],
    plugins: [fontsAsFiles(fonts), withoutNode],
  });
  const made = new Map(outputFiles.map((file) => [`/${path.basename(file.path)}`, file.contents]));
  const contentOf = (address: (typeof PATHS)[number]): Uint8Array | undefined => {
    const [, font] = /^\/font-(\d)/.exec(address) ?? [];
    if (font !== undefined) return fonts[Number(font)];
    if (address === "/icon.svg") return readFileSync(path.join(import.meta.dirname, "icon.svg"));
    if (address === "/") return readFileSync(path.join(import.meta.dirname, "page.html"));
    return made.get(address);
  };
  const files = PATHS.map((address) => {
    const content = contentOf(address);
    if (!content) throw new Error(`The bundle of the page has no ${address}. Nothing was packed.`);
    return [address, { type: TYPES[path.extname(address)] ?? "text/html; charset=utf-8", content }];
  });
  const held = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return {
    page: Object.fromEntries(files) as BundledPage,
    inputs: held.flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
  };
}

/** Cloudscape's style sheet brings its fonts as `data:` addresses, which the page's policy refuses. */
const fontsAsFiles = (fonts: Buffer[]): Plugin => ({
  name: "fonts-as-files",
  setup({ onLoad }) {
    onLoad({ filter: /global-styles[\\/]index\.css$/ }, ({ path: file }) => {
      const upright = readFileSync(file, "utf8").replace(/@font-face *\{[^}]*\}/g, (face) =>
        // The page writes nothing in italics, and in no other weight.
        /font-style: *italic/.test(face) || !/font-weight: *[47]00/.test(face) ? "" : face,
      );
      const contents = upright.replace(
        /url\(["']data:font\/woff2;base64,([^"')]+)["']\)/g,
        (_all, text: string) => `url("/font-${fonts.push(Buffer.from(text, "base64")) - 1}.woff2")`,
      );
      return { contents, loader: "css" };
    });
  },
});

/**
 * Modules of the product that the page shares import some of Node.js for what the page does not call. Without
 * side effects, esbuild leaves those imports out; one that stays fails the page's tests at its start.
 */
const withoutNode: Plugin = {
  name: "without-node",
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path: name }) => ({
      path: name,
      external: true,
      sideEffects: false,
    }));
  },
};
