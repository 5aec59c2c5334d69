/** How bundles get Node's own modules. */
import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

const NAMESPACE = "builtin";

/**
 * Has a bundle require Node's own modules. To import one as an ES module reads all of its exports. With that Node
 * makes what nobody asked for: `node:http` loads undici, which takes a fifth of a function's load. Lambda's runtime
 * requires it too:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/client/rapid-client.ts
 */
export const BUILTIN_MODULES: Plugin = {
  name: "builtin-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_:/\d]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: NAMESPACE, sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Whether an input of a bundle is a file, and no module of Node's own. */
export const isFile = (input: string): boolean => !input.startsWith(`${NAMESPACE}:`);
