/** `node copy-file.ts FROM TO`: one command that every shell that CDK bundles under understands alike. */
import { copyFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
if (!from || !to) throw new Error("copy-file.ts takes two paths: what to copy, and where to.");
copyFileSync(from, to);
