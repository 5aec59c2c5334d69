/** HashiCorp's own parser of HCL, as WebAssembly. */
import { createRequire } from "node:module";

/** A node of an expression's tree, as far as it is read here. */
export interface Node {
  readonly type: string;
  readonly children: readonly Node[];
  readonly range: { readonly start: { readonly byte: number } };
  readonly meta?: {
    readonly value: string;
    readonly type?: string;
    readonly name?: string;
    readonly operator?: string;
    readonly keyVar?: string;
    readonly valVar?: string;
    readonly openRangeValue?: string;
    readonly conditionalExpression?: string;
    readonly expandedFinalArgument?: boolean;
    readonly traversal?: readonly { readonly segment: string }[];
  };
}

interface Parser {
  /** Blocks as JSON. @throws Error with line and column */
  parse(file: string, text: string): Promise<Record<string, unknown>>;
  getExpressionAst(file: string, text: string): Promise<Node>;
}

// Its own types bring those of a browser along, for all files of a compilation.
const require = createRequire(import.meta.url);
export const { parse, getExpressionAst } = require("@cdktn/hcl2json/build/index.js") as Parser;
