/** esbuild puts the style sheets that a module imports into the page's. */
declare module "*.css";
