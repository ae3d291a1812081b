/** What function-names.ts exports, imported by the bundler: computed when the package is built. */
declare module '*/function-names.ts?value' {
  const names: readonly string[];
  export default names;
}
