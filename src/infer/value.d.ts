/** What functions.ts and common-functions.ts export, imported by the bundler: computed when the package is built. */
declare module '*functions.ts?value' {
  const table: import('./functions.js').FunctionTable;
  export default table;
}
